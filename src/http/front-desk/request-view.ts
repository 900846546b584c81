/** A request as its page shows it. What others wrote is text, whatever it looks like. */
import type { OwnService } from '#application/front-desk/own-services';
import type { KeysState } from '#application/front-desk/request-keys';
import type { RequestPhase } from '#application/front-desk/request-phase';
import { takesAnswers } from '#application/front-desk/request-state';
import type { StoredAnswer, StoredRequest } from '#application/front-desk/request-store';
import type { ReviewSummary } from '#application/front-desk/review-summary';
import type { RevealedKeys } from '#application/handover/one-time-page';
import { type Html, html, ownHtml } from '#base/html';
import { formatDay, formatMoment } from '#base/i18n/dates';
import { escapeInvisible } from '#base/i18n/invisible';
import { placeFromPath } from '#domain/definition/cell';
import { severities } from '#domain/definition/finding';
import { valuesOf } from '#domain/front-desk/form-values';
import { type FieldFinding, reviewedFields } from '#domain/front-desk/judge';
import type { Requirement } from '#domain/review/evaluate/approvals';
import { namedFindingHtml } from './field-findings.ts';
import type { RequestWords } from './request-words.ts';
import { frontDeskWords } from './words.ts';

export interface RequestRow {
  readonly request: StoredRequest;
  readonly phase: RequestPhase;
  readonly since: Date;
}

export interface RequestView extends RequestRow {
  readonly answers: readonly StoredAnswer[];
  /** Whether the definition that is there is not theirs to read: nothing of it is said. */
  readonly isStranger: boolean;
  readonly keys: KeysState;
  readonly lacks: readonly string[];
  readonly csrf: string;
  /** Drawn for the answer that may be written now. */
  readonly answerId: string;
}

export interface RequestListView {
  readonly rows: readonly RequestRow[];
  readonly services: readonly OwnService[];
  readonly lacks: readonly string[];
  readonly csrf: string;
  /** Drawn for what may be asked for now. */
  readonly id: string;
  /** Whether answers wait in another tab to be sent. */
  readonly beside: boolean;
}

export function requestListHtml(t: RequestWords, view: RequestListView): Html {
  const { rows, lacks } = view;
  const row = ({
    request,
    phase,
    since,
  }: RequestRow): Html => html`<li><h2><a href="/demandes/${request.number}">${t('request-title', { number: request.number })} : ${nameOf(request)}</a></h2>
<p><strong>${t(`phase-${phase}`)}</strong>, ${t('since', { date: formatDay(t.lang, since) })}</p>
<p class="hint">${cellOf(t, request.path)}</p></li>
`;
  return html`<h1>${t('list-title')}</h1>
${view.beside && html`<p class="note" role="status">${t('list-beside')}</p>`}
${lacksHtml(t, lacks)}
${rows.length === 0 ? html`<p>${t('list-empty')}</p>` : html`<ul class="services">${rows.map(row)}</ul>`}
<p><a href="/demande">${t('list-new')}</a></p>
${view.services.length > 0 && servicesHtml(t, view)}`;
}

/** What the person may change, promote and remove. */
function servicesHtml(t: RequestWords, { services, csrf, id }: RequestListView): Html {
  const item = ({ cell, id: name, name: title, path, asked }: OwnService): Html => {
    const from = encodeURIComponent(`${cell}/${name}`);
    // Those who go from link to link hear which service each is about.
    const which = html`<span class="away"> ${escapeInvisible(title)}</span>`;
    return html`<li><strong>${escapeInvisible(title)}</strong> <span class="where">${cellOf(t, path)}, <code>${name}</code></span>
${
  asked !== undefined &&
  html`<p>${t('service-asked', { date: formatDay(t.lang, asked) })}</p>
<form method="post" action="/demandes"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="path" value="${path}"><button name="action" value="keep">${t('service-keep-button')}${which}</button></form>`
}
<ul><li><a href="/demande?from=${from}">${t('service-change')}${which}</a></li>
${cell.endsWith('/integration') && html`<li><a href="/demande?from=${from}&amp;to=production">${t('service-promote')}${which}</a></li>`}
<li><details><summary>${t('service-remove')}${which}</summary><p>${t('service-remove-hint')}</p>
<form method="post" action="/demandes"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="id" value="${id}"><input type="hidden" name="path" value="${path}"><button name="action" value="remove">${t('service-remove-button')}</button></form></details></li></ul></li>`;
  };
  return html`<section aria-labelledby="services"><h2 id="services">${t('services-title')}</h2><p>${t('services-hint')}</p><ul>${services.map(item)}</ul></section>`;
}

