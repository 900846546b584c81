/**
 * Follows an application's own way to its sign-in, as a browser would, up to the request that it sends to its OpenID
 * provider: redirects, a form that sends itself, the ProConnect button of a page. That request is read, and not sent.
 */
import {
  type AuthorizationRequest,
  isAuthorizationRequest,
  readRequest,
} from '#domain/authorization-request/read-request';
import { classifyHost } from '#domain/definition/rules/url/host';
import {
  type Guard,
  type Guarded,
  guardedRequest,
  type PageAnswer,
  type VisitFailure,
} from './guarded-request.ts';
import { type Page, readPage } from './page.ts';

/** An application that needs more to reach its provider is lost in itself. */
export const maxSteps = 15;
/** Of an address that is no place to go to. */
const maxShown = 200;

export interface VisitOptions extends Guard {
  readonly start: URL;
  /** Other hosts of the application, such as the Keycloak in front of it. */
  readonly hosts: readonly string[];
  /** Whether a host is that of the OpenID provider: nothing is asked of it. */
  isProvider(url: URL): boolean;
}

export interface Visit {
  /** Each address that was asked, without its query: that may hold what is nobody's business. */
  readonly steps: readonly string[];
  readonly outcome:
    | { readonly kind: 'request'; readonly request: AuthorizationRequest }
    | {
        readonly kind: 'stopped';
        readonly message:
          | VisitFailure['message']
          | 'no-button'
          | 'leaves'
          | 'not-web'
          | 'too-many'
          | 'status';
        readonly values: Readonly<Record<string, string | number>>;
      };
}

/** Where to go next, with what is sent there. */
interface Move {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly fields: readonly (readonly [string, string])[];
}

export async function visitApplication(options: VisitOptions): Promise<Visit> {
  const steps: string[] = [];
  const cookies = new Map<string, Map<string, string>>();
  let move: Move = { url: options.start, method: 'GET', fields: [] };
  for (let count = 0; count < maxSteps; count++) {
    if (!isOfTheWeb(move.url)) return stopped(steps, 'not-web', { url: move.url.href.slice(0, maxShown) });
    const request = requestOf(move, options);
    if (request !== undefined) return { steps, outcome: { kind: 'request', request } };
    if (!isWithin(move.url, options))
      return stopped(steps, 'leaves', { url: bare(move.url), host: move.url.hostname });
    steps.push(bare(move.url));
    const answer = await ask(move, options, cookies);
    if (!answer.ok) return stopped(steps, answer.message, answer.values);
    const next = nextMove(move, answer.value, options);
    if ('message' in next) return stopped(steps, next.message, next.values);
    move = next;
  }
  return stopped(steps, 'too-many', { count: maxSteps, url: bare(move.url) });
}

function stopped(
  steps: readonly string[],
  message: Extract<Visit['outcome'], { kind: 'stopped' }>['message'],
  values: Readonly<Record<string, string | number>>,
): Visit {
  return { steps, outcome: { kind: 'stopped', message, values } };
}

