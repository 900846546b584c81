/** What operators see on `/suivi`: of each matter how it is, and the command that helps. */
import type { CellOverview, DriftedClient } from '#application/front-desk/cell-overview';
import type { Overview } from '#application/front-desk/overview';
import { type Html, html, sentenceHtml } from '#base/html';
import { formatDay, formatMoment } from '#base/i18n/dates';
import { escapeInvisible } from '#base/i18n/invisible';
import type { Message } from '#base/i18n/message';
import { codeSpan } from '#base/i18n/render';
import { placeFromPath } from '#domain/definition/cell';
import type { FieldChange } from '#domain/provisioning/client-metadata';
import { translateProvisioning } from '#domain/provisioning/messages';
import { changeLine } from '#domain/provisioning/outcome-lines';
import { onDay } from '#domain/registry/freeze';
import { type RequestWords, requestMessageKey } from './request-words.ts';
import { frontDeskWords } from './words.ts';

/** One event of the audit trail. */
export type HistoryEvent = Readonly<Record<string, unknown>>;

export interface OverviewView {
  readonly overview: Overview;
  /** Of the registry, for people; undefined while it is not known. */
  readonly url: string | undefined;
  /** The client whose history was asked for. */
  readonly id: string;
  readonly history: readonly HistoryEvent[] | undefined;
}

/** Values of one list that are shown. */
const maxValues = 10;

export function overviewHtml(t: RequestWords, view: OverviewView): Html {
  const { overview } = view;
  const { compared, cells } = overview;
  const command = commands(t);
  const at = (moment: Date): string => formatMoment(t.lang, moment);
  const section = (id: string, title: Html, body: Html): Html =>
    html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${body}</section>
`;
  return html`<h1>${t('overview-title')}</h1>
<p class="lead">${compared === undefined ? t('overview-never') : t('overview-compared', { date: at(compared) })}</p>
${section('demandes', t('overview-requests'), requestsHtml(t, view))}
${section('cellules', t('overview-cells'), html`${cells.map((cell) => cellHtml(t, cell, view.url, command))}`)}
${section('sujets', t('overview-issues'), issuesHtml(t, view, command))}
${section('travail', t('overview-work'), workHtml(t, overview, command))}
${section('historique', t('overview-history'), historyHtml(t, view, command))}`;
}

/** A command, with a button that copies it where scripts run. */
type CommandHtml = (text: string, what: Html) => Html;

function commands(t: RequestWords): CommandHtml {
  const words = frontDeskWords(t.lang);
  let number = 0;
  return (text, what) => {
    number += 1;
    const id = `commande-${number}`;
    return html`<p class="command">${what} <code id="${id}">${text}</code> <button type="button" data-copy="${id}" data-copied="${words.text('check.copied')}" aria-describedby="${id}" hidden>${words('check.copy')}</button></p>
`;
  };
}

function link(url: string | undefined, path: string, words: string): Html {
  return url === undefined ? html`${words}` : html`<a href="${url}/${path}">${words}</a>`;
}

function requestsHtml(t: RequestWords, { overview: { requests, open }, url }: OverviewView): Html {
  if (requests.length === 0) return html`<p>${t('overview-none')}</p>`;
  const at = (moment: Date): string => formatMoment(t.lang, moment);
  return html`<ul>${requests.map(
    ({ state, count, oldest }) =>
      html`<li>${t(`overview-state-${state}`)} : ${count}, ${t('overview-oldest', { date: at(oldest) })}</li>`,
  )}</ul>
${
  open.length > 0 &&
  html`<h3>${t('overview-open')}</h3>
<ul>${open.map(({ number, path, state, since, pull }) => {
    const place = placeFromPath(path);
    const service = place === undefined ? path : `${place.network}/${place.environment}/${place.id}`;
    return html`<li>${t('request-title', { number })} : <code>${service}</code>, ${(state === 'sending' || state === 'withdrawing') && html`${t(`phase-${state}`)}, `}${t('since', { date: at(since) })}${pull !== undefined && html`, ${link(url, `pull/${pull}`, `#${pull}`)}`}</li>`;
  })}</ul>`
}`;
}