export function requestHtml(t: RequestWords, view: RequestView): Html {
  const { request, phase, since, keys } = view;
  const review = request.review as ReviewSummary | null;
  const living = request.state === 'sending' || request.state === 'open';
  const isToCorrect = phase === 'to-correct';
  return html`<h1>${t('request-title', { number: request.number })} : ${nameOf(request)}</h1>
<p class="hint">${cellOf(t, request.path)}</p>
<div class="note${isToCorrect && ' care'}"><p><strong>${t(`phase-${phase}`)}</strong>, ${t('since', { date: formatMoment(t.lang, since) })}</p>
<p>${t(`next-${phase}`)}</p></div>
${request.state === 'sending' && lacksHtml(t, view.lacks)}
${living && phase !== 'judging' && review !== null && findingsHtml(t, view, review)}
${phase === 'waiting' && review !== null && missingHtml(t, review)}
${keysHtml(t, view, keys)}
${talkHtml(t, view)}
${living && isToCorrect && correctionsHtml(t, request, true)}
${takesAnswers(request) && answerForm(t, view)}
${living && !isToCorrect && correctionsHtml(t, request, false)}
${living && withdrawForm(t, view)}
<p><a href="/demandes">${t('back')}</a></p>`;
}

/** How the service is called in what was sent; its file where it is to be removed. */
function nameOf({ path, wanted }: StoredRequest): string {
  const name = wanted === null ? undefined : valuesOf(path, wanted)?.name;
  return name === undefined || name === '' ? (placeFromPath(path)?.id ?? path) : escapeInvisible(name);
}

/** `Production, Internet`. */
function cellOf({ lang }: RequestWords, path: string): Html {
  const words = frontDeskWords(lang);
  const place = placeFromPath(path);
  if (place === undefined) return html`${path}`;
  return html`${words(`choice.environment.${place.environment}`)}, ${words(`choice.network.${place.network}`)}`;
}

function serviceOf({ path }: StoredRequest): string {
  const place = placeFromPath(path);
  return place === undefined ? path : `${place.network}/${place.environment}/${place.id}`;
}

function lacksHtml(t: RequestWords, lacks: readonly string[]): Html | false {
  return (
    lacks.length > 0 &&
    html`<p class="note" role="status">${t('lacks', { permissions: lacks.join(', ') })}</p>`
  );
}

/** What these find is said with what the definition says now. */
const tellsBefore = /^change\/(?!owner$)/;

function withoutBefore(finding: FieldFinding): FieldFinding {
  return { ...finding, message: { key: 'change/hidden', values: {} } };
}

/** What was found, of the fields of the form; what is certain is corrected by a button. */
function findingsHtml(
  t: RequestWords,
  { request, csrf, isStranger }: RequestView,
  review: ReviewSummary,
): Html | false {
  if (review.findings.length === 0) return false;
  const words = frontDeskWords(t.lang);
  const found = reviewedFields({ path: request.path, text: request.wanted ?? '' }, review.findings);
  const weight = ({ severity }: FieldFinding) => severities.indexOf(severity);
  // Made by somebody else, what was found may not be in what the person would correct.
  const isOwn = review.head === request.commit;
  const shown = found
    .toSorted((one, other) => weight(one) - weight(other))
    .map(({ fix, ...finding }) => (isOwn && fix !== undefined ? { ...finding, fix } : finding))
    .map((finding) => (isStranger && tellsBefore.test(finding.rule) ? withoutBefore(finding) : finding));
  return html`<section aria-labelledby="constats"><h2 id="constats">${t('findings-title')}</h2>
<form method="post"><input type="hidden" name="csrf" value="${csrf}">
${shown.map((finding) => namedFindingHtml(words, finding))}</form></section>`;
}

function missingHtml(t: RequestWords, { missing, lookAgainBy = [] }: ReviewSummary): Html {
  const item = (requirement: Requirement): Html => {
    switch (requirement.reason) {
      case 'environment':
        return t('missing-environment', {
          count: requirement.count,
          environment: frontDeskWords(t.lang)(`choice.environment.${requirement.environment}`),
        });
      case 'decision':
        return t('missing-decision');
      case 'owner':
      case 'owners-changed':
        return t('missing-owner', { owners: requirement.owners.length === 0 ? '–' : requirement.owners });
    }
  };
  return html`<section aria-labelledby="manque"><h2 id="manque">${t('missing-approvals-title')}</h2><ul>${missing.map(
    (requirement) => html`<li>${item(requirement)}</li>`,
  )}${lookAgainBy.length > 0 && html`<li>${t('missing-look-again', { people: lookAgainBy })}</li>`}</ul></section>`;
}

