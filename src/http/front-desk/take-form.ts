/** Reads a form of someone who is signed in, if it comes from the desk's own pages, has their token, and is not too much. */
import type { Context } from 'hono';
import { html } from '#base/html';
import type { HttpEnv } from '#http/response';
import type { PageOf } from './front-desk.ts';
import { clientOf, formReader, isOwnOrigin, RateLimit, readFormText } from './guard.ts';
import { languageOf } from './language.ts';
import { requestWords } from './request-words.ts';
import { isToken, type Session, type Sessions } from './session.ts';

export type TakenForm =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>>; readonly session: Session }
  | { readonly ok: false; readonly response: Response };

export type TakeForm = (context: Context<HttpEnv>) => Promise<TakenForm>;

const statusOf = { origin: 403, token: 403, many: 429, long: 413, busy: 503 } as const;

export function formTaker(
  sessions: Sessions,
  { origin, pageOf, now }: { readonly origin: string; readonly pageOf: PageOf; readonly now: () => number },
): TakeForm {
  const sent = new RateLimit();
  return async (context) => {
    const { incoming } = context.env;
    // What was written is not lost: it stands there to be copied.
    const refused = async (trouble: keyof typeof statusOf, written = ''): Promise<TakenForm> => {
      incoming.resume();
      const t = requestWords(languageOf(context));
      const response = await pageOf(context, {
        status: statusOf[trouble],
        title: t.text('form-refused-title'),
        body: html`<h1>${t('form-refused-title')}</h1><p>${t(`form-refused-${trouble}`)}</p>${
          trouble === 'token' &&
          html`<p><a class="button main" href="/connexion?retour=${encodeURIComponent(context.req.path)}">${t('sign-in-again')}</a></p>`
        }${
          written !== '' &&
          html`<p><label for="texte">${t('form-refused-written')}</label></p><textarea id="texte" rows="5" readonly>${written}</textarea>`
        }`,
        headers: {
          'retry-after': trouble === 'many' ? '60' : undefined,
          connection: trouble === 'long' || trouble === 'busy' ? 'close' : undefined,
        },
      });
      return { ok: false, response };
    };
    // What another site has a browser send is not counted: it would keep its owner out.
    if (!isOwnOrigin(context, origin)) return refused('origin');
    const session = await sessions.read(context);
    if (!sent.allows(session?.person.key ?? clientOf(incoming), now())) return refused('many');
    const form = await readFormText(incoming);
    if (!form.ok) return refused(form.trouble);
    const values = formReader(context.req.header('content-type') ?? '', false)?.(form.text) ?? {};
    if (session === undefined || !isToken(session, values.csrf ?? '')) return refused('token', values.answer);
    return { ok: true, values, session };
  };
}