function bare(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** A redirect may be to anything that an address can be: `javascript:`, a mobile application's own. */
function isOfTheWeb({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

/** The request that a move is, when it leads to the provider; also to any other one outside of the application. */
function requestOf(move: Move, options: VisitOptions): AuthorizationRequest | undefined {
  const whole = move.method === 'GET' ? readRequest(move.url) : readRequest(move.url, move.fields);
  if (options.isProvider(move.url)) return whole;
  return !isWithin(move.url, options) && isAuthorizationRequest(whole) ? whole : undefined;
}

/** The application is its host, the names under the same registrable domain, and what the person named besides. */
function isWithin(url: URL, { start, hosts }: VisitOptions): boolean {
  if (url.hostname === start.hostname || hosts.includes(url.hostname) || hosts.includes(url.host))
    return true;
  const [site, own] = [classifyHost(url.hostname), classifyHost(start.hostname)];
  return site.kind === own.kind && site.site === own.site && own.kind !== 'ip';
}

async function ask(
  { url, method, fields }: Move,
  guard: Guard,
  cookies: Map<string, Map<string, string>>,
): Promise<Guarded<PageAnswer>> {
  const ours = cookies.get(url.host) ?? new Map<string, string>();
  cookies.set(url.host, ours);
  const jar = [...ours].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await guardedRequest(
    {
      url,
      method,
      headers: {
        ...(jar === '' ? {} : { cookie: jar }),
        ...(method === 'POST'
          ? {
              'content-type': 'application/x-www-form-urlencoded',
              origin: url.origin,
              referer: `${url.origin}/`,
            }
          : {}),
      },
      ...(method === 'POST' ? { body: formBody(fields) } : {}),
    },
    guard,
  );
  if (answer.ok)
    for (const cookie of answer.value.cookies) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
      if (name.trim() !== '') ours.set(name.trim(), value);
    }
  return answer;
}

/** As a form is sent (application/x-www-form-urlencoded). */
function formBody(fields: Move['fields']): string {
  const body = new URLSearchParams();
  for (const [name, value] of fields) body.append(name, value);
  return body.toString();
}

type Stop = {
  readonly message: 'no-button' | 'status' | 'bad-address';
  readonly values: Readonly<Record<string, string | number>>;
};

function nextMove(before: Move, answer: PageAnswer, options: VisitOptions): Move | Stop {
  const { url, status } = answer;
  if (status >= 300 && status < 400 && answer.location !== undefined) {
    if (!URL.canParse(answer.location, url.href))
      return { message: 'bad-address', values: { url: answer.location } };
    // What was sent is sent again (RFC 9110 §15.4.8 and §15.4.9); after the others it is asked for anew.
    const again = status === 307 || status === 308;
    return { ...(again ? before : { method: 'GET', fields: [] }), url: new URL(answer.location, url) };
  }
  const next = answer.isHtml ? moveOfPage(readPage(answer.text), url, options) : undefined;
  if (next !== undefined) return next;
  if (status >= 400) return { message: 'status', values: { url: bare(url), status } };
  return { message: 'no-button', values: { url: bare(url) } };
}

const proconnectWord = /pro-?_?\s?connect|agent-?_?\s?connect/i;
const signInWord =
  /s['’]identifier|se connecter|connexion|sign[ _-]?in|log[ _-]?in|authenti|proconnect-button|fr-connect/i;
const signOutWord = /d[ée]connect|d[ée]connexion|log[ _-]?out|sign[ _-]?out|end[ _-]?session/i;

/** What a person who wants to sign in with ProConnect would press; first what needs no guess. */
function moveOfPage(page: Page, base: URL, options: VisitOptions): Move | undefined {
  const candidates = [
    ...page.forms.map((form) => ({ words: form.words, target: form.action, form })),
    ...page.links.map((link) => ({ words: link.words, target: link.href, form: undefined })),
  ].flatMap(({ words, target, form }) => {
    if (!URL.canParse(target, base.href)) return [];
    const url = new URL(target, base);
    if (!isOfTheWeb(url)) return [];
    return [
      { words: `${words} ${url.pathname}`, move: moveTo(url, form?.method ?? 'GET', form?.fields ?? []) },
    ];
  });
  const direct = candidates.find(({ move }) => asksForSignIn(move, options));
  if (direct !== undefined) return direct.move;
  if (page.refresh !== undefined && URL.canParse(page.refresh, base.href))
    return moveTo(new URL(page.refresh, base), 'GET', []);
  const buttons = candidates.filter(
    ({ words, move }) =>
      proconnectWord.test(words) && !signOutWord.test(words) && isWithin(move.url, options),
  );
  const button = buttons.find(({ words }) => signInWord.test(words)) ?? buttons[0];
  if (button !== undefined) return button.move;
  const [form, other] = page.forms;
  if (!page.sendsItself || form === undefined || other !== undefined || !URL.canParse(form.action, base.href))
    return undefined;
  return moveTo(new URL(form.action, base), form.method, form.fields);
}

/** A page may also lead to ProConnect's own pages: the link « Qu’est-ce que ProConnect ? » is a part of its button. */
function asksForSignIn(move: Move, options: VisitOptions): boolean {
  const request = requestOf(move, options);
  return (
    request !== undefined &&
    (isAuthorizationRequest(request) || /\/authorize\/?$/.test(request.endpoint.pathname))
  );
}

/** The fields of a form that is sent by GET take the place of its target's query (HTML, « Mutate action URL »). */
function moveTo(target: URL, method: 'GET' | 'POST', fields: Move['fields']): Move {
  const url = new URL(target);
  url.hash = '';
  if (method === 'GET' && fields.length > 0) url.search = formBody(fields);
  return { url, method, fields: method === 'GET' ? [] : fields };
}
