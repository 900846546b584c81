/** The form: one long page, every field in the order of the paper form, each with its hint and what is wrong with it. */

import { attributes, type Html, html } from '#base/html';
import {
  askableScopes,
  decidedScopes,
  type Field,
  fields,
  type Section,
  sections,
} from '#domain/front-desk/fields';
import { type FormValues, reasonFor, tickedScopes } from '#domain/front-desk/form-values';
import type { FieldFinding } from '#domain/front-desk/judge';
import { errorSummary, type SummaryTitle } from './error-summary.ts';
import { findingsHtml } from './field-findings.ts';
import { errorsOf } from './finding-words.ts';
import { enterChecks, formId, hidden } from './form-controls.ts';
import { type Organization, organizationHtml } from './organization.ts';
import { frontDeskKey, type Words } from './words.ts';

export interface FormPage {
  readonly values: FormValues;
  /** Nothing was judged yet when empty. */
  readonly findings: readonly FieldFinding[];
  /** What the summary of what is wrong is headed by. */
  readonly summary?: SummaryTitle;
  readonly title: string;
  /** What is said above the form. */
  readonly note?: Html | undefined;
  /** The token of who is signed in. */
  readonly csrf: string | undefined;
  /** Who is behind the SIRET, where that was asked. */
  readonly organization?: Organization | undefined;
}

export function formHtml(t: Words, form: FormPage): Html {
  const { values, findings, title, note, csrf } = form;
  return html`${errorSummary(t, findings, form.summary ?? 'errors.title')}
<h1>${title}</h1>
<p class="lead">${t('form.lead')}</p>
${note !== undefined && html`<div class="note" role="status">${note}</div>`}
<form id="${formId}" method="post" action="/demande" novalidate data-verdict="/demande/verdict">
${enterChecks(formId)}
${csrf !== undefined && hidden('csrf', csrf)}
${hidden('lang', t.lang)}
${['owners', 'from', 'base'].map((name) => values[name] !== undefined && hidden(name, values[name]))}
${sections.map((section) => sectionHtml(t, section, form))}
<p class="hint">${t('form.check-hint')}</p>
<p><button class="main" name="action" value="check">${t('form.check')}</button></p>
</form>`;
}

function sectionHtml(t: Words, { name, fields: own }: Section, form: FormPage): Html {
  return html`<section aria-labelledby="section-${name}">
<h2 id="section-${name}">${t(`section.${name}`)}</h2>
${name === 'configuration' && html`<p class="note">${t('section.configuration-note')}</p>`}
${own.map((field) => [fieldHtml(t, field, form), field.name === 'environment' && noticeHtml(t)])}
${name === 'keys' && idHtml(t, form)}
</section>
`;
}

/** Words of the paper form: what integration on Internet does not need. */
function noticeHtml(t: Words): Html {
  return html`<div class="note only-self-service"><h3>${t('notice.title')}</h3><p>${t('notice.text')}</p></div>
`;
}

/** What the parts of one control share. */
interface Control {
  readonly name: string;
  readonly label: Html;
  readonly hint: readonly (Html | false | undefined)[];
  readonly findings: readonly FieldFinding[];
}

function control(t: Words, field: Field, { findings }: FormPage): Control {
  const { name, kind, needed, most } = field;
  const where =
    needed === 'always'
      ? undefined
      : needed === 'production'
        ? t('form.in-production')
        : needed === 'rie'
          ? t('form.on-rie')
          : t('form.optional');
  return {
    name,
    label: html`${t(`field.${name}`)}${where !== undefined && html` <span class="where">(${where})</span>`}`,
    hint: [
      t(`hint.${name}`),
      kind === 'lines' && most !== undefined && t('form.one-a-line', { most }),
      kind === 'text' && most !== undefined && t('form.at-most', { most }),
    ],
    findings: findings.filter((finding) => finding.field === name),
  };
}

function fieldHtml(t: Words, field: Field, form: FormPage): Html {
  const own = control(t, field, form);
  const value = form.values[field.name] ?? '';
  const only = field.needed === 'rie' && value === '' && own.findings.length === 0 ? ' only-rie' : '';
  switch (field.kind) {
    case 'text':
      return framed(
        t,
        own,
        html`<input${attributes({ ...described(own), ...inputKind(field), value })}>${field.name === 'organization.siret' && organizationHtml(form.organization)}`,
        only,
      );
    case 'lines': {
      const rows = Math.min(12, Math.max(3, value.split('\n').length + 1));
      // The line break behind the tag is dropped when the page is read: one that begins the value is not.
      return framed(
        t,
        own,
        html`<textarea${attributes({ ...described(own), rows, spellcheck: 'false', autocapitalize: 'off' })}>
${value}</textarea>`,
        only,
      );
    }
    case 'choice':
      return grouped(
        t,
        own,
        field.choices.map((choice) => {
          const key = frontDeskKey(`choice.${field.name}.${choice}`);
          return radio(own, choice, value === choice, key === undefined ? html`${choice}` : t(key));
        }),
      );
    case 'boolean':
      return grouped(t, own, [
        radio(own, 'true', value === 'true', t('form.yes')),
        radio(own, 'false', value === 'false', t('form.no')),
      ]);
    default:
      return scopesHtml(t, own, form);
  }
}

