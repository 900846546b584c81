/** The language of a page that answers a form, which has no address of its own. */
import type { Context } from 'hono';
import { html } from '#base/html';
import { type Language, languages } from '#base/i18n/message';
import type { FormValues } from '#domain/front-desk/form-values';
import type { HttpEnv } from '#http/response';
import { enterChecks, formId } from './form-controls.ts';
import { cookieFor, languageOf } from './language.ts';
import type { Words } from './words.ts';

/** A form says in which language its page was; the button of the other language says that one. */
export function languageIn(context: Context<HttpEnv>, values: FormValues): Language {
  return languages.find((known) => known === values.lang) ?? languageOf(context);
}

/** The other language was asked for by a button: it stays. */
export function keepsLanguage(context: Context<HttpEnv>, { lang }: Words): Readonly<Record<string, string>> {
  return lang === languageOf(context) ? {} : { 'set-cookie': cookieFor(lang) };
}

/** The answer to a form has no address of its own: its other language is asked for by the form. */
export function languageButton(t: Words) {
  const other = t.lang === 'fr' ? 'en' : 'fr';
  return html`${enterChecks(formId)}<button class="link" form="${formId}" name="lang" value="${other}" lang="${other}">${t('site.other-language')}</button>`;
}
