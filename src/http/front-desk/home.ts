/** `/`: what this is, and the ways in. */

import { type Context, Hono } from 'hono';
import { html } from '#base/html';
import { type HttpEnv, methodNotAllowed } from '#http/response';
import type { FrontDeskOptions, PageOf } from './front-desk.ts';
import { languageOf } from './language.ts';
import { frontDeskWords } from './words.ts';

/** What a browser is answered where there is no page. */
export function unknownPage(context: Context<HttpEnv>, pageOf: PageOf): Promise<Response> {
  const t = frontDeskWords(languageOf(context));
  return pageOf(context, {
    status: 404,
    title: t.text('trouble.unknown-title'),
    body: html`<h1>${t('trouble.unknown-title')}</h1><p>${t('trouble.unknown')}</p><p>${t('trouble.home')}</p>`,
  });
}

export function homePage(options: FrontDeskOptions, pageOf: PageOf): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get('/', async (context) => {
      const t = frontDeskWords(languageOf(context));
      const registry = await options.registry().catch(() => undefined);
      const signedIn = await options.people?.signedIn(context);
      return pageOf(context, {
        signedIn,
        title: t.text('home.title'),
        body: html`<h1>${t('home.title')}</h1>
<p class="lead">${t('home.lead')}</p>
<p><a class="button main" href="/demande">${t('home.start')}</a></p>
<p class="hint">${t('home.minutes')}</p>
${options.people !== undefined && signedIn === undefined && html`<p>${t('home.sign-in')}</p>`}
<section aria-labelledby="avant"><h2 id="avant">${t('home.prepare')}</h2>
<ul><li>${t('home.prepare-siret')}</li><li>${t('home.prepare-urls')}</li><li>${t('home.prepare-contacts')}</li><li>${t('home.prepare-datapass')}</li></ul></section>
<section aria-labelledby="ensuite"><h2 id="ensuite">${t('home.next')}</h2>
<ol><li>${t('home.next-judged')}</li><li>${t('home.next-reviewed')}</li><li>${t('home.next-keys')}</li></ol></section>
${
  (registry !== undefined || options.catalogue !== undefined) &&
  html`<section aria-labelledby="autres"><h2 id="autres">${t('home.other')}</h2>
<ul>${registry !== undefined && html`<li>${t('home.git', { url: registry.url })}</li>`}${options.catalogue !== undefined && html`<li>${t('home.services')}</li>`}</ul></section>`
}`,
      });
    })
    .all('/', methodNotAllowed('GET, HEAD'));
}
