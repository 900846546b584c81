/**
 * Which repository is served, and whose rows are its own. A name says where to look and no more: what a repository gets
 * is decided by its number (docs/authority.md).
 */
import { startupError } from '#base/config/startup-errors';
import type { Message } from '#base/i18n/message';
import type { GitHubApp } from '#infrastructure/github/client/app-client';
import {
  installationPage,
  installedRepositories,
  type LocatedRepository,
  repositoryNamed,
  repositoryNumbered,
} from '#infrastructure/github/client/installation';
import type { Binding, Bindings } from './bindings.ts';

/** The registry that is served: the key of its rows, and where it is now. */
export interface ResolvedRegistry extends LocatedRepository {
  readonly registry: string;
}

export type Resolution =
  | ({ readonly ok: true } & ResolvedRegistry)
  | {
      readonly ok: false;
      readonly error: Message;
      /** It may be mended at GitHub, or in the store, while this process waits. */
      readonly later: boolean;
      /** There are rows, of a repository that is not shown: nothing is done with them. */
      readonly held: boolean;
    };

/**
 * Finds the registry when a process begins.
 *
 * @param configured `owner/name` when the configuration says it
 * @throws what Octokit throws when GitHub does not answer
 */
export async function resolveRegistry(
  github: GitHubApp,
  bindings: Bindings,
  configured: string | undefined,
): Promise<Resolution> {
  const known = await bindings.all();
  const seen =
    configured === undefined ? await onlyRepository(github) : await repositoryNamed(github, configured);
  if (seen !== undefined && 'error' in seen) return { ok: false, held: known.length > 0, ...seen };
  const own = known.find(({ id }) => id === seen?.id);
  if (own !== undefined && seen !== undefined) return found(bindings, own, seen);

  const names = [configured, seen?.name].filter((name) => name !== undefined);
  // Without a word of the operator's, another repository is never taken for a second registry.
  const other = configured === undefined ? known[0] : boundTo(known, names);
  if (other !== undefined) {
    const elsewhere = await repositoryNumbered(github, other.id);
    if (elsewhere !== undefined) return found(bindings, other, elsewhere);
    return { ok: false, error: await replaced(github, other, seen, configured), later: true, held: true };
  }
  if (seen === undefined) {
    const install = await installationPage(github);
    const error = startupError('registry-not-installed', { registry: configured ?? '', install });
    return { ok: false, error, later: true, held: false };
  }
  const numberOf = async (name: string) => (await repositoryNamed(github, name))?.id;
  const registry = await keyAtFirstSight(numberOf, bindings, seen, configured);
  const bound = await bindings.bind({
    id: seen.id,
    registry,
    name: seen.name,
    installation: seen.installation,
  });
  return bound === undefined
    ? { ok: false, error: await replaced(github, { registry }, seen, configured), later: true, held: true }
    : found(bindings, bound, seen);
}

/**
 * Finds a registry that is served already, wherever it is now.
 *
 * @returns undefined when GitHub does not show it, or when its rows were bound to another repository meanwhile
 */
export async function relocateRegistry(
  github: GitHubApp,
  bindings: Bindings,
  id: string,
): Promise<ResolvedRegistry | undefined> {
  const binding = await bindings.ofRepository(id);
  if (binding === undefined) return undefined;
  const named = await repositoryNamed(github, binding.name);
  const seen = named?.id === id ? named : await repositoryNumbered(github, id);
  return seen && found(bindings, binding, seen);
}

async function found(
  bindings: Bindings,
  { registry }: Binding,
  seen: LocatedRepository,
): Promise<{ readonly ok: true } & ResolvedRegistry> {
  await bindings.move(seen);
  return { ok: true, registry, ...seen };
}

/** The binding that was made or last seen under one of these names. */
export function boundTo(known: readonly Binding[], names: readonly string[]): Binding | undefined {
  return (
    known.find(({ name }) => names.some((one) => sameName(one, name))) ??
    known.find(({ registry }) => names.some((one) => sameName(one, registry)))
  );
}

/**
 * The key of a repository that is seen for the first time. Rows that are no repository's yet are its own when they are
 * under its name, or under a name from which GitHub leads to it.
 *
 * @param numberOf the number of the repository to which a name leads now
 */
export async function keyAtFirstSight(
  numberOf: (name: string) => Promise<string | undefined>,
  bindings: Pick<Bindings, 'unboundKeys'>,
  seen: Pick<LocatedRepository, 'id' | 'name'>,
  configured: string | undefined,
): Promise<string> {
  const keys = await bindings.unboundKeys();
  for (const name of [configured, seen.name]) {
    const key = keys.find((one) => name !== undefined && sameName(one, name));
    if (key !== undefined) return key;
  }
  for (const key of keys) if ((await numberOf(key)) === seen.id) return key;
  return seen.name;
}

/** GitHub's names do not depend on case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

async function replaced(
  github: GitHubApp,
  known: Pick<Binding, 'registry'> & Partial<Binding>,
  seen: LocatedRepository | undefined,
  configured: string | undefined,
): Promise<Message> {
  const { registry, id = '?' } = known;
  const install = await installationPage(github);
  return seen === undefined
    ? startupError('registry-lost', { name: configured ?? registry, registry, known: id, install })
    : startupError('registry-replaced', { name: seen.name, id: seen.id, registry, known: id, install });
}

/** More repositories than this need not be counted to know that there are several. */
const maxCounted = 10;

async function onlyRepository(
  github: GitHubApp,
): Promise<LocatedRepository | { readonly error: Message; readonly later: boolean }> {
  const places: LocatedRepository[] = [];
  for await (const place of installedRepositories(github)) {
    places.push(place);
    if (places.length === maxCounted) break;
  }
  const [only] = places;
  if (only === undefined)
    return { error: startupError('not-installed', { install: await installationPage(github) }), later: true };
  if (places.length === 1) return only;
  return {
    error: startupError('several-repositories', { repositories: places.map(({ name }) => name) }),
    later: false,
  };
}
