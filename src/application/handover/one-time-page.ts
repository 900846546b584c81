/**
 * The one-time page. Nothing of the keys is in the answer to a GET: mail gateways open every link to look behind it.
 * They are in the answer to the button, once. No script, so that nothing can be injected into; no cache, no referrer,
 * no frame.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatMoment } from '#base/i18n/dates';
import { type Language, languages } from '#base/i18n/message';
import { trusted } from '#base/i18n/translator';
import { isToken, tokenHash } from './link-token.ts';
import { cellWords, handoverTranslator, quoteHtml } from './messages.ts';

/** A handover as the page may know it before the button. */
export interface HandoverSummary {
  readonly name: string;
  readonly cell: string;
  readonly expiresAt: Date;
}

export interface RevealedKeys {
  readonly name: string;
  readonly cell: string;
  readonly clientId: string;
  readonly secret: string;
  readonly discovery?: string;
  /** How the application shows its secret, such as `client_secret_post`. */
  readonly method: string;
}

export type UnavailableReason = 'revealed' | 'expired' | 'replaced' | 'unknown';

export interface HandoverStore {
  /** Looks without changing anything. */
  peek(hash: string): Promise<HandoverSummary | UnavailableReason>;
  /** Gives the keys and erases them, for one caller only. `broken`: they could not be opened, and were kept. */
  reveal(hash: string): Promise<RevealedKeys | UnavailableReason | 'broken'>;
}

export interface HandoverPageRequest {
  readonly method: string;
  readonly token: string;
  /** Of the query, `en` or `fr`. */
  readonly lang?: string;
  readonly acceptLanguage?: string;
}

export interface HandoverPageResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The look of the front desk, in the page itself: it loads nothing, and is there without a front desk too. */
const style = readFileSync(new URL('../../../templates/front-desk/guichet.css', import.meta.url), 'utf8');

const styleHash = createHash('sha256').update(style).digest('base64');

/** Sent with every answer of the page, errors included. */
const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** @param ofRegistry the language of the registry, for who asked for none that there is */
export async function handoverPage(
  handovers: HandoverStore,
  request: HandoverPageRequest,
  ofRegistry: Language = 'fr',
): Promise<HandoverPageResponse> {
  const language = languageOf(request) ?? ofRegistry;
  const { method } = request;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    const refused = unavailablePage('unknown', language);
    return { ...refused, status: 405, headers: { ...refused.headers, allow: 'GET, HEAD, POST' } };
  }
  if (!isToken(request.token)) return unavailablePage('unknown', language);
  const hash = tokenHash(request.token);
  if (method === 'POST') {
    const keys = await handovers.reveal(hash);
    if (keys === 'broken') return brokenPage(language);
    return typeof keys === 'string' ? unavailablePage(keys, language) : keysPage(keys, language);
  }
  const summary = await handovers.peek(hash);
  const response =
    typeof summary === 'string' ? unavailablePage(summary, language) : buttonPage(summary, language);
  return method === 'HEAD' ? { ...response, body: '' } : response;
}

/** The language that the reader asked for: by the link to the other one, or by the browser's settings. */
function languageOf(request: HandoverPageRequest): Language | undefined {
  if (request.lang === 'en' || request.lang === 'fr') return request.lang;
  return languages.find((one) => new RegExp(`^\\s*${one}\\b`, 'i').test(request.acceptLanguage ?? ''));
}

function buttonPage(summary: HandoverSummary, language: Language): HandoverPageResponse {
  const t = handoverTranslator(language, quoteHtml);
  const other = language === 'fr' ? 'en' : 'fr';
  return page(200, language, t('page-title'), [
    `<p>${t('page-intro', { name: trusted(`<strong>${quoteHtml(summary.name)}</strong>`), cell: cellWords(summary.cell, language) })}</p>`,
    `<p class="note">${t('page-once')}</p>`,
    `<form method="post" action="?lang=${language}"><button type="submit" class="main">${t('page-button')}</button></form>`,
    `<p>${t('page-until', { date: formatMoment(language, summary.expiresAt) })}</p>`,
    `<p><a href="?lang=${other}" lang="${other}" hreflang="${other}">${t('page-other-language')}</a></p>`,
  ]);
}

function keysPage(keys: RevealedKeys, language: Language): HandoverPageResponse {
  const t = handoverTranslator(language, quoteHtml);
  const item = (term: string, value: string): string =>
    `<dt>${term}</dt><dd><code class="secret" tabindex="0">${quoteHtml(value)}</code></dd>`;
  return page(200, language, t('shown-title'), [
    `<p>${t('page-intro', { name: trusted(`<strong>${quoteHtml(keys.name)}</strong>`), cell: cellWords(keys.cell, language) })}</p>`,
    `<p class="note" role="status">${t('shown-copy')}</p>`,
    '<dl class="keys">',
    item(t('shown-client-id'), keys.clientId),
    item(t('shown-secret'), keys.secret),
    ...(keys.discovery === undefined ? [] : [item(t('shown-discovery'), keys.discovery)]),
    item(t('shown-method'), keys.method),
    '</dl>',
    `<p>${t('shown-care')}</p>`,
  ]);
}

function unavailablePage(reason: UnavailableReason, language: Language): HandoverPageResponse {
  const t = handoverTranslator(language, quoteHtml);
  const renew = t('gone-renew', { command: trusted('<strong>/greffier handover</strong>') });
  const replace = t('gone-replace', { command: trusted('<strong>/greffier rotate</strong>') });
  return page(reason === 'unknown' ? 404 : 410, language, t('gone-title'), [
    `<p>${t(`gone-${reason}`)}</p>`,
    ...(reason === 'revealed' ? [`<p>${replace}</p>`] : []),
    ...(reason === 'expired' ? [`<p>${renew}</p>`] : []),
  ]);
}

function brokenPage(language: Language): HandoverPageResponse {
  const t = handoverTranslator(language, quoteHtml);
  return page(503, language, t('broken-title'), [`<p>${t('broken')}</p>`]);
}

function page(
  status: number,
  language: Language,
  title: string,
  content: readonly string[],
): HandoverPageResponse {
  const body = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header><div><span class="brand"><span>ProConnect</span></span></div></header>
<main>
<h1>${title}</h1>
${content.join('\n')}
</main>
</body>
</html>
`;
  return { status, headers: pageHeaders, body };
}
