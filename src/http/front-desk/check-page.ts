/** The page to check the answers: what was answered, what will be written, what comes of it, and how it is sent. */

import type { ProviderKind } from '#base/config/cells';
import { type Html, html } from '#base/html';
import { listedLines } from '#base/listed-lines';
import { placeFromPath } from '#domain/definition/cell';
import { type Field, sections } from '#domain/front-desk/fields';
import { type FormValues, idOf, reasonFor, tickedScopes } from '#domain/front-desk/form-values';
import type { FieldFinding, FormVerdict } from '#domain/front-desk/judge';
import { fieldLabel } from './error-summary.ts';
import { namedFindingHtml } from './field-findings.ts';
import { formId, hidden } from './form-controls.ts';
import { newFileLink, type RegistryPlace } from './new-file-link.ts';
import { type Organization, organizationText } from './organization.ts';
import { signedInBeside } from './own-path.ts';
import { frontDeskKey, type Words } from './words.ts';

export interface CheckPage {
  readonly values: FormValues;
  readonly verdict: FormVerdict;
  readonly title: string;
  readonly csrf: string | undefined;
  /** Who makes the client, where anyone does. */
  readonly provider: ProviderKind | undefined;
  /** Whether the definition is there already, and changes. */
  readonly isChange: boolean;
  /** Whether the desk sends by itself, would do so for someone who signs in, or only hands the file over. */
  readonly sending: 'here' | 'after-sign-in' | 'by-hand';
  /** That it was to be sent and was not, and who is known to be there by now. */
  readonly unsent?: { readonly by: string | undefined } | undefined;
  /** Who is behind the SIRET, where that was asked. */
  readonly organization: Organization | undefined;
  /** Undefined while it is not known. */
  readonly registry: RegistryPlace | undefined;
}

/** The names of the controls of the form that are kept from page to page. */
function keptValues(values: FormValues): readonly (readonly [string, string])[] {
  const scopes = tickedScopes(values).flatMap((scope) => [
    [`optional_scopes.${scope}`, 'on'] as const,
    [`optional_scopes.${scope}.justification`, reasonFor(values, scope)] as const,
  ]);
  const own = [
    ...sections.flatMap(({ fields }) => fields.map(({ name }) => name as string)),
    'id',
    'owners',
    'from',
    'base',
  ];
  const kept = own.flatMap((name) => (values[name] ? [[name, values[name]] as const] : []));
  return [...kept, ...scopes];
}

export function checkHtml(t: Words, page: CheckPage): Html {
  const { values, verdict, title, csrf } = page;
  const notes = verdict.findings.filter(({ severity }) => severity !== 'error');
  return html`<h1>${title}</h1>
${page.unsent !== undefined && html`<div class="note care" role="alert"><p>${page.unsent.by === undefined ? t('check.unsent') : t('check.unsent-by', { name: html`<strong>${page.unsent.by}</strong>` })}</p></div>`}
<p class="lead" role="status">${t('check.lead')}</p>
<form id="${formId}" method="post" action="/demande">
${csrf !== undefined && hidden('csrf', csrf)}
${hidden('lang', t.lang)}
${keptValues(values).map(([name, value]) => hidden(name, value))}
${sections.map(
  ({
    name,
    fields,
  }) => html`<section aria-labelledby="section-${name}"><h2 id="section-${name}">${t(`section.${name}`)}</h2>
<dl class="answers">
${fields.filter((field) => wasAsked(field, values)).map((field) => row(t, field.name, fieldLabel(t, field.name), html`${answerHtml(t, field, values)}${field.name === 'organization.siret' && page.organization !== undefined && html`<br>${organizationText(page.organization)}`}`))}${
  name === 'keys' && row(t, 'id', t('field.id'), html`<code>${idOf(values)}.yaml</code>`)
}</dl>
</section>
`,
)}
${notes.length > 0 && notesHtml(t, notes)}
<section aria-labelledby="fichier"><h2 id="fichier">${t('check.file')}</h2>
<p>${t('check.file-path', { path: verdict.definition.path })}</p>
<pre tabindex="0" id="texte" aria-labelledby="fichier"><code>${verdict.definition.text}</code></pre>
<p class="actions"><button type="button" class="second" data-copy="texte" data-copied="${t.text('check.copied')}" hidden>${t('check.copy')}</button>
<button class="second" name="action" value="download">${t('check.download')}</button></p>
</section>
${whatNext(t, page)}
${page.sending === 'here' ? sendHtml(t) : [page.sending === 'after-sign-in' && signInHtml(t), handOverHtml(t, page)]}
</form>`;
}

/** As the form asks: what only the RIE needs is not in the way of anybody else. */
function wasAsked({ name, needed }: Field, values: FormValues): boolean {
  return needed !== 'rie' || values.network === 'rie' || (values[name] ?? '').trim() !== '';
}

