/** What the form and the page to check it share. */

import { type Html, html } from '#base/html';

/** By which other controls belong to the form. */
export const formId = 'demande';

/** The first button of a form is the one that the Enter key presses. */
export function enterChecks(form: string): Html {
  return html`<button class="away" form="${form}" name="action" value="check" tabindex="-1" aria-hidden="true">${' '}</button>`;
}

export function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}
