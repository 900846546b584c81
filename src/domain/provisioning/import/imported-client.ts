/** A client that exists already, as some list tells of it: what is known, and what could not be read. Pure. */
import type { CellName } from '#base/config/cells';
import type { Message } from '#base/i18n/message';
import type { FormAnswers } from '#domain/definition/fix/serialize';
import type { ReportedMetadata } from '#domain/provisioning/provider';

export interface ImportedClient {
  /** Where it stands in the list: its position from 1. */
  readonly position: number;
  readonly cell?: CellName;
  readonly clientId?: string;
  /** The provider's own handle, where it is another one (`_id` at ProConnect). */
  readonly handle?: string;
  readonly answers: FormAnswers;
  /** What the client is today, as far as the list tells; absent for a request, which is no client yet. */
  readonly metadata?: ReportedMetadata;
  /** The means to manage it (RFC 7592), where the list has them. */
  readonly management?: { readonly uri: string; readonly token: string };
  /**
   * Members of the client's document that no definition says, and without which its application cannot sign in any more: an
   * update by RFC 7592 puts the whole state, and they would be gone with the first change.
   */
  readonly unkept?: readonly string[];
  /** What a person must look at, whatever the rules say. */
  readonly reasons: readonly Message[];
}

/** A sentence of `templates/import.*.json`. */
export function importMessage(key: string, values: Message['values'] = {}): Message {
  return { key, values };
}

/** Yes or no, as people and spreadsheets of either language write it; undefined for anything else. */
export function yesOrNo(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (['oui', 'vrai', 'true', 'yes', '1'].includes(word)) return true;
  return ['non', 'faux', 'false', 'no', '0'].includes(word) ? false : undefined;
}
