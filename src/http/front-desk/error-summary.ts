/** What is said on top of a form that is not right yet: each fault, leading to its field. */

import { type Html, html } from '#base/html';
import { everyFix, type FieldFinding } from '#domain/front-desk/judge';
import { errorsOf, lineWords, messageHtml } from './finding-words.ts';
import { formId } from './form-controls.ts';
import { frontDeskKey, type Words } from './words.ts';

/** What a summary is headed by. */
export type SummaryTitle = 'errors.title' | 'promote.title';

/** The name of a field, also of one scope. */
export function fieldLabel(t: Words, name: string): Html {
  const key = frontDeskKey(`field.${name}`);
  if (key !== undefined) return t(key);
  const [first = '', scope] = name.split(/\.(.*)/s);
  const group = frontDeskKey(`field.${first}`);
  if (scope === undefined || group === undefined) return html`${name}`;
  return t('scopes.one', { scope: html`<code>${scope}</code>` });
}

/** Leads to each field that is wrong, and offers to correct what is certain. It is read first. */
export function errorSummary(
  t: Words,
  findings: readonly FieldFinding[],
  title: SummaryTitle,
): Html | undefined {
  const errors = errorsOf(findings);
  if (errors.length === 0) return undefined;
  const certain = findings.filter(({ fix }) => fix !== undefined).length;
  return html`<div class="summary" id="erreurs" role="group" aria-labelledby="erreurs-titre" tabindex="-1" autofocus>
<h2 id="erreurs-titre">${t(title, { count: errors.length })}</h2>
<ul>
${errors.map(
  ({ field, line, message }) => html`<li><a href="#${field === '' ? formId : field}">${
    field === ''
      ? messageWithoutLinks(t, message)
      : summaryEntry(t, field, line, messageWithoutLinks(t, message))
  }</a></li>
`,
)}</ul>
${
  certain > 0 &&
  html`<p>${t('errors.fix-all-hint', { count: certain })}</p>
<p><button form="${formId}" name="apply" value="${everyFix}">${t('errors.fix-all')}</button></p>`
}
</div>`;
}

function summaryEntry(t: Words, field: string, line: number | undefined, message: Html): Html {
  const label = fieldLabel(t, field);
  return line === undefined
    ? t('summary.entry', { field: label, message })
    : t('summary.entry-line', { field: label, line: lineWords(t, line), message });
}

/** A link holds no links: their words stay. */
function messageWithoutLinks(t: Words, message: FieldFinding['message']): Html {
  return messageHtml(t, message).withoutLinks();
}
