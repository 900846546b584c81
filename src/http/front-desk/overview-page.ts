/** `/suivi`: for operators, by their verified address. To everybody else it is not there. Reads only. */
import { type Context, Hono } from 'hono';
import type { Overview } from '#application/front-desk/overview';
import { type Html, html } from '#base/html';
import { formatMoment } from '#base/i18n/dates';
import { escapeInvisible } from '#base/i18n/invisible';
import { idPattern } from '#domain/definition/cell';
import { type HttpEnv, methodNotAllowed } from '#http/response';
import type { PageOf } from './front-desk.ts';
import { languageOf } from './language.ts';
import { type RequestWords, requestWords } from './request-words.ts';
import type { Sessions } from './session.ts';

export interface OverviewWork {
  readonly overview: () => Promise<Overview>;
  /** By the id of a definition. */
  readonly history: (id: string) => Promise<readonly object[]>;
}

export interface OverviewPageOptions {
  readonly sessions: Sessions;
  /** E-mail addresses in lower case. */
  readonly operators: readonly string[];
  readonly work: () => OverviewWork | undefined;
  readonly pageOf: PageOf;
}

export function overviewPage({ sessions, operators, work, pageOf }: OverviewPageOptions): Hono<HttpEnv> {
  async function show(context: Context<HttpEnv>): Promise<Response> {
    const session = sessions.read(context);
    const there = work();
    const t = requestWords(languageOf(context));
    if (session === undefined || there === undefined || !operators.includes(session.person.email))
      return pageOf(context, {
        status: 404,
        title: t.text('missing-title'),
        body: html`<h1>${t('missing-title')}</h1>`,
      });
    const id = (context.req.query('client') ?? '').trim();
    const history = idPattern.test(id) ? await there.history(id) : undefined;
    return pageOf(context, {
      title: t.text('overview-title'),
      body: overviewHtml(t, await there.overview(), id, history),
    });
  }
  return new Hono<HttpEnv>().get('/suivi', show).all('/suivi', methodNotAllowed('GET, HEAD'));
}

function overviewHtml(
  t: RequestWords,
  { requests, cells, issues, dead, waiting }: Overview,
  id: string,
  history: readonly object[] | undefined,
): Html {
  const at = (moment: Date): string => formatMoment(t.lang, moment);
  return html`<h1>${t('overview-title')}</h1>
<section aria-labelledby="demandes"><h2 id="demandes">${t('overview-requests')}</h2>${
    requests.length === 0
      ? html`<p>${t('overview-none')}</p>`
      : html`<ul>${requests.map(
          ({ state, count, oldest }) =>
            html`<li>${t(`overview-state-${state}`)} : ${count}, ${t('overview-oldest', { date: at(oldest) })}</li>`,
        )}</ul>`
  }</section>
<section aria-labelledby="cellules"><h2 id="cellules">${t('overview-cells')}</h2><ul>${cells.map(
    ({ cell, clients, differing, held }) =>
      html`<li>${cell} : ${t('overview-clients', { count: clients })}, ${
        differing === undefined
          ? t('overview-unseen')
          : differing === 0
            ? t('overview-in-sync')
            : t('overview-differs', { count: differing })
      }${held !== undefined && html`, ${t('overview-held', { server: held })} <code>greffier store moved</code>`}</li>`,
  )}</ul><p><code>greffier plan</code> <code>greffier reconcile</code></p></section>
<section aria-labelledby="sujets"><h2 id="sujets">${t('overview-issues')}</h2>${
    issues.length === 0
      ? html`<p>${t('overview-none')}</p>`
      : html`<ul>${issues.map(({ topic, issue }) => html`<li>${topic} : #${issue}</li>`)}</ul>`
  }</section>
<section aria-labelledby="travail"><h2 id="travail">${t('overview-work')}</h2><p>${t('overview-waiting', {
    count: waiting.count,
  })}${waiting.oldest !== undefined && html`, ${t('overview-oldest', { date: at(waiting.oldest) })}`}</p>${
    dead.length === 0
      ? html`<p>${t('overview-no-dead')}</p>`
      : html`<ul>${dead.map(
          ({ id: job, kind, since, error }) =>
            html`<li>${kind}, ${at(since)} : ${escapeInvisible(error)} <code>greffier jobs show ${job}</code> <code>greffier jobs retry ${job}</code></li>`,
        )}</ul>`
  }</section>
<section aria-labelledby="historique"><h2 id="historique">${t('overview-history')}</h2>
<form method="get" action="/suivi"><label for="client">${t('overview-client')}</label> <input id="client" name="client" value="${id}"> <button>${t('overview-show')}</button></form>${
    history !== undefined &&
    (history.length === 0
      ? html`<p>${t('overview-none')}</p>`
      : html`<ol>${history.map((event) => html`<li><code>${escapeInvisible(JSON.stringify(event))}</code></li>`)}</ol>`)
  }</section>`;
}
