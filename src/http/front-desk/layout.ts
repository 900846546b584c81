/** What every page of the front desk has: its frame, its style, and the headers that let nothing foreign act. */

import { attributes, type Html, html } from '#base/html';
import type { Language } from '#base/i18n/message';
import { answer } from '#http/response';
import { assetAddress } from './assets.ts';
import type { SignedIn } from './people.ts';
import { frontDeskWords, type Words } from './words.ts';

export interface PageOptions {
  readonly lang: Language;
  /** Of the page: the service's own name is added. */
  readonly title: string;
  /** Its `main`, which begins with an `h1`. */
  readonly body: Html;
  /** 200 when undefined. */
  readonly status?: number;
  /** Who is signed in. */
  readonly signedIn?: SignedIn | undefined;
  /** Whether one can sign in here at all. */
  readonly canSignIn?: boolean;
  /** Whether there is a public catalogue. */
  readonly catalogue?: boolean;
  /** The path of the page, by which the menu marks it. */
  readonly here?: string;
  /** The query of the page, which its other language keeps. */
  readonly query?: Readonly<Record<string, string>>;
  /** What leads to the other language; the same page with another `lang` when undefined. */
  readonly otherLanguage?: Html;
  /** Further headers, such as `set-cookie`. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Origins, besides our own, that forms of the page may lead to. */
  readonly formAction?: readonly string[];
}

/** Sent with every page, errors included. A form must say where it came from: the referrer stays within our own origin. */
function pageHeaders(formAction: readonly string[]): Readonly<Record<string, string>> {
  const actions = ["'self'", ...formAction].join(' ');
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action ${actions}; base-uri 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    vary: 'accept-language, cookie',
  };
}

/** A whole page. */
export function page(options: PageOptions): Response {
  const { status = 200, headers = {}, formAction = [] } = options;
  const own = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return answer(status, String(pageHtml(options)), {
    ...pageHeaders(formAction),
    ...Object.fromEntries(own),
  });
}

function pageHtml(options: PageOptions): Html {
  const { lang, title, body } = options;
  const t = frontDeskWords(lang);
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – ${t.text('site.name')}</title>
<link rel="stylesheet" href="${assetAddress('guichet.css')}">
<link rel="icon" type="image/svg+xml" href="${assetAddress('guichet.svg')}">
<script type="module" src="${assetAddress('guichet.js')}"></script>
</head>
<body>
<a class="skip" href="#contenu">${t('site.skip')}</a>
${header(t, options)}
<main id="contenu" tabindex="-1">
${body}
</main>
<footer><div><p>${t('site.footer')}</p></div></footer>
</body>
</html>
`;
}

function header(t: Words, options: PageOptions): Html {
  const { lang, signedIn, canSignIn = false, catalogue = false, here = '' } = options;
  const other = lang === 'fr' ? 'en' : 'fr';
  const entry = (path: string, words: Html): Html =>
    html`<li><a${attributes({ href: path, 'aria-current': here === path && 'page' })}>${words}</a></li>`;
  return html`<header><div>
<a class="brand" href="/"><span>${t('site.brand')}</span> <strong>${t('site.name')}</strong></a>
<nav aria-label="${t.text('site.menu')}"><ul>
${entry('/demande', t('menu.request'))}
${catalogue && entry('/services', t('menu.services'))}
${signedIn !== undefined && entry('/demandes', t('menu.requests'))}
${signedIn?.operator === true && entry('/suivi', t('menu.overview'))}
${canSignIn && signedIn === undefined && entry('/connexion', t('menu.sign-in'))}
</ul></nav>
<div class="who">
${
  signedIn !== undefined &&
  html`<form method="post" action="/deconnexion"><input type="hidden" name="csrf" value="${signedIn.csrf}"><span>${signedIn.person.name ?? signedIn.person.email}</span> <button class="link">${t('menu.sign-out')}</button></form>`
}
${options.otherLanguage ?? html`<a href="?${new URLSearchParams({ ...options.query, lang: other }).toString()}" lang="${other}" hreflang="${other}">${t('site.other-language')}</a>`}
</div>
</div></header>`;
}
