/**
 * The few definitions that matter to evaluate some others, however large the registry: they travel with the facts of
 * a pull request.
 */
import type { Steps } from '#base/steps';
import { placeOf } from '#domain/definition/rules/judging';
import { hostOfUrl, registrableDomain } from './addresses.ts';
import { type Claims, claimsOf, placeOfClaims, sirenOf } from './claims.ts';
import { collisionKeysOf } from './index/collision-key.ts';
import { differInLongWord, nameKey, skeletonKey } from './name-similarity.ts';
import { counterpartPath, type Entry, maxCited, type Registry } from './registry.ts';

/** Something claimed, with the others who claim it: at most a few, the first by path. */
export interface Collision {
  readonly value: string;
  /** Where the claim stands in the definition that is evaluated. */
  readonly pointer: string;
  readonly others: readonly Claims[];
}

/** Everything that one definition has in common with others, as far as a rule needs to know it. */
export interface Collisions {
  /** The same redirect address in the same cell. */
  readonly uris: readonly Collision[];
  /** The same host, in any cell, in the definitions of other organizations. */
  readonly hosts: readonly Collision[];
  /** The same name in the same cell. */
  readonly names: readonly Claims[];
  /** A name that looks like it, or that one letter tells apart, in the same cell. */
  readonly lookalikes: readonly Claims[];
  /** The same DataPass, for another organization or an unrelated service. */
  readonly datapass: readonly Claims[];
  /** For a definition in production: the same service in integration on the same network. */
  readonly counterpart?: Claims;
  /** Why nothing of this is known, when Greffier failed to tell it. */
  readonly unread?: string;
}

/**
 * Never throws: one definition is not to hold up the others.
 *
 * @param excluded paths that do not count; the definition itself never does.
 */
export function collisionsOf(
  registry: Registry,
  claims: Claims,
  excluded: ReadonlySet<string> = new Set(),
): Collisions {
  const unread = (why: string) => ({
    uris: [],
    hosts: [],
    names: [],
    lookalikes: [],
    datapass: [],
    unread: why,
  });
  try {
    const why = collisionKeysOf(claims).unread;
    return why === undefined ? readCollisions(registry, claims, excluded) : unread(why);
  } catch (problem) {
    return unread(placeOf(problem));
  }
}

function readCollisions(registry: Registry, claims: Claims, excluded: ReadonlySet<string>): Collisions {
  const { path, name, datapass } = claims;
  const others = new Set([...excluded, path]);
  const keys = collisionKeysOf(claims);
  const integrationPath = counterpartPath(path);
  const counterpart =
    integrationPath === undefined || excluded.has(integrationPath)
      ? undefined
      : registry.get(integrationPath);
  return {
    uris: keys.uri.flatMap((uri) =>
      collision(uri, claims.redirectUris.indexOf(uri), registry.claimants('uri', path, uri, others)),
    ),
    hosts: hostCollisions(registry, claims, keys.host, others),
    names: name === undefined ? [] : registry.claimants('name', path, nameKey(name), others),
    lookalikes: name === undefined ? [] : lookalikesOf(registry, path, name, others),
    datapass:
      datapass === undefined
        ? []
        : registry.claimants('datapass', path, datapass, others, (other) => !isSameService(claims, other)),
    ...(counterpart === undefined ? {} : { counterpart }),
  };
}

function collision(value: string, position: number, others: readonly Claims[]): Collision[] {
  return others.length === 0 ? [] : [{ value, pointer: `/redirect_uris/${position}`, others }];
}

function hostCollisions(
  registry: Registry,
  claims: Claims,
  hosts: readonly string[],
  others: ReadonlySet<string>,
): Collision[] {
  const siren = sirenOf(claims.siret);
  if (siren === undefined) return [];
  return hosts.flatMap((host) => {
    const position = claims.redirectUris.findIndex((uri) => uri !== null && hostOfUrl(uri) === host);
    return collision(host, position, registry.claimantsOfHost(host, claims.path, siren, others));
  });
}

/** Names that look the same come first, then those that one letter tells apart. */
function lookalikesOf(
  registry: Registry,
  path: string,
  name: string,
  excluded: ReadonlySet<string>,
): Claims[] {
  const skeleton = skeletonKey(name);
  if (skeleton === '') return [];
  const same = registry.claimants(
    'skeleton',
    path,
    skeleton,
    excluded,
    (other) => nameKey(other.name ?? '') !== nameKey(name),
  );
  const near = registry
    .nearSkeletons(skeleton, path)
    .flatMap((other) =>
      registry.claimants('skeleton', path, other, excluded, (claims) =>
        differInLongWord(name, claims.name ?? ''),
      ),
    );
  return [...same, ...near].slice(0, maxCited);
}

/**
 * Whether two definitions with one DataPass are one service in two cells, as a DataPass allows: the same
 * organization and, in another cell, the same id, a related name or a common domain.
 */
function isSameService(one: Claims, other: Claims): boolean {
  const a = placeOfClaims(one);
  const b = placeOfClaims(other);
  if (a === undefined || b === undefined || sirenOf(one.siret) !== sirenOf(other.siret)) return false;
  if (a.network === b.network && a.environment === b.environment) return false;
  if (a.id === b.id || a.id.startsWith(`${b.id}-`) || b.id.startsWith(`${a.id}-`)) return true;
  if (
    one.name !== undefined &&
    other.name !== undefined &&
    nameWithoutCell(one.name) === nameWithoutCell(other.name)
  )
    return true;
  const domains = new Set(collisionKeysOf(one).host.map(registrableDomain));
  return collisionKeysOf(other).host.some((host) => domains.has(registrableDomain(host)));
}

/** A name without the words that tell its cell. */
function nameWithoutCell(name: string): string {
  const cell = /\b(?:rie|internet|integration|production|prod|recette|preprod|test)\b/g;
  return skeletonKey(
    name
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
      .replace(cell, ' '),
  );
}

/**
 * The claims of the few definitions that matter to evaluate the changed ones, one of these at a step.
 *
 * @param registry the registry before the change; the outcome is worth nothing if it changes meanwhile.
 * @param changed the definitions after the change.
 * @param removed paths that the change removes.
 * @returns sorted by path; evaluating the changed among these gives what evaluating them in the whole registry would.
 */
export function* relatedDefinitions(
  registry: Registry,
  changed: readonly Entry[],
  removed: readonly string[] = [],
): Steps<readonly Claims[]> {
  const excluded = new Set([...removed, ...changed.map(({ path }) => path)]);
  const found = new Map<string, Claims>();
  for (const entry of changed) {
    const collisions = collisionsOf(registry, claimsOf(entry), excluded);
    const colliding = [...collisions.uris, ...collisions.hosts].flatMap(({ others }) => others);
    const all = [...colliding, ...collisions.names, ...collisions.lookalikes, ...collisions.datapass];
    for (const claims of collisions.counterpart === undefined ? all : [...all, collisions.counterpart])
      found.set(claims.path, claims);
    yield;
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
