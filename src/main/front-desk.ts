/** Puts the front desk together: what it needs of the configuration, and of what does the work once that is built. */

import type { Kysely } from 'kysely';
import { type PublicCatalogue, publicCatalogue } from '#application/front-desk/catalogue';
import { parseDerivedKeyring } from '#application/handover/secrets/keyring';
import { cellNames } from '#base/config/cells';
import type { Configuration } from '#base/config/config-file';
import type { EnvironmentConfig } from '#base/config/environment';
import { startupError } from '#base/config/startup-errors';
import { defined } from '#base/defined';
import type { Message } from '#base/i18n/message';
import { legalFormName } from '#domain/registry/legal-forms';
import type { FrontDeskOptions } from '#http/front-desk/front-desk';
import type { RegistryPlace } from '#http/front-desk/new-file-link';
import type { FrontDeskPeople } from '#http/front-desk/people';
import type { PeopleOptions } from '#http/front-desk/signed-in-people';
import type { Tables } from '#infrastructure/database/tables';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { readRepository } from '#infrastructure/github/read/repository';

import type { Provisioning } from './provisioning.ts';

/** What the desk asks of the registry that is served. */
export interface FrontDeskWork {
  /** Where it is for people. */
  readonly place: () => Promise<RegistryPlace>;
  /** What everybody may know of it. */
  readonly catalogue: () => Promise<PublicCatalogue>;
  /** Who is behind a SIRET. */
  readonly organization: NonNullable<FrontDeskOptions['organization']>;
}

/** Milliseconds for which the place of the registry is taken to stay: visitors cause no calls to GitHub. */
const placeKeptMs = 600_000;

/** @param registry the key of the registry's rows */
export function frontDeskWork(
  repository: RepositoryClient,
  db: Kysely<Tables>,
  registry: string,
  lookUpSiret: Provisioning['lookUpSiret'],
  now: () => number = Date.now,
): FrontDeskWork {
  let place: Promise<RegistryPlace> | undefined;
  let readAt = 0;
  return {
    async organization(siret, asker) {
      const answer = await lookUpSiret(siret, asker);
      if (answer?.ok !== true || !answer.value.found) return undefined;
      const { legalName: name, legalForm } = answer.value;
      return defined({ name, form: legalForm === undefined ? undefined : legalFormName(legalForm) });
    },
    catalogue: publicCatalogue(db, registry, now),
    place() {
      if (place === undefined || now() - readAt >= placeKeptMs) {
        readAt = now();
        place = readRepository(repository);
        place.catch(() => {
          place = undefined;
        });
      }
      return place;
    },
  };
}

/**
 * @param work undefined until it is known which registry is served
 * @returns undefined when the configuration has no front desk
 */
export function frontDeskOptions(
  { publicUrl }: Pick<EnvironmentConfig, 'publicUrl'>,
  { frontDesk, cells }: Configuration,
  work: () => FrontDeskWork | undefined,
): FrontDeskOptions | undefined {
  if (frontDesk === undefined || publicUrl === undefined) return undefined;
  return {
    origin: new URL(publicUrl).origin,
    registry: async () => work()?.place(),
    ...(frontDesk.catalogue && { catalogue: async () => work()?.catalogue() }),
    organization: async (siret, asker) => work()?.organization(siret, asker),
    provider: (cell) => {
      const known = cellNames.find((name) => name === cell);
      return known === undefined ? undefined : cells[known]?.provider;
    },
  };
}

/** Sign-in at a desk, and what comes of it; undefined where the configuration has none: nothing of it is loaded then. */
export async function frontDeskPeople(
  { key }: Pick<EnvironmentConfig, 'key'>,
  { frontDesk }: Configuration,
  desk: FrontDeskOptions,
  given: Pick<PeopleOptions, 'work' | 'useOnce' | 'endings' | 'log'>,
): Promise<FrontDeskPeople | undefined> {
  const provider = frontDesk?.signIn;
  if (provider === undefined || key === undefined) return undefined;
  const { sessionKeyPurpose } = await import('#http/front-desk/session');
  const { signedInPeople } = await import('#http/front-desk/signed-in-people');
  const keyring = parseDerivedKeyring(key.reveal(), sessionKeyPurpose);
  if (keyring === undefined) return undefined;
  return signedInPeople({ desk, provider, keyring, operators: frontDesk?.operators ?? [], ...given });
}

/** What the environment lacks for the front desk: said at the start. */
export function frontDeskErrors(
  settings: Pick<EnvironmentConfig, 'key' | 'publicUrl'>,
  { frontDesk }: Configuration,
): readonly Message[] {
  if (frontDesk === undefined) return [];
  const missing = [
    ...(settings.publicUrl === undefined ? ['PUBLIC_URL'] : []),
    ...(frontDesk.signIn !== undefined && settings.key === undefined ? ['GREFFIER_KEY'] : []),
  ];
  return missing.map((name) => startupError('missing', { name }));
}
