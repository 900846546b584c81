/** `/demande`: the form, its judgement, the page to check the answers, the file; `/demande/verdict` while one types. */

import { type Context, Hono } from 'hono';
import { type Html, html } from '#base/html';
import { definitionOf, type FormValues, idOf } from '#domain/front-desk/form-values';
import { applyFix, type FormVerdict, judgeForm } from '#domain/front-desk/judge';
import { answer, type HttpEnv, methodNotAllowed } from '#http/response';
import {
  applyMeaning,
  beginFrom,
  changedNote,
  type Met,
  meetStanding,
  openingNote,
  takenFinding,
  takenNote,
} from './beginning.ts';
import { checkHtml } from './check-page.ts';
import { errorsOf, lineWords, messageText } from './finding-words.ts';
import { formId } from './form-controls.ts';
import { keepsLanguage, languageButton, languageIn } from './form-language.ts';
import { formHtml } from './form-page.ts';
import type { FrontDeskOptions, PageOf } from './front-desk.ts';
import { clientOf, formReader, isOwnOrigin, RateLimit, readFormText } from './guard.ts';
import { languageOf } from './language.ts';
import { type Organization, organizationText, soon } from './organization.ts';
import type { SignedIn } from './people.ts';
import { frontDeskWords } from './words.ts';

/** What the form says before anyone has answered: what is recommended is chosen. */
const emptyForm: FormValues = {
  id_token_signed_response_alg: 'RS256',
  userinfo_signed_response_alg: 'RS256',
};

type Trouble = 'origin' | 'many' | 'long' | 'busy' | 'kind';
const troubleStatus = { origin: 403, many: 429, long: 413, busy: 503, kind: 415 } as const;

type Taken =
  | {
      readonly ok: true;
      readonly values: FormValues;
      readonly signedIn: SignedIn | undefined;
      /** Whether the form was shown to who sends it; if not, nothing is done in their name, and nothing is lost. */
      readonly isOwn: boolean;
    }
  | { readonly ok: false; readonly trouble: Trouble };