function keysHtml(t: RequestWords, { csrf }: RequestView, keys: KeysState): Html | false {
  if (keys === 'none') return false;
  return html`<section aria-labelledby="cles"><h2 id="cles">${t('keys-title')}</h2><p>${t(`keys-${keys}`)}</p>${
    keys === 'waiting' &&
    html`<form method="post"><input type="hidden" name="csrf" value="${csrf}"><button name="action" value="keys">${t('keys-button')}</button></form>`
  }</section>`;
}

export function revealedKeysHtml(t: RequestWords, keys: RevealedKeys, number: number): Html {
  const words = frontDeskWords(t.lang);
  const item = (id: string, term: Html, value: string): Html =>
    html`<dt>${term}</dt><dd><code class="secret" id="${id}">${value}</code> <button type="button" data-copy="${id}" data-copied="${words.text('check.copied')}" aria-describedby="${id}-nom" hidden>${words('check.copy')}</button><span class="away" id="${id}-nom">${term}</span></dd>`;
  return html`<h1>${t('keys-title')}</h1>
<p class="note" role="status">${t('keys-copy')}</p>
<dl class="keys">
${item('client-id', t('keys-client-id'), keys.clientId)}
${item('client-secret', t('keys-secret'), keys.secret)}
${keys.discovery !== undefined && item('configuration', t('keys-discovery'), keys.discovery)}
${item('methode', t('keys-method'), keys.method)}
</dl>
<p><a href="/demandes/${number}">${t('back-to-request')}</a></p>`;
}

/** What people wrote, and what the person answered, in the order in which it was said. */
function talkHtml(t: RequestWords, { request, answers }: RequestView): Html | false {
  const remarks = request.talk.map(({ at, login, team, text, decision }) => ({
    at: new Date(at),
    by: html`${t(team === true ? 'talk-by-team' : 'talk-by', { login })}${decision !== undefined && html` : <strong>${t(`talk-${decision}`)}</strong>`}`,
    text,
  }));
  const own = answers.map(({ at, text, posted }) => ({
    at,
    by: t(posted ? 'talk-you' : 'talk-you-sending'),
    text,
  }));
  const all = [...remarks, ...own].toSorted((one, other) => +one.at - +other.at);
  if (all.length === 0) return false;
  return html`<section aria-labelledby="echanges"><h2 id="echanges">${t('talk-title')}</h2><ol class="talk">${all.map(
    ({ at, by, text }) =>
      html`<li><p>${by}, ${formatMoment(t.lang, at)}</p>${text.trim() !== '' && html`<blockquote>${inLines(text)}</blockquote>`}</li>`,
  )}</ol></section>`;
}

/** Line by line, with what cannot be seen made visible. */
export function inLines(text: string): readonly Html[] {
  const lines = text.replace(/\r\n?/g, '\n').split('\n').map(escapeInvisible);
  return lines.map((line, at) => html`${at > 0 && ownHtml('<br>')}${line}`);
}

function answerForm(t: RequestWords, { csrf, answerId }: RequestView): Html {
  return html`<section><form method="post"><h2><label for="answer">${t('answer-label')}</label></h2>
<p id="answer-hint">${t('answer-hint')}</p>
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="id" value="${answerId}">
<textarea id="answer" name="answer" rows="5" maxlength="5000" required aria-describedby="answer-hint"></textarea>
<p><button name="action" value="answer">${t('answer-button')}</button></p></form></section>`;
}

/** @param first whether it is what the person has to do now */
function correctionsHtml(t: RequestWords, request: StoredRequest, first: boolean): Html | false {
  return (
    request.wanted !== null &&
    html`<section aria-labelledby="corriger"><h2 id="corriger">${t('correct-title')}</h2>
<p><a class="button${first && ' main'}" href="/demande?from=${encodeURIComponent(serviceOf(request))}">${t('correct-link')}</a></p></section>`
  );
}

function withdrawForm(t: RequestWords, { csrf }: RequestView): Html {
  return html`<details><summary>${t('withdraw-title')}</summary><p>${t('withdraw-hint')}</p>
<form method="post"><input type="hidden" name="csrf" value="${csrf}"><button name="action" value="withdraw">${t('withdraw-button')}</button></form></details>`;
}
