/** The pages that people see, and the forms on them. Whoever opens them is nobody: each form says who acts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { html } from '#base/html';
import type { Language } from '#base/i18n/message';
import { ApiError } from '#demo/github/api-error';
import type { Account, Repository } from '#demo/github/state';
import type { GitHubStore } from '#demo/github/store';
import { readForm } from '#demo/read-form';
import { act } from './act.ts';
import { blobPage, commitPage, comparePage, runPage, treePage } from './code-pages.ts';
import { frame, issuePath, type PageAnswer, type PageContext, pageContext, pageHeaders } from './frame.ts';
import { installOn, installPage } from './install-page.ts';
import { issuePage } from './issue-page.ts';
import { accountPage, homePage, repositoryPage } from './lists.ts';
import { newFilePage, proposeFile } from './new-file-page.ts';

/** Answers a page or a form; false when there is none at this address. */
export async function servePage(
  store: GitHubStore,
  language: Language,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  const context = pageContext(store, language);
  const answer = await answerFor(context, request, url);
  if (answer === undefined) return false;
  const { status, text, location, refresh } = answer;
  response.writeHead(status, {
    ...pageHeaders,
    ...(text === undefined ? {} : { 'content-type': 'text/plain; charset=utf-8' }),
    ...(location === undefined ? {} : { location }),
    ...(refresh === undefined ? {} : { refresh: String(refresh) }),
  });
  response.end(text ?? String(answer.html ?? ''));
  return true;
}

async function answerFor(
  context: PageContext,
  request: IncomingMessage,
  url: URL,
): Promise<PageAnswer | undefined> {
  const parts = partsOf(url);
  if (parts === undefined) return undefined;
  if (request.method === 'POST') return formAnswer(context, request, parts);
  if (request.method !== 'GET') return undefined;
  const page = pageAt(context, parts, url.searchParams);
  if (page !== undefined || request.headers.accept?.includes('text/html') !== true) return page;
  const { t } = context;
  return {
    status: 404,
    html: frame(context, { title: t('missing'), body: html`<p>${t('missing-hint')}</p>` }),
  };
}

/** The parts of a path; undefined for what is no text. */
function partsOf(url: URL): readonly string[] | undefined {
  try {
    return url.pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function pageAt(
  context: PageContext,
  parts: readonly string[],
  query: URLSearchParams,
): PageAnswer | undefined {
  const { store } = context;
  const [owner, name, kind, ...rest] = parts;
  if (owner === undefined) return homePage(context);
  if (isInstallation(parts)) return installPage(context, name ?? '');
  if (owner === 'apps' && parts.length === 2) return accountOf(`${name}[bot]`);
  if (name === undefined) return accountOf(owner);
  const of = repositoryAt(store, owner, name);
  if (of === undefined) return undefined;
  const [first = ''] = rest;
  switch (kind) {
    case undefined:
      return repositoryPage(context, of);
    case 'pulls':
      return repositoryPage(context, of, 'pulls');
    case 'pull':
    case 'issues': {
      const one = of.issues.get(Number(first));
      if (kind === 'issues' && first === '') return repositoryPage(context, of, 'issues');
      return one === undefined
        ? undefined
        : issuePage(context, of, one, { as: query.get('as') ?? undefined });
    }
    case 'blob':
    case 'raw':
      return blobPage(context, of, rest, kind === 'raw');
    case 'tree':
      return treePage(context, of, rest);
    case 'commit':
      return commitPage(context, of, first);
    case 'compare':
      return comparePage(context, of, rest.join('/'));
    case 'runs':
      return runPage(context, of, first);
    case 'new': {
      const file = { filename: query.get('filename') ?? '', value: query.get('value') ?? '' };
      return of.git.branch(rest.join('/')) === undefined
        ? undefined
        : newFilePage(context, of, rest.join('/'), file);
    }
    default:
      return undefined;
  }

  function accountOf(login: string): PageAnswer | undefined {
    const who = store.accounts.get(login.toLowerCase());
    return who === undefined ? undefined : accountPage(context, who);
  }
}

function isInstallation(parts: readonly string[]): boolean {
  return parts.length === 4 && parts[0] === 'apps' && parts[2] === 'installations' && parts[3] === 'new';
}

function foreign(context: PageContext): PageAnswer {
  const { t } = context;
  return { status: 403, html: frame(context, { title: t('refused'), body: html`<p>${t('foreign')}</p>` }) };
}

/** Nobody is signed in here, so that a private repository is nobody's to see. */
function repositoryAt(store: GitHubStore, owner: string, name: string): Repository | undefined {
  const of = store.repositories.get(`${owner}/${name}`.toLowerCase());
  return of?.private === true ? undefined : of;
}

async function formAnswer(
  context: PageContext,
  request: IncomingMessage,
  parts: readonly string[],
): Promise<PageAnswer | undefined> {
  const { store } = context;
  const [owner = '', name = '', kind, ...rest] = parts;
  if (isInstallation(parts)) {
    const form = await readForm(request, store.html);
    return form === undefined ? foreign(context) : installOn(context, name, form.get('repository') ?? '');
  }
  const of = repositoryAt(store, owner, name);
  const one = kind === 'pull' || kind === 'issues' ? of?.issues.get(Number(rest[0])) : undefined;
  if (of === undefined || (one === undefined && kind !== 'new')) return undefined;
  const form = await readForm(request, store.html);
  if (form === undefined) return foreign(context);
  const [as, body] = [form.get('as') ?? '', (form.get('body') ?? '').replaceAll('\r\n', '\n')];
  const file = {
    as,
    filename: form.get('filename') ?? '',
    value: (form.get('value') ?? '').replaceAll('\r\n', '\n'),
  };
  try {
    const by = personNamed(store, as);
    if (one === undefined) return proposeFile(context, of, rest.join('/'), by, file);
    act(context, of, one, by, { what: form.get('do') ?? '', body });
    return { status: 303, location: `${issuePath(of, one)}?${new URLSearchParams({ as }).toString()}` };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const refused = { status: error.status, message: [error.message, ...reasons(error)].join('\n') };
    return one === undefined
      ? newFilePage(context, of, rest.join('/'), { ...file, refused })
      : issuePage(context, of, one, { as, refused: { ...refused, body } });
  }
}

function personNamed(store: GitHubStore, login: string): Account {
  const found = store.accounts.get(login.toLowerCase());
  if (found?.type !== 'User') throw new ApiError(403, login);
  return found;
}

/** GitHub often says what is wrong beside its message. */
function reasons(error: ApiError): readonly string[] {
  const { errors } = error.body;
  if (!Array.isArray(errors)) return [];
  return errors.map((one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one)));
}