export function requestForm(options: FrontDeskOptions, pageOf: PageOf): Hono<HttpEnv> {
  const { people, now = Date.now } = options;
  const sent = new RateLimit();
  // What the script asks while one types must not keep the form itself from being sent.
  const asked = new RateLimit();

  /** Reads what a form sent, if it comes from the desk's own pages and is not too much. */
  async function take(context: Context<HttpEnv>, limit: RateLimit): Promise<Taken> {
    const { incoming } = context.env;
    const refused = (trouble: Trouble): Taken => {
      incoming.resume();
      return { ok: false, trouble };
    };
    // What another site has a browser send is not counted: it would keep its owner out.
    if (!isOwnOrigin(context, options.origin)) return refused('origin');
    const signedIn = await people?.signedIn(context);
    if (!limit.allows(signedIn?.person.email ?? clientOf(incoming), now())) return refused('many');
    const read = formReader(context.req.header('content-type') ?? '', limit === asked);
    if (read === undefined) return refused('kind');
    const form = await readFormText(incoming);
    if (!form.ok) return refused(form.trouble);
    const values = read(form.text);
    if (values === undefined) return refused('kind');
    const isOwn = signedIn !== undefined && (await people?.isOwnForm(context, values.csrf ?? '')) === true;
    return { ok: true, values, signedIn, isOwn };
  }

  /** Who is behind a SIRET that nothing is wrong with, for someone who is signed in. */
  async function organizationIn(
    values: FormValues,
    signedIn: SignedIn | undefined,
  ): Promise<Organization | undefined> {
    const siret = (values['organization.siret'] ?? '').trim();
    if (signedIn === undefined || options.organization === undefined || !/^\d{14}$/.test(siret))
      return undefined;
    return soon(options.organization(siret, signedIn.person.email));
  }

  function troublePage(context: Context<HttpEnv>, trouble: Trouble): Promise<Response> {
    const t = frontDeskWords(languageOf(context));
    const title = t(`trouble.${trouble}-title`);
    const more =
      trouble === 'origin' ? { origin: html`<a href="${options.origin}/demande">${options.origin}</a>` } : {};
    return pageOf(context, {
      status: troubleStatus[trouble],
      title: t.text(`trouble.${trouble}-title`),
      body: html`<h1>${title}</h1><p>${t(`trouble.${trouble}`, more)}</p><p>${t('trouble.back')}</p>`,
      headers: {
        'retry-after': trouble === 'many' ? '60' : undefined,
        connection: trouble === 'long' || trouble === 'busy' ? 'close' : undefined,
      },
    });
  }

  /** The form, empty or from a definition that the person may read. */
  async function openForm(context: Context<HttpEnv>): Promise<Response> {
    const t = frontDeskWords(languageOf(context));
    const from = context.req.query('from');
    const signedIn = await people?.signedIn(context);
    const promote = context.req.query('to') === 'production';
    const begun =
      from === undefined || signedIn === undefined || people === undefined
        ? undefined
        : await beginFrom(people, from, signedIn.person, promote);
    const known = begun?.values;
    const title =
      known === undefined ? 'form.title' : promote ? 'form.title-promote' : ('form.title-from' as const);
    const values =
      known === undefined
        ? {
            ...emptyForm,
            'organization.siret': signedIn?.person.siret ?? '',
            'contacts.technical': signedIn?.person.email ?? '',
          }
        : known;
    return pageOf(context, {
      signedIn,
      // What one writes into it is found again by the way back: browsers drop it with pages that may not be stored.
      headers: { 'cache-control': 'private, no-cache' },
      title: t.text(title),
      body: formHtml(t, {
        values,
        // What is there already is kept: only what production asks besides is asked.
        findings: known !== undefined && promote ? judgeForm(values).findings : [],
        summary: 'promote.title',
        title: t.text(title),
        note: openingNote(t, {
          begun,
          from,
          promote,
          signsIn: people !== undefined,
          isSignedIn: signedIn !== undefined,
        }),
        csrf: signedIn?.csrf,
        organization: await organizationIn(values, signedIn),
      }),
    });
  }

  /** The form again, with what is wrong in it. */
  async function formAgain(
    context: Context<HttpEnv>,
    { values, signedIn }: Taken & { readonly ok: true },
    verdict: Pick<FormVerdict, 'findings'> | undefined,
    said?: 'errors.fixed' | Html,
  ): Promise<Response> {
    const t = frontDeskWords(languageIn(context, values));
    const findings = verdict?.findings ?? [];
    const wrong = errorsOf(findings).length > 0;
    const title = t.text(values.from === undefined ? 'form.title' : 'form.title-from');
    const note = said === 'errors.fixed' ? (wrong ? undefined : t(said)) : said;
    return pageOf(context, {
      status: wrong ? 422 : note === undefined || said === 'errors.fixed' ? 200 : 409,
      lang: t.lang,
      signedIn,
      otherLanguage: languageButton(t),
      headers: keepsLanguage(context, t),
      title: wrong ? t.text('errors.page-title', { title }) : title,
      body: formHtml(t, {
        values,
        findings,
        title,
        note,
        csrf: signedIn?.csrf,
        organization: await organizationIn(values, signedIn),
      }),
    });
  }

  async function checkPage(
    context: Context<HttpEnv>,
    { values, signedIn }: Taken & { readonly ok: true },
    verdict: FormVerdict,
    isChange: boolean,
  ): Promise<Response> {
    const unsent = values.action === 'send' && people !== undefined;
    const t = frontDeskWords(languageIn(context, values));
    const [, network, environment] = verdict.definition.path.split('/');
    return pageOf(context, {
      status: unsent ? 403 : 200,
      lang: t.lang,
      signedIn,
      otherLanguage: languageButton(t),
      headers: keepsLanguage(context, t),
      title: t.text('check.title'),
      body: checkHtml(t, {
        values,
        verdict,
        title: t.text('check.title'),
        csrf: signedIn?.csrf,
        organization: await organizationIn(values, signedIn),
        provider: options.provider?.(`${network}/${environment}`),
        isChange,
        sending: signedIn !== undefined ? 'here' : people !== undefined ? 'after-sign-in' : 'by-hand',
        unsent: unsent ? { by: signedIn && (signedIn.person.name ?? signedIn.person.email) } : undefined,
        registry: await options.registry().catch(() => undefined),
      }),
    });
  }

  async function post(context: Context<HttpEnv>): Promise<Response> {
    const taken = await take(context, sent);
    if (!taken.ok) return troublePage(context, taken.trouble);
    const { signedIn } = taken;
    const { action = 'check', apply } = taken.values;
    if (apply !== undefined) {
      const { path } = definitionOf(taken.values);
      const values = applyMeaning(taken.values, path, apply) ?? applyFix(taken.values, apply);
      return formAgain(context, { ...taken, values }, judgeForm(values), 'errors.fixed');
    }
    if (action === 'edit') return formAgain(context, taken, undefined);
    const verdict = judgeForm(taken.values);
    if (!verdict.sound) return formAgain(context, taken, verdict);
    if (action === 'download') return fileAnswer(taken.values);
    if (signedIn === undefined || people === undefined) return checkPage(context, taken, verdict, false);
    const met = await meetStanding(people, taken.values, verdict, signedIn.person);
    if (met.kind !== 'clear') return metAgain(context, taken, verdict, met);
    if (action === 'send' && taken.isOwn) return people.send(context, verdict.definition, signedIn, met.base);
    return checkPage(context, taken, verdict, met.isChange);
  }

  /** The form again: what it is about is somebody's, or is no longer as the person read it. */
  function metAgain(
    context: Context<HttpEnv>,
    taken: Taken & { readonly ok: true },
    { findings, definition }: FormVerdict,
    met: Exclude<Met, { readonly kind: 'clear' }>,
  ): Promise<Response> {
    const t = frontDeskWords(languageIn(context, taken.values));
    if (met.kind === 'same') return formAgain(context, taken, undefined, html`<p>${t('changed.same')}</p>`);
    if (met.kind === 'changed')
      return formAgain(context, { ...taken, values: met.values }, undefined, changedNote(t, met.merged));
    const found = takenFinding(idOf(taken.values));
    const { from: _, base: __, ...values } = taken.values;
    const note = takenNote(t, formId, met, definition.path);
    return formAgain(context, { ...taken, values }, { findings: [...findings, found] }, note);
  }

  /** What the script shows beside the fields; nothing of it is needed. */
  async function verdict(context: Context<HttpEnv>): Promise<Response> {
    const taken = await take(context, asked);
    const json = (status: number, value: unknown): Response =>
      answer(status, JSON.stringify(value), {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
      });
    if (!taken.ok) return json(troubleStatus[taken.trouble], { trouble: taken.trouble });
    const t = frontDeskWords(languageIn(context, taken.values));
    const { findings, sound, definition } = judgeForm(taken.values);
    const fields = Object.groupBy(
      findings.map(({ field, rule, severity, line, message, fix }) => ({
        field,
        rule,
        severity,
        kind: severity === 'error' ? t.text('errors.prefix') : t.text(`severity.${severity}`),
        ...(line !== undefined && { line, where: lineWords(t, line) }),
        message: messageText(t, message),
        ...(fix !== undefined && { fix: { apply: fix.key, title: messageText(t, fix.title) } }),
      })),
      ({ field }) => field,
    );
    const organization = await organizationIn(taken.values, taken.signedIn);
    return json(200, {
      sound,
      id: idOf(taken.values),
      path: definition.path,
      fields,
      ...(organization !== undefined && { organization: organizationText(organization) }),
    });
  }

  return new Hono<HttpEnv>()
    .get('/demande', openForm)
    .post('/demande', post)
    .all('/demande', methodNotAllowed('GET, HEAD, POST'))
    .post('/demande/verdict', verdict)
    .all('/demande/verdict', methodNotAllowed('POST'));
}

function fileAnswer(values: FormValues): Response {
  const { path, text } = definitionOf(values);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return answer(200, text, {
    'content-type': 'application/yaml; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  });
}
