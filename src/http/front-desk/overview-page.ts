/** `/suivi`: for operators, by their verified address. Whoever else signs in finds nothing there. Reads only. */
import { type Context, Hono } from 'hono';
import type { Overview } from '#application/front-desk/overview';
import { html } from '#base/html';
import { idPattern } from '#domain/definition/cell';
import { type HttpEnv, methodNotAllowed } from '#http/response';
import type { PageOf } from './front-desk.ts';
import { languageOf } from './language.ts';
import type { RegistryPlace } from './new-file-link.ts';
import { type HistoryEvent, overviewHtml } from './overview-view.ts';
import { toSignIn } from './own-path.ts';
import { requestWords } from './request-words.ts';
import type { Sessions } from './session.ts';

export interface OverviewWork {
  readonly overview: () => Promise<Overview>;
  /** By the id of a definition. */
  readonly history: (id: string) => Promise<readonly HistoryEvent[]>;
}

export interface OverviewPageOptions {
  readonly sessions: Sessions;
  /** E-mail addresses in lower case. */
  readonly operators: readonly string[];
  readonly work: () => OverviewWork | undefined;
  /** Where the registry is for people. */
  readonly registry: () => Promise<RegistryPlace | undefined>;
  readonly pageOf: PageOf;
}

export function overviewPage({
  sessions,
  operators,
  work,
  registry,
  pageOf,
}: OverviewPageOptions): Hono<HttpEnv> {
  async function show(context: Context<HttpEnv>): Promise<Response> {
    const session = await sessions.read(context);
    // An operator whose session ended, or who has the address from a colleague.
    if (session === undefined) return toSignIn(context);
    const there = work();
    const t = requestWords(languageOf(context));
    if (there === undefined || !operators.includes(session.person.email))
      return pageOf(context, {
        status: 404,
        title: t.text('missing-title'),
        body: html`<h1>${t('missing-title')}</h1>`,
      });
    const id = (context.req.query('client') ?? '').trim();
    const history = idPattern.test(id) ? await there.history(id) : undefined;
    const place = await registry().catch(() => undefined);
    return pageOf(context, {
      title: t.text('overview-title'),
      body: overviewHtml(t, { overview: await there.overview(), url: place?.url, id, history }),
    });
  }
  return new Hono<HttpEnv>().get('/suivi', show).all('/suivi', methodNotAllowed('GET, HEAD'));
}
