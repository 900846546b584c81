/** In which language a visitor reads: as they chose, else as their browser says, else French. */
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { type Language, languages } from '#base/i18n/message';
import type { HttpEnv } from '#http/response';

/** Holds a choice of language and nothing else. */
const languageCookie = 'guichet_langue';

function known(text: string | undefined): Language | undefined {
  return languages.find((language) => language === text);
}

/** What the query says counts first, then the cookie of an earlier choice, then `Accept-Language`. */
export function languageOf(context: Context<HttpEnv>): Language {
  return (
    known(context.req.query('lang')) ??
    known(getCookie(context, languageCookie)) ??
    (/^\s*en\b/i.test(context.req.header('accept-language') ?? '') ? 'en' : 'fr')
  );
}

/** The cookie that keeps a choice. */
export function cookieFor(lang: Language): string {
  return `${languageCookie}=${lang}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax`;
}

/** The cookie that keeps a choice made by the query; undefined when none was made. */
export function rememberedLanguage(context: Context<HttpEnv>): string | undefined {
  const chosen = known(context.req.query('lang'));
  return chosen === undefined ? undefined : cookieFor(chosen);
}
