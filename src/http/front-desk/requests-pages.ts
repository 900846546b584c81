/** `/demandes` and `/demandes/N`: what a person asked for, and all that becomes of it. Nobody else's. */
import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { maxAnswers, maxRequests } from '#application/front-desk/max-requests';
import type { OwnService } from '#application/front-desk/own-services';
import type { DefinitionThere } from '#application/front-desk/read-own-definition';
import type { KeysState } from '#application/front-desk/request-keys';
import type { RequestPhase } from '#application/front-desk/request-phase';
import type { RequestStore, StoredAnswer, StoredRequest } from '#application/front-desk/request-store';
import type { RevealedKeys } from '#application/handover/one-time-page';
import { defined } from '#base/defined';
import { type Html, html } from '#base/html';
import { correctedFile } from '#domain/front-desk/judge';
import { answer, type HttpEnv, methodNotAllowed } from '#http/response';
import type { PageOf } from './front-desk.ts';
import { languageOf } from './language.ts';
import { signedInBeside, toSignIn } from './own-path.ts';
import { inLines, requestHtml, requestListHtml, revealedKeysHtml } from './request-view.ts';
import { requestWords } from './request-words.ts';
import { type DeskPerson, type Session, type Sessions, senderOf } from './session.ts';
import type { TakeForm } from './take-form.ts';

/** What the pages ask of the work on requests. */
export interface RequestsWork {
  readonly requests: Pick<
    RequestStore,
    'ofPerson' | 'ofPersonNumbered' | 'answers' | 'answer' | 'correct' | 'withdraw' | 'create'
  >;
  /** Those of which someone is a technical contact. */
  readonly services: (email: string) => Promise<readonly OwnService[]>;
  /** Someone says that one of them still lives. */
  readonly keep: (service: OwnService, session: Session) => Promise<boolean>;
  /** A definition of the default branch, with its text to one of its technical contacts only. */
  readonly definition: (path: string, email: string, before?: string) => Promise<DefinitionThere>;
  readonly phase: (request: StoredRequest) => Promise<{ readonly phase: RequestPhase; readonly since: Date }>;
  readonly keys: (request: StoredRequest, session: Session) => Promise<KeysState>;
  readonly reveal: (request: StoredRequest, session: Session) => Promise<RevealedKeys | undefined>;
  /** Tells the workers of this process that there is work. */
  readonly wake: () => void;
  /** The permissions that the desk needs and has not; empty when it can send. */
  readonly lacks: readonly string[];
}

export interface RequestsPagesOptions {
  readonly sessions: Sessions;
  /** Undefined while it is not known which registry is served. */
  readonly work: () => RequestsWork | undefined;
  readonly takeForm: TakeForm;
  readonly pageOf: PageOf;
}

