/**
 * Which teams the settings mean. They name them as `organization/team`, and that name is free as soon as its team is renamed
 * or deleted: any member of the organization may then make another one of that name. So each is looked up soon after the
 * default branch first names it, and is that team, by the number that GitHub keeps, for as long as it is named there.
 */
import type { Kysely } from 'kysely';
import type { Tables } from '#infrastructure/database/tables';
import { forgetTopic, teamTopic, topicsUnder, writeTopic } from '#infrastructure/database/topics';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { type KnownTeam, readTeam, type TeamState } from '#infrastructure/github/read/teams';

export interface TeamsDeps {
  readonly database: Kysely<Tables>;
  /** The key of the registry's rows in the store. */
  readonly registry: string;
}

/** Which one each name means, as far as that was looked up. */
export async function knownTeams(
  { database, registry }: TeamsDeps,
  names: readonly string[],
): Promise<readonly KnownTeam[]> {
  if (names.length === 0) return [];
  const numbers = await topicsUnder(database, registry, teamTopic);
  return names.map((name) => ({ name, id: numbers.get(keyOf(name)) }));
}

/**
 * Looks up what is named anew, and forgets what is named no longer: named again, it is looked up again.
 *
 * @param named all that the settings name today
 * @returns what there is under each name
 */
export async function resolveTeams(
  { database, registry, repository }: TeamsDeps & { readonly repository: RepositoryClient },
  named: readonly string[],
): Promise<ReadonlyMap<string, TeamState>> {
  const known = await topicsUnder(database, registry, teamTopic);
  const kept = new Set(named.map(keyOf));
  for (const name of known.keys())
    if (!kept.has(name)) await forgetTopic(database, registry, `${teamTopic}${name}`);
  const states = new Map<string, TeamState>();
  for (const name of named) {
    const id = known.get(keyOf(name));
    const found = await readTeam(repository, { name, id });
    states.set(name, found.state);
    const isNew = id === undefined;
    if (isNew && found.state === 'there')
      await writeTopic(database, registry, `${teamTopic}${keyOf(name)}`, found.id);
  }
  return states;
}

/** GitHub's names do not depend on case. */
function keyOf(name: string): string {
  return name.toLowerCase();
}
