/** People at the desk who signed in: the seam's other side. */
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { Correction, NewRequest } from '#application/front-desk/request-base';
import type { StoredRequest } from '#application/front-desk/request-store';
import type { Keyring } from '#application/handover/secrets/keyring';
import type { SignInConfiguration } from '#base/config/config-file';
import type { Log } from '#base/observability/logger';
import { answer, type HttpEnv } from '#http/response';
import { type FrontDeskOptions, pageMaker } from './front-desk.ts';
import { type OverviewWork, overviewPage } from './overview-page.ts';
import type { FrontDeskPeople, SignedInPerson } from './people.ts';
import { type RequestsWork, requestsPages, tooManyRequests } from './requests-pages.ts';
import { type DeskPerson, isToken, type SessionEndings, Sessions, senderOf } from './session.ts';
import { signInPages } from './sign-in.ts';
import { formTaker } from './take-form.ts';

/** What is done for people, once it is known which registry is served. */
export interface PeopleWork extends RequestsWork, OverviewWork {
  readonly requests: RequestsWork['requests'] & {
    create(wanted: NewRequest): Promise<number | 'too-many' | undefined>;
    correct(corrected: Correction, number: number): Promise<boolean>;
  };
}

export interface PeopleOptions {
  readonly desk: FrontDeskOptions;
  readonly provider: SignInConfiguration;
  readonly keyring: Keyring;
  readonly work: () => PeopleWork | undefined;
  /** Who sees `/suivi`, by e-mail addresses in lower case. */
  readonly operators: readonly string[];
  readonly useOnce: (state: string) => Promise<boolean>;
  readonly endings: SessionEndings;
  readonly log: Pick<Log, 'warn'>;
  readonly now?: () => number;
}

export function signedInPeople(options: PeopleOptions): FrontDeskPeople {
  const { desk, provider, keyring, work, operators, useOnce, endings, log, now = Date.now } = options;
  const { origin } = desk;
  const sessions = new Sessions({ keyring, origin, issuer: provider.issuer, now, ended: endings.has });
  const pages = new Hono<HttpEnv>();
  const people: FrontDeskPeople = {
    async signedIn(context) {
      const session = await sessions.read(context);
      return session && { ...session, operator: operators.includes(session.person.email) };
    },
    async isOwnForm(context, token) {
      const session = await sessions.read(context);
      return session !== undefined && isToken(session, token);
    },
    async send(context, { path, text }, _signedIn, base) {
      const session = await sessions.read(context);
      const there = work();
      if (session === undefined || there === undefined) return answer(303, '', { location: '/connexion' });
      const { person } = session;
      const own = await there.requests.ofPerson(person.key);
      const open = own.find((request) => request.path === path && isLiving(request));
      const sent = { ...senderOf(person), wanted: text, base };
      const before = own.filter((request) => request.path === path).length;
      const number =
        open !== undefined && (await there.requests.correct(sent, open.number))
          ? open.number
          : await there.requests.create({ ...sent, id: formOf(session.csrf, path, text, before), path });
      there.wake();
      if (number === 'too-many') return tooManyRequests(context, pageOf);
      return answer(303, '', { location: number === undefined ? '/demandes' : `/demandes/${number}` });
    },
    async standing(path, person, before) {
      const desk = work();
      if (desk === undefined) return undefined;
      const own = isDeskPerson(person) ? await desk.requests.ofPerson(person.key) : [];
      const open = own.find((request) => request.path === path && isLiving(request));
      const there = await desk.definition(path, person.email, before ?? open?.base_blob ?? undefined);
      return open === undefined
        ? { there }
        : { there, open: { number: open.number, text: open.wanted, blob: open.base_blob } };
    },
    pages,
  };
  const pageOf = pageMaker({ ...desk, people });
  const takeForm = formTaker(sessions, { origin, pageOf, now });
  pages.route(
    '/',
    signInPages({ provider, origin, sessions, keyring, useOnce, endings, takeForm, pageOf, log, now }),
  );
  pages.route('/', requestsPages({ sessions, work, takeForm, pageOf }));
  pages.route('/', overviewPage({ sessions, operators, work, registry: desk.registry, pageOf }));
  return people;
}

function isLiving({ state }: StoredRequest): boolean {
  return state === 'sending' || state === 'open';
}

function isDeskPerson(person: SignedInPerson): person is DeskPerson {
  return 'key' in person;
}

/** What is pressed twice in a session is one request; after it ended, the same file is another. */
function formOf(session: string, path: string, text: string, before: number): string {
  return createHash('sha256')
    .update(JSON.stringify([session, path, text, before]))
    .digest('hex');
}