/** Characters of one answer. */
const maxAnswer = 5000;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function requestsPages({ sessions, work, takeForm, pageOf }: RequestsPagesOptions): Hono<HttpEnv> {
  async function list(context: Context<HttpEnv>): Promise<Response> {
    const session = await sessions.read(context);
    if (session === undefined) return toSignIn(context);
    const there = work();
    if (there === undefined) return unavailable(context);
    const t = requestWords(languageOf(context));
    const own = await there.requests.ofPerson(session.person.key);
    const rows = await Promise.all(
      own.map(async (request) => ({ request, ...(await there.phase(request)) })),
    );
    const services = await there.services(session.person.email);
    const { pathname, search } = new URL(context.req.url);
    const beside = pathname + search === signedInBeside;
    const view = { rows, services, lacks: there.lacks, csrf: session.csrf, id: randomUUID(), beside };
    return pageOf(context, { title: t.text('list-title'), body: requestListHtml(t, view) });
  }

  /** Says that a service still lives, or asks for it to be removed: one of the person's own, as it is looked up now. */
  async function actOnServices(context: Context<HttpEnv>): Promise<Response> {
    const taken = await takeForm(context);
    if (!taken.ok) return taken.response;
    const { session } = taken;
    const { person } = session;
    const there = work();
    if (there === undefined) return unavailable(context);
    const { action, path, id = '' } = taken.values;
    const service = (await there.services(person.email)).find((own) => own.path === path);
    if (action === 'keep' && service !== undefined) {
      await there.keep(service, session);
      there.wake();
      return answer(303, '', { location: '/demandes', 'cache-control': 'no-store' });
    }
    if (action !== 'remove' || service === undefined || !uuid.test(id)) return missing(context);
    const number = await there.requests.create({
      // One page shows several services.
      id: `${id}/${service.path}`,
      person: person.key,
      applicant: defined({ email: person.email, siret: person.siret }),
      path: service.path,
      wanted: null,
    });
    there.wake();
    if (number === 'too-many') return tooManyRequests(context, pageOf);
    const to = number === undefined ? '/demandes' : `/demandes/${number}`;
    return answer(303, '', { location: to, 'cache-control': 'no-store' });
  }

  /** Somebody else's request is as one that is not there. */
  async function ownRequest(
    context: Context<HttpEnv>,
    session: Session,
    there: RequestsWork,
  ): Promise<StoredRequest | undefined> {
    const number = Number(context.req.param('number'));
    return Number.isSafeInteger(number)
      ? there.requests.ofPersonNumbered(session.person.key, number)
      : undefined;
  }

  async function show(context: Context<HttpEnv>): Promise<Response> {
    const session = await sessions.read(context);
    if (session === undefined) return toSignIn(context);
    const there = work();
    if (there === undefined) return unavailable(context);
    const request = await ownRequest(context, session, there);
    if (request === undefined) return missing(context);
    const answers: readonly StoredAnswer[] = await there.requests.answers(request.number);
    const [at, keys] = [await there.phase(request), await there.keys(request, session)];
    const t = requestWords(languageOf(context));
    return pageOf(context, {
      title: t.text('request-title', { number: request.number }),
      body: requestHtml(t, {
        request,
        answers,
        ...at,
        isStranger: (await there.definition(request.path, session.person.email)).kind === 'taken',
        keys,
        lacks: there.lacks,
        csrf: session.csrf,
        answerId: randomUUID(),
      }),
    });
  }

  async function act(context: Context<HttpEnv>): Promise<Response> {
    const taken = await takeForm(context);
    if (!taken.ok) return taken.response;
    const { session, values } = taken;
    const there = work();
    if (there === undefined) return unavailable(context);
    const request = await ownRequest(context, session, there);
    if (request === undefined) return missing(context);
    const { key } = session.person;
    const { action, apply, id = '' } = values;
    const text = (values.answer ?? '').trim().slice(0, maxAnswer);
    if (apply !== undefined) await applyFix(there, request, session.person, apply);
    else if (action === 'answer' && text !== '' && uuid.test(id)) {
      const taken = await there.requests.answer(key, request.number, id, text);
      if (taken === 'too-many') return tooManyAnswers(context, text);
    } else if (action === 'withdraw') await there.requests.withdraw(key, request.number);
    else if (action === 'keys') {
      const keys = await there.reveal(request, session);
      const t = requestWords(languageOf(context));
      if (keys !== undefined)
        return pageOf(context, {
          title: t.text('keys-title'),
          body: revealedKeysHtml(t, keys, request.number),
        });
    }
    there.wake();
    return answer(303, '', { location: `/demandes/${request.number}`, 'cache-control': 'no-store' });
  }

  /** With what they wrote, so that it is not lost. */
  function tooManyAnswers(context: Context<HttpEnv>, text: string): Promise<Response> {
    const t = requestWords(languageOf(context));
    return pageOf(context, {
      status: 429,
      title: t.text('form-refused-title'),
      body: html`<h1>${t('form-refused-title')}</h1>
<p>${t('form-refused-answers', { count: maxAnswers })}</p><blockquote>${inLines(text)}</blockquote>`,
    });
  }

  /** Makes a fix in what was sent: a correction like any other. */
  async function applyFix(
    { requests }: RequestsWork,
    { path, wanted, number }: StoredRequest,
    person: DeskPerson,
    fix: string,
  ): Promise<void> {
    const corrected = wanted === null ? undefined : correctedFile({ path, text: wanted }, fix);
    if (corrected !== undefined) await requests.correct({ ...senderOf(person), wanted: corrected }, number);
  }

  const said = (
    context: Context<HttpEnv>,
    status: number,
    key: 'missing' | 'unavailable',
  ): Promise<Response> => {
    const t = requestWords(languageOf(context));
    const body: Html = html`<h1>${t(`${key}-title`)}</h1><p>${t(key)}</p>`;
    return pageOf(context, { status, title: t.text(`${key}-title`), body });
  };
  const missing = (context: Context<HttpEnv>) => said(context, 404, 'missing');
  const unavailable = (context: Context<HttpEnv>) => said(context, 503, 'unavailable');

  return new Hono<HttpEnv>()
    .get('/demandes', list)
    .post('/demandes', actOnServices)
    .all('/demandes', methodNotAllowed('GET, HEAD, POST'))
    .get('/demandes/:number{[0-9]{1,15}}', show)
    .post('/demandes/:number{[0-9]{1,15}}', act)
    .all('/demandes/:number{[0-9]{1,15}}', methodNotAllowed('GET, HEAD, POST'));
}

/** Whoever has as many requests as one person may have. */
export function tooManyRequests(context: Context<HttpEnv>, pageOf: PageOf): Promise<Response> {
  const t = requestWords(languageOf(context));
  return pageOf(context, {
    status: 429,
    title: t.text('form-refused-title'),
    body: html`<h1>${t('form-refused-title')}</h1><p>${t('form-refused-requests', { count: maxRequests })}</p>`,
  });
}
