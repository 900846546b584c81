/**
 * GitHub's manifest flow (« Registering a GitHub App from a manifest »): a page on this machine with one button, which posts
 * the manifest to GitHub; GitHub sends the person back with a code, which is exchanged for the App's keys, once.
 *
 * Only this machine reaches the page, only by its own name, and only whoever was told its address; the answer counts only with the word that this very run
 * drew at random (`state`): a code that somebody else slips in makes nothing.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Language } from '#base/i18n/message';
import { installationPageOf } from '#infrastructure/github/client/installation';
import type { CreatedApp } from '#infrastructure/github/client/manifest-conversion';
import { type AppManifest, appManifest } from './manifest.ts';
import { type AppOwner, ownerSentences } from './owner.ts';
import { createAppTranslator, html, permissionWords } from './words.ts';

export interface FlowOptions {
  readonly language: Language;
  readonly name: string;
  readonly publicUrl: string;
  /** The address of GitHub's pages, without a slash at the end. */
  readonly github: string;
  readonly owner: AppOwner;
  /** `owner/name` of the registry that it is for, where that was said. */
  readonly registry: string | undefined;
  /** Where the keys will be, as the person is told it. */
  readonly folder: string;
  /** Any free one when 0. */
  readonly port: number;
  convert(code: string): Promise<CreatedApp | { readonly reason: string }>;
  /** Keeps the keys. @returns in words, when they could not be kept */
  keep(app: CreatedApp): string | undefined;
}

export type FlowEnd =
  | { readonly kind: 'created'; readonly app: CreatedApp }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'not-kept'; readonly app: CreatedApp; readonly reason: string }
  | { readonly kind: 'too-late' };

export interface Flow {
  /** The page to open. */
  readonly url: string;
  readonly end: Promise<FlowEnd>;
  stop(): void;
}

/** The code of GitHub is good for an hour. */
const waitMs = 3_600_000;

/** @throws what the system says when the port cannot be had */
export async function startFlow(options: FlowOptions): Promise<Flow> {
  const state = randomBytes(32).toString('base64url');
  // Of the page with that word on it: others on this machine reach its port, and do not know this.
  const door = `/${randomBytes(24).toString('base64url')}`;
  const { promise: end, resolve: finish } = Promise.withResolvers<FlowEnd>();
  let answered = false;
  const server = createServer((request, response) => {
    handle(request, response).catch(() => page(response, 500, '', ''));
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve),
  );
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const manifest = appManifest({ ...options, redirectUrl: `${origin}/retour` });
  const t = createAppTranslator(options.language, (foreign) => html(foreign));
  const timer = setTimeout(() => finish({ kind: 'too-late' }), waitMs);
  timer.unref();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A page of elsewhere that made its own name lead here is not answered.
    if (request.headers.host !== `127.0.0.1:${port}` || request.method !== 'GET')
      return page(response, 421, '', '');
    const url = new URL(request.url ?? '/', origin);
    if (url.pathname === door) return page(response, 200, t('page-title'), firstPage(), options.github);
    if (url.pathname !== '/retour') return page(response, 404, '', '');
    const code = url.searchParams.get('code') ?? '';
    const isOurs = same(url.searchParams.get('state') ?? '', state);
    if (!isOurs || code === '' || answered)
      return page(response, 400, t('page-stranger-title'), `<p>${t('page-stranger')}</p>`);
    answered = true;
    const app = await options.convert(code);
    if ('reason' in app) {
      page(response, 502, t('page-failed-title'), `<p>${t('page-failed', { reason: app.reason })}</p>`);
      return finish({ kind: 'failed', reason: app.reason });
    }
    const trouble = options.keep(app);
    if (trouble !== undefined) {
      page(response, 500, t('page-failed-title'), `<p>${t('page-failed', { reason: trouble })}</p>`);
      return finish({ kind: 'not-kept', app, reason: trouble });
    }
    const link = `<p><a href="${html(installationPageOf(app.url))}">${t('page-install')}</a></p>`;
    const kept = t('page-done', { folder: options.folder });
    page(response, 200, t('page-done-title'), `<p>${kept}</p>${link}`);
    finish({ kind: 'created', app });
  }

  function firstPage(): string {
    const { owner, github, registry } = options;
    const path =
      owner.kind === 'person'
        ? '/settings/apps/new'
        : `/organizations/${encodeURIComponent(owner.login ?? '')}/settings/apps/new`;
    const whose = ownerSentences(t, owner, new URL(github).host, registry);
    const action = `${options.github}${path}?state=${state}`;
    return `<p>${t('page-intro')}</p>
${whose.map((sentence) => `<p><strong>${sentence}</strong></p>`).join('')}
<p>${t('page-name', { name: manifest.name })}<br>${t('page-webhook', { url: manifest.hook_attributes.url })}</p>
<p>${t('page-permissions')}</p><ul>${permissionItems(manifest)}</ul>
<p>${t('page-events', { events: manifest.default_events })}</p>
<form method="post" action="${html(action)}"><input type="hidden" name="manifest" value="${html(JSON.stringify(manifest))}">
<button>${t('page-button')}</button></form>`;
  }

  function permissionItems({ default_permissions: asked }: AppManifest): string {
    return Object.entries(asked)
      .map(([name, access]) => {
        const words = permissionWords(options.language, name);
        return `<li><code>${html(name)}: ${html(access)}</code>${words === undefined ? '' : ` : ${html(words)}`}</li>`;
      })
      .join('');
  }

  function page(
    response: ServerResponse,
    status: number,
    title: string,
    body: string,
    formAction = "'none'",
  ): void {
    response.writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    });
    response.end(
      body === ''
        ? ''
        : `<!doctype html><html lang="${options.language}"><meta charset="utf-8"><title>${title}</title><style>${style}</style><main><h1>${title}</h1>${body}</main></html>`,
    );
  }

  return {
    url: `${origin}${door}`,
    end,
    stop: () => {
      clearTimeout(timer);
      server.close();
      server.closeIdleConnections();
    },
  };
}

const style =
  'body{font:18px/1.6 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#161616}button{font:inherit;padding:.6rem 1.2rem;background:#000091;color:#fff;border:0;cursor:pointer}';

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
