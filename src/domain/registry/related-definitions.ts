/**
 * The few definitions that matter to judge some others, however large the registry: they travel with the facts of
 * a pull request.
 */
import { hostOf, registrableDomain } from './addresses.ts';
import { type Claims, claimsOf, placeOfClaims, sirenOf } from './claims.ts';
import { keysOf } from './index/collision-key.ts';
import { differInLongWord, nameKey, skeletonKey } from './name-similarity.ts';
import { type Entry, mostCited, type Registry, twinPath } from './registry.ts';

/** Something claimed, with the others who claim it: at most a few, the first by path. */
export interface Meeting {
  readonly value: string;
  /** Where the claim stands in the definition that is judged. */
  readonly pointer: string;
  readonly others: readonly Claims[];
}

/** Whom one definition meets. Everything that a rule on several definitions needs to know of the others. */
export interface Meetings {
  /** The same redirect address in the same cell. */
  readonly uris: readonly Meeting[];
  /** The same host, in any cell, in the definitions of other organizations. */
  readonly hosts: readonly Meeting[];
  /** The same name in the same cell. */
  readonly names: readonly Claims[];
  /** A name that looks like it, or that one letter tells apart, in the same cell. */
  readonly looks: readonly Claims[];
  /** The same DataPass, for another organization or an unrelated service. */
  readonly datapass: readonly Claims[];
  /** For a definition in production: the same service in integration on the same network. */
  readonly twin?: Claims;
}

/** @param besides paths that do not count; the definition itself never does. */
export function meetingsOf(
  registry: Registry,
  claims: Claims,
  besides: ReadonlySet<string> = new Set(),
): Meetings {
  const { path, name, datapass } = claims;
  const others = new Set([...besides, path]);
  const keys = keysOf(claims);
  const twin = twinPath(path);
  const twinClaims = twin === undefined || besides.has(twin) ? undefined : registry.get(twin);
  return {
    uris: keys.uri.flatMap((uri) =>
      met(uri, claims.redirectUris.indexOf(uri), registry.meeting('uri', path, uri, others)),
    ),
    hosts: hostMeetings(registry, claims, keys.host, others),
    names: name === undefined ? [] : registry.meeting('name', path, nameKey(name), others),
    looks: name === undefined ? [] : likeNames(registry, path, name, others),
    datapass:
      datapass === undefined
        ? []
        : registry.meeting('datapass', path, datapass, others, (other) => !isSameService(claims, other)),
    ...(twinClaims === undefined ? {} : { twin: twinClaims }),
  };
}

function met(value: string, position: number, others: readonly Claims[]): Meeting[] {
  return others.length === 0 ? [] : [{ value, pointer: `/redirect_uris/${position}`, others }];
}

function hostMeetings(
  registry: Registry,
  claims: Claims,
  hosts: readonly string[],
  others: ReadonlySet<string>,
): Meeting[] {
  const siren = sirenOf(claims.siret);
  if (siren === undefined) return [];
  return hosts.flatMap((host) => {
    const position = claims.redirectUris.findIndex((uri) => uri !== null && hostOf(uri) === host);
    return met(host, position, registry.elsewhere(host, claims.path, siren, others));
  });
}

/** Names that look the same come first, then those that one letter tells apart. */
function likeNames(registry: Registry, path: string, name: string, besides: ReadonlySet<string>): Claims[] {
  const look = skeletonKey(name);
  if (look === '') return [];
  const same = registry.meeting(
    'look',
    path,
    look,
    besides,
    (other) => nameKey(other.name ?? '') !== nameKey(name),
  );
  const near = registry
    .near(look, path)
    .flatMap((other) =>
      registry.meeting('look', path, other, besides, (claims) => differInLongWord(name, claims.name ?? '')),
    );
  return [...same, ...near].slice(0, mostCited);
}

/**
 * Whether two definitions with one DataPass are one service in two cells, as a DataPass allows: the same
 * organization and, in another cell, the same id, a related name or a common domain.
 */
export function isSameService(one: Claims, other: Claims): boolean {
  const a = placeOfClaims(one);
  const b = placeOfClaims(other);
  if (a === undefined || b === undefined || sirenOf(one.siret) !== sirenOf(other.siret)) return false;
  if (a.network === b.network && a.environment === b.environment) return false;
  if (a.id === b.id || a.id.startsWith(`${b.id}-`) || b.id.startsWith(`${a.id}-`)) return true;
  if (one.name !== undefined && other.name !== undefined && stem(one.name) === stem(other.name)) return true;
  const domains = new Set(keysOf(one).host.map(registrableDomain));
  return keysOf(other).host.some((host) => domains.has(registrableDomain(host)));
}

/** A name without the words that tell its cell. */
function stem(name: string): string {
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
 * The claims of the few definitions that matter to judge the changed ones.
 *
 * @param registry the registry before the change.
 * @param changed the definitions after the change.
 * @param gone paths that the change removes.
 * @returns sorted by path; judging the changed among these gives what judging them in the whole registry would.
 */
export function neighbours(
  registry: Registry,
  changed: readonly Entry[],
  gone: readonly string[] = [],
): readonly Claims[] {
  const besides = new Set([...gone, ...changed.map(({ path }) => path)]);
  const found = new Map<string, Claims>();
  for (const entry of changed) {
    const meetings = meetingsOf(registry, claimsOf(entry), besides);
    const met = [...meetings.uris, ...meetings.hosts].flatMap(({ others }) => others);
    const all = [...met, ...meetings.names, ...meetings.looks, ...meetings.datapass];
    for (const claims of meetings.twin === undefined ? all : [...all, meetings.twin])
      found.set(claims.path, claims);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