function row(t: Words, name: string, label: Html, value: Html): Html {
  return html`<div><dt>${label}</dt><dd>${value}</dd><dd class="change"><button class="link" name="action" value="edit" formaction="/demande#${name}">${t('check.change')}<span class="away"> ${label}</span></button></dd></div>
`;
}

function answerHtml(t: Words, { name, kind }: Field, values: FormValues): Html {
  const value = (values[name] ?? '').trim();
  if (kind === 'scopes') {
    const scopes = tickedScopes(values);
    if (scopes.length === 0) return none(t);
    return html`<ul>${scopes.map((scope) => html`<li><code>${scope}</code> – ${reasonFor(values, scope)}</li>`)}</ul>`;
  }
  if (value === '') return none(t);
  if (kind === 'lines')
    return html`<ul>${listedLines(value)
      .filter((line) => line !== '')
      .map((line) => html`<li>${line}</li>`)}</ul>`;
  if (kind === 'boolean') return value === 'true' ? t('form.yes') : t('form.no');
  const choice = frontDeskKey(`choice.${name}.${value}`);
  return choice === undefined ? html`${value}` : t(choice);
}

function none(t: Words): Html {
  return html`<span class="none">${t('check.none')}</span>`;
}

/** What does not refuse: a reviewer decides on it, or the person may look at it once more. */
function notesHtml(t: Words, notes: readonly FieldFinding[]): Html {
  return html`<section aria-labelledby="notes"><h2 id="notes">${t('check.notes')}</h2>
${notes.map((note) => namedFindingHtml(t, note))}</section>`;
}

function whatNext(t: Words, { values, verdict, provider, isChange, sending }: CheckPage): Html {
  const place = placeFromPath(verdict.definition.path);
  const network = place?.network ?? 'internet';
  const environment = place?.environment ?? 'integration';
  const cell = html`${t(`choice.environment.${environment}`)}, ${t(`choice.network.${network}`)}`;
  const name = html`<strong>${(values.name ?? '').trim()}</strong>`;
  const decisions = verdict.findings.some(({ severity }) => severity === 'decision');
  return html`<section aria-labelledby="suite"><h2 id="suite">${t('check.what-next')}</h2>
<ul>
<li>${t(isChange ? 'check.changes' : 'check.creates', { name, cell })}</li>
<li>${environment === 'production' || decisions ? t('check.approval') : t('check.no-approval')}</li>
<li>${t(isChange ? 'check.keys-kept' : `check.keys-${provider ?? 'nobody'}`)}${!isChange && sending === 'here' && provider === 'registration' && html` ${t('check.keys-here')}`}</li>
</ul>
</section>
`;
}

function sendHtml(t: Words): Html {
  return html`<section aria-labelledby="envoi"><h2 id="envoi">${t('check.send-title')}</h2>
<p>${t('check.send-lead')}</p>
<p><button class="main" name="action" value="send">${t('check.send')}</button></p>
</section>`;
}

/** The answers stand in this page and nowhere else: the sign-in opens beside it, so that they are here afterwards. */
function signInHtml(t: Words): Html {
  return html`<section aria-labelledby="envoi"><h2 id="envoi">${t('check.send-title')}</h2>
<p>${t('check.sign-in-lead')}</p>
<ol><li><a href="/connexion?retour=${encodeURIComponent(signedInBeside)}" target="_blank" rel="noopener">${t('check.sign-in')}</a></li>
<li>${t('check.sign-in-return')}</li></ol>
<p>${t('check.send-lead')}</p>
<p><button class="main" name="action" value="send">${t('check.send')}</button></p>
</section>
`;
}

/** The four lines that tell the way from here to a pull request. */
function handOverHtml(t: Words, { registry, sending, verdict: { definition } }: CheckPage): Html {
  const frame = (
    inner: Html,
  ): Html => html`<section aria-labelledby="depot"><h2 id="depot">${t(sending === 'by-hand' ? 'check.hand-over' : 'check.hand-over-instead')}</h2>
${inner}
</section>`;
  if (registry === undefined) return frame(html`<p>${t('check.no-registry')}</p>`);
  const link = newFileLink(registry, definition);
  return frame(html`<p>${t(sending === 'by-hand' ? 'check.hand-over-lead' : 'check.hand-over-instead-lead')}</p>
<ol>
<li>${link === undefined ? t('check.too-long', { path: html`${definition.path}`, url: registry.url }) : t('check.step-open')}</li>
<li>${t('check.step-propose')}</li>
<li>${t('check.step-pull')}</li>
<li>${t('check.step-follow')}</li>
</ol>
${link !== undefined && html`<p><a class="button${sending === 'by-hand' && ' main'}" href="${link}" rel="noreferrer">${t('check.open')}</a></p>`}`);
}
