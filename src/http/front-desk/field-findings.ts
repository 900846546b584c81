/** What was found: beside its field, or with the name of it. */

import { type Html, html } from '#base/html';
import type { FieldFinding } from '#domain/front-desk/judge';
import { fieldLabel } from './error-summary.ts';
import { lineWords, messageHtml } from './finding-words.ts';
import type { Words } from './words.ts';

/** What was found of a field, each with the button of its fix. It is there when it is empty, for the script to fill. */
export function findingsHtml(
  t: Words,
  { name, findings }: { readonly name: string; readonly findings: readonly FieldFinding[] },
): Html {
  return html`<div class="findings" id="${name}-findings" aria-live="polite">${findings.map(
    ({ severity, line, message, fix }) =>
      html`<div class="finding ${severity}"><p><span class="kind">${
        severity === 'error' ? t('errors.prefix') : t(`severity.${severity}`)
      }</span> ${line !== undefined && html`<span class="line">${lineWords(t, line)}</span> – `}${messageHtml(t, message)}</p>${
        fix !== undefined &&
        html`<button name="apply" value="${fix.key}" aria-describedby="${name}-findings">${messageHtml(t, fix.title)}</button>`
      }</div>`,
  )}</div>`;
}

/** What was found, away from the form: of which field and line, with the button of its fix. */
export function namedFindingHtml(t: Words, { severity, field, line, message, fix }: FieldFinding): Html {
  return html`<div class="finding ${severity}"><p><span class="kind">${
    severity === 'error' ? t('errors.prefix') : t(`severity.${severity}`)
  }</span> ${field !== '' && html`<strong>${fieldLabel(t, field)}</strong>${line !== undefined && html`, ${lineWords(t, line)}`} – `}${messageHtml(t, message)}</p>${
    fix !== undefined && html`<button name="apply" value="${fix.key}">${messageHtml(t, fix.title)}</button>`
  }</div>
`;
}
