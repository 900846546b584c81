/** `/services`, `/services.json`: the public catalogue, with its search. */

import { type Context, Hono } from 'hono';
import { type ListedService, type PublicCatalogue, searched } from '#application/front-desk/catalogue';
import { type Html, html } from '#base/html';
import { formatDay } from '#base/i18n/dates';
import { answer, type HttpEnv, methodNotAllowed } from '#http/response';
import type { FrontDeskOptions, PageOf } from './front-desk.ts';
import { languageOf } from './language.ts';
import { frontDeskWords, type Words } from './words.ts';

/** Services on one page. */
const perPage = 25;
/** Characters of a search. */
const maxQuery = 200;

export function servicesPages({ catalogue }: FrontDeskOptions, pageOf: PageOf): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  if (catalogue === undefined) return app;

  async function list(context: Context<HttpEnv>): Promise<Response> {
    const t = frontDeskWords(languageOf(context));
    const known = await catalogue?.();
    const query = (context.req.query('q') ?? '').slice(0, maxQuery).trim();
    const number = Math.max(1, Number.parseInt(context.req.query('page') ?? '1', 10) || 1);
    return pageOf(context, {
      status: known === undefined ? 503 : 200,
      title: t.text('services.title'),
      body: html`<h1>${t('services.title')}</h1>
<p class="lead">${t('services.lead')}</p>
${known === undefined ? html`<p class="note">${t('services.unknown')}</p>` : servicesHtml(t, known, query, number)}`,
    });
  }

  async function json(context: Context<HttpEnv>): Promise<Response> {
    const known = await catalogue?.();
    if (known === undefined) return answer(503);
    const query = (context.req.query('q') ?? '').slice(0, maxQuery).trim();
    return answer(200, query === '' ? wholeJson(known) : jsonOf(known, searched(known.services, query)), {
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=60',
    });
  }

  return app
    .get('/services', list)
    .get('/services.json', json)
    .on(['ALL'], ['/services', '/services.json'], methodNotAllowed('GET, HEAD'));
}

function jsonOf({ changed }: PublicCatalogue, services: readonly ListedService[]): Buffer<ArrayBuffer> {
  return Buffer.from(JSON.stringify({ changed: changed ?? null, services }));
}

const made = new WeakMap<PublicCatalogue, Buffer<ArrayBuffer>>();

/** The whole of it, written once for all who ask. */
function wholeJson(known: PublicCatalogue): Buffer<ArrayBuffer> {
  const json = made.get(known) ?? jsonOf(known, known.services);
  made.set(known, json);
  return json;
}

function servicesHtml(t: Words, { services, changed }: PublicCatalogue, query: string, wanted: number): Html {
  const found = searched(services, query);
  const pages = Math.max(1, Math.ceil(found.length / perPage));
  const number = Math.min(wanted, pages);
  const shown = found.slice((number - 1) * perPage, number * perPage);
  const count =
    query === ''
      ? t('services.count', { count: found.length })
      : t('services.found', { count: found.length, query: html`<strong>${query}</strong>` });
  return html`<form class="search" role="search" method="get" action="/services">
<label for="q">${t('services.search')}</label>
<input type="search" id="q" name="q" value="${query}" maxlength="${maxQuery}">
<button>${t('services.search-button')}</button>
</form>
<p role="status">${count}${query !== '' && html` – <a href="/services">${t('services.all')}</a>`}</p>
<ul class="services">
${shown.map((service) => serviceHtml(t, service))}</ul>
${pages > 1 && pagesHtml(t, query, number, pages)}
<p class="hint">${changed !== undefined && html`${t('services.updated', { date: formatDay(t.lang, changed) })} `}${t('services.json')}</p>`;
}

function serviceHtml(t: Words, { name, description, organization, since, changed }: ListedService): Html {
  const from = formatDay(t.lang, since);
  const last = formatDay(t.lang, changed);
  return html`<li><h2>${name}</h2>
${description !== '' && html`<p lang="fr">${description}</p>`}
<p class="hint">${organization.name ?? t('services.organization', { siret: organization.siret })} – ${t('services.since', { date: from })}${last !== from && html`, ${t('services.changed', { date: last })}`}</p></li>
`;
}

function address(query: string, number: number): string {
  const parameters = new URLSearchParams({
    ...(query !== '' && { q: query }),
    ...(number > 1 && { page: String(number) }),
  });
  return parameters.size === 0 ? '/services' : `/services?${parameters}`;
}

function pagesHtml(t: Words, query: string, number: number, pages: number): Html {
  return html`<nav class="pages" aria-label="${t.text('services.page', { page: number, pages })}">
${number > 1 && html`<a rel="prev" href="${address(query, number - 1)}">${t('services.previous')}</a>`}
<span>${t('services.page', { page: number, pages })}</span>
${number < pages && html`<a rel="next" href="${address(query, number + 1)}">${t('services.next')}</a>`}
</nav>`;
}
