/** What is remembered of a definition that went away while its client is still there. */
import type { Entry } from './registry.ts';

export interface FormerDefinition {
  /** Logins. */
  readonly owners: readonly string[];
  /** Who gets the keys, and where users are sent: whoever has these has the client. */
  readonly access: readonly string[];
}

/** @returns undefined when nothing can be read of it */
export function formerDefinition({ partial }: Pick<Entry, 'partial'>): FormerDefinition | undefined {
  if (partial === undefined) return undefined;
  const { owners, technicalContacts, redirectUris, postLogoutRedirectUris } = partial;
  return {
    owners: owners.map(({ value }) => value),
    access: [
      ...technicalContacts.map(({ value }) => `contact ${value.toLowerCase()}`),
      ...redirectUris.map(({ value }) => `redirect ${value}`),
      ...postLogoutRedirectUris.map(({ value }) => `logout ${value}`),
    ].sort(),
  };
}