function cellHtml(t: RequestWords, view: CellOverview, url: string | undefined, command: CommandHtml): Html {
  const { cell, provider, clients, inactive, differing, freeze, held, asked, objections } = view;
  const isWrong = (differing ?? 0) > 0;
  const facts: readonly (Html | false)[] = [
    provider === undefined ? t('overview-unserved') : t(`overview-provider-${provider}`),
    html`${t('overview-clients', { count: clients })}${inactive > 0 && html`, ${t('overview-inactive', { count: inactive })}`}`,
    differing === undefined
      ? t('overview-unseen')
      : isWrong
        ? html`<strong>${t('overview-differs', { count: differing })}</strong>`
        : t('overview-in-sync'),
    healthHtml(t, view, url),
    asked > 0 && t('overview-asked', { count: asked }),
    freeze !== undefined && freezeHtml(t, freeze),
    held !== undefined && html`<strong>${t('overview-held', { server: held })}</strong>`,
  ];
  return html`<article class="cell" aria-labelledby="cellule-${cell.replace('/', '-')}"><h3 id="cellule-${cell.replace('/', '-')}"><code>${cell}</code></h3>
<ul>${facts.map((fact) => fact !== false && html`<li>${fact}</li>`)}</ul>
${view.drifts.map((drift) => driftHtml(t, drift))}
${view.lost.length > 0 && html`<p>${t('overview-lost', { clients: view.lost })}</p>`}
${objections.length > 0 && html`<p>${t('overview-objections')}</p><ul>${objections.map(({ id, text }) => html`<li><code>${id}</code> ${sentenceHtml(text)}</li>`)}</ul>`}
${provider !== undefined && command(`greffier plan --cell ${cell}`, t('overview-do-plan'))}
${provider !== undefined && isWrong && command(`greffier reconcile --cell ${cell}`, t('overview-do-reconcile'))}
${held !== undefined && command(`greffier store moved ${cell}`, t('overview-do-moved'))}
${view.silentSince !== undefined && command('greffier doctor', t('overview-do-doctor'))}</article>
`;
}

function healthHtml(t: RequestWords, view: CellOverview, url: string | undefined): Html | false {
  const { provider, trouble, silentSince, differing } = view;
  if (trouble !== undefined)
    return html`<strong>${t('overview-trouble', { issue: link(url, `issues/${trouble}`, `#${trouble}`) })}</strong>`;
  if (silentSince !== undefined)
    return html`<strong>${t('overview-silent', { date: formatMoment(t.lang, silentSince) })}</strong>`;
  return provider !== undefined && provider !== 'manual' && differing !== undefined && t('overview-healthy');
}

function freezeHtml(t: RequestWords, { until, reason }: NonNullable<CellOverview['freeze']>): Html {
  const why = reason === '' ? t('overview-frozen-unread') : html`<q>${escapeInvisible(reason)}</q>`;
  return until === undefined
    ? html`<strong>${t('overview-frozen')}</strong> : ${why}`
    : html`<strong>${t('overview-frozen-until', { date: formatDay(t.lang, onDay(until)) })}</strong> : ${why}`;
}

/** What was asked for, and what the provider says: names, addresses and settings of the client, and no secret. */
function driftHtml(t: RequestWords, { id, changes }: DriftedClient): Html {
  const line = ({ field, from, to }: FieldChange): Html => {
    const change = { field, ...shownValue('from', to), ...shownValue('to', from) };
    return html`<li>${sentenceHtml(changeLine(change, t.lang, codeSpan))}</li>`;
  };
  return html`<div class="drift"><p><strong>${t('overview-drift', { client: html`<code>${id}</code>` })}</strong></p>
<ul>${changes.map(line)}</ul></div>
`;
}

function shownValue(name: 'from' | 'to', value: FieldChange['from']): Pick<FieldChange, 'from' | 'to'> {
  if (value === undefined) return {};
  return { [name]: typeof value === 'object' ? value.slice(0, maxValues) : value };
}

