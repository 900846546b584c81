/** Who is behind the SIRET of a form: shown at once to those who signed in, never asked of them. */

import { type Html, html } from '#base/html';

export interface Organization {
  /** The legal name. */
  readonly name: string;
  /** The legal form, in French words of administration. */
  readonly form?: string;
}

/** A service that does not answer soon keeps no page waiting. Milliseconds. */
const patienceMs = 2_000;

export function organizationText({ name, form }: Organization): string {
  return form === undefined ? name : `${name} – ${form}`;
}

/** The place below the SIRET, empty where nothing is known: the script fills it too. */
export function organizationHtml(organization: Organization | undefined): Html {
  return html`<p class="found" id="organization" role="status" lang="fr">${organization !== undefined && organizationText(organization)}</p>`;
}

/** @returns undefined when there is no answer in time */
export async function soon<T>(answer: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(late.resolve, patienceMs, undefined);
  try {
    return await Promise.race([answer.catch(() => undefined), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