/** What keyboards of phones show. Browsers check nothing by themselves: the rules say more, and in words. */
function inputKind({ name }: Field): Readonly<Record<string, string>> {
  if (name === 'organization.siret') return { type: 'text', inputmode: 'numeric', class: 'short' };
  if (name === 'datapass') return { type: 'text', autocapitalize: 'characters', class: 'short' };
  if (name === 'contacts.support')
    return { type: 'text', inputmode: 'email', autocapitalize: 'off', spellcheck: 'false' };
  return { type: 'text' };
}

/** The attributes by which a control says what it is, what helps, and what is wrong. */
function described({ name, findings }: Control): Readonly<Record<string, string | boolean | undefined>> {
  return {
    id: name,
    name,
    'aria-describedby': `${name}-hint ${name}-findings`,
    'aria-invalid': errorsOf(findings).length > 0 ? 'true' : undefined,
  };
}

function framed(t: Words, own: Control, input: Html, only = ''): Html {
  const bad = errorsOf(own.findings).length > 0 ? ' bad' : '';
  return html`<div class="field${bad}${only}">
<label for="${own.name}">${own.label}</label>
${hintHtml(own)}
${findingsHtml(t, own)}
${input}
</div>
`;
}

function hintHtml({ name, hint }: Control): Html {
  return html`<div class="hint" id="${name}-hint">${hint.map((one) => one instanceof Object && html`<p>${one}</p>`)}</div>`;
}

function grouped(t: Words, own: Control, choices: readonly Html[]): Html {
  const invalid = errorsOf(own.findings).length > 0;
  return html`<fieldset${attributes({ class: `field${invalid ? ' bad' : ''}`, role: 'radiogroup', 'aria-describedby': `${own.name}-hint ${own.name}-findings`, 'aria-invalid': invalid && 'true' })}>
<legend>${own.label}</legend>
${hintHtml(own)}
${findingsHtml(t, own)}
${choices}
</fieldset>
`;
}

function radio(own: Control, value: string, checked: boolean, words: Html): Html {
  const first = value === firstChoice(own.name);
  const id = first ? own.name : `${own.name}-${value}`;
  return html`<div class="choice"><input${attributes({ type: 'radio', id, name: own.name, value, checked })}><label for="${id}">${words}</label></div>
`;
}

/** The link to a group leads to its first choice. */
function firstChoice(name: string): string {
  return fields.find((field) => field.name === name)?.choices[0] ?? 'true';
}

function scopesHtml(t: Words, own: Control, form: FormPage): Html {
  const { values, findings } = form;
  const known = [...askableScopes, ...decidedScopes];
  const ticked = tickedScopes(values);
  const box = (scope: string): Html => {
    const name = `optional_scopes.${scope}`;
    const about = frontDeskKey(`scope.${scope}`);
    const wrong = findings.filter(({ field }) => field === name);
    const reason = `${name}.justification`;
    return html`<div class="scope${errorsOf(wrong).length > 0 && ' bad'}">
<div class="choice"><input${attributes({ type: 'checkbox', id: name, name, value: 'on', checked: ticked.includes(scope), 'aria-describedby': `${name}-findings` })}><label for="${name}"><code>${scope}</code>${about !== undefined && html` – ${t(about)}`}</label></div>
<div class="reason">${findingsHtml(t, { name, findings: wrong })}
<label for="${reason}">${t('scopes.reason', { scope: html`<code>${scope}</code>` })}</label>
<textarea${attributes({ id: reason, name: reason, rows: 2, 'aria-describedby': `${name}-findings`, 'aria-invalid': errorsOf(wrong).length > 0 && 'true' })}>
${reasonFor(values, scope)}</textarea></div>
</div>
`;
  };
  const others = ticked.filter((scope) => !known.includes(scope)).slice(0, 20);
  const decided = decidedScopes.some((scope) => ticked.includes(scope));
  return html`<fieldset class="field" aria-describedby="${own.name}-hint ${own.name}-findings">
<legend>${own.label}</legend>
${hintHtml(own)}
${findingsHtml(t, own)}
${[...askableScopes, ...others].map(box)}
<details${attributes({ open: decided })}><summary>${t('scopes.decided')}</summary>
<p class="hint">${t('scopes.decided-hint')}</p>
${decidedScopes.map(box)}</details>
</fieldset>
`;
}

function idHtml(t: Words, { values, findings }: FormPage): Html {
  const own: Control = {
    name: 'id',
    label: html`${t('field.id')} <span class="where">(${t('form.optional')})</span>`,
    hint: [t('hint.id')],
    findings: findings.filter(({ field }) => field === 'id'),
  };
  return framed(
    t,
    own,
    html`<input${attributes({ ...described(own), type: 'text', value: values.id ?? '', autocapitalize: 'off', spellcheck: 'false' })}>`,
  );
}