function issuesHtml(t: RequestWords, { overview, url }: OverviewView, command: CommandHtml): Html {
  const { issues, confirmable } = overview;
  if (issues.length + confirmable.length === 0) return html`<p>${t('overview-none')}</p>`;
  const about = (topic: string): Html => {
    const [kind = '', cell = ''] = topic.split(' ');
    const key = requestMessageKey(`overview-topic-${kind}`);
    return key === undefined ? html`<code>${topic}</code>` : t(key, { cell });
  };
  return html`<ul>${issues.map(({ topic, issue }) => html`<li>${link(url, `issues/${issue}`, `#${issue}`)} : ${about(topic)}</li>`)}</ul>
${confirmable.map((digest) => command(`/greffier confirm ${digest}`, t('overview-do-confirm')))}`;
}

function workHtml(t: RequestWords, overview: Overview, command: CommandHtml): Html {
  const { dead, waiting, failedMails } = overview;
  const at = (moment: Date): string => formatMoment(t.lang, moment);
  return html`<p>${t('overview-waiting', { count: waiting.count })}${waiting.oldest !== undefined && html`, ${t('overview-oldest', { date: at(waiting.oldest) })}`}</p>
${failedMails > 0 && html`<p><strong>${t('overview-mails', { count: failedMails })}</strong></p>`}
${
  dead.length === 0
    ? html`<p>${t('overview-no-dead')}</p>`
    : html`<ul>${dead.map(
        ({ id, kind, since, error }) =>
          html`<li><p>${t('overview-dead', { kind: html`<code>${kind}</code>`, date: at(since) })} <code>${escapeInvisible(error)}</code></p>
${command(`greffier jobs show ${id}`, t('overview-do-show'))}
${command(`greffier jobs retry ${id}`, t('overview-do-retry'))}
${command(`greffier jobs discard ${id}`, t('overview-do-discard'))}</li>`,
      )}</ul>`
}`;
}

function historyHtml(t: RequestWords, { id, history, url }: OverviewView, command: CommandHtml): Html {
  return html`<form class="search" method="get" action="/suivi"><label for="client">${t('overview-client')}</label>
<input type="text" id="client" name="client" value="${id}" autocapitalize="off" spellcheck="false"> <button>${t('overview-show')}</button></form>
${
  history !== undefined &&
  html`${history.length === 0 ? html`<p role="status">${t('overview-none')}</p>` : html`<ol class="events">${history.map((event) => eventHtml(t, event, url))}</ol>`}
${command(`greffier log ${id}`, t('overview-do-log'))}`
}`;
}

/** One event: when, what, for which client, why and by whom; what is not known here stands as it is. */
function eventHtml(t: RequestWords, event: HistoryEvent, url: string | undefined): Html {
  const { at, what, cell, clientId, cause, by, message, text } = event;
  const key = requestMessageKey(`event-${String(what)}`);
  const {
    pull,
    author,
    approvedBy = [],
  } = (cause ?? {}) as {
    readonly pull?: number;
    readonly author?: string;
    readonly approvedBy?: readonly string[];
  };
  const named = (value: unknown): Html | false =>
    typeof value === 'string' && value !== '' && html` <code>${escapeInvisible(value)}</code>`;
  return html`<li><time>${formatMoment(t.lang, new Date(String(at)))}</time> : ${key === undefined ? html`<code>${escapeInvisible(String(what))}</code>` : t(key)}${named(cell)}${named(clientId)}${
    typeof pull === 'number' && html`, ${link(url, `pull/${pull}`, `#${pull}`)}`
  }${typeof author === 'string' && html`, ${t('event-author', { login: author })}`}${
    approvedBy.length > 0 && html`, ${t('event-approved', { logins: approvedBy })}`
  }${typeof by === 'string' && html`, ${t('event-by', { login: by })}`}${
    isMessage(message) && html` – ${sentenceHtml(translateProvisioning(message, t.lang, codeSpan))}`
  }${typeof text === 'string' && html` – ${sentenceHtml(text)}`}</li>
`;
}

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'key' in message && 'values' in message;
}
