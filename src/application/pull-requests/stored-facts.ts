/**
 * What the store knows of the definitions that a pull request touches, asked for all at once. Which they are, is known before
 * GitHub has said what becomes of the pull request, where it was read ahead: then it is at hand when that comes.
 */
import type { ReviewDeps, TouchedClients } from '#application/mirror/deps';
import type { RegistryView } from '#application/mirror/mirror';
import { ownerAccountsOf } from '#application/mirror/owner-accounts';
import { rememberedFacts } from '#application/mirror/remembered-facts';
import { type SettingsInForce, settingsInForce } from '#application/mirror/settings-in-force';
import { isDefinitionPath } from '#domain/definition/definition-path';
import type { OwnerAccountsByPath } from '#domain/registry/owners';
import type { OpenClaim } from '#domain/registry/rules/rule';
import { pathsOf } from '#domain/review/evaluate/sides';
import type { FileFact, PullRequestFacts } from '#domain/review/facts/facts';

export interface StoredFacts {
  readonly inForce: SettingsInForce;
  readonly memory: Pick<PullRequestFacts, 'baseLinks' | 'lastReadable' | 'returning' | 'adopted'>;
  readonly owners: OwnerAccountsByPath;
  readonly openClaims: readonly OpenClaim[];
  /** Undefined where nothing is provisioned. */
  readonly clients: TouchedClients | undefined;
}

/** The paths of the definitions that a change touches. */
export function touchedDefinitions(files: readonly FileFact[]): string[] {
  return files.flatMap(pathsOf).filter(isDefinitionPath);
}

/**
 * @param number of the pull request; undefined where nobody is asked, and other ones do not matter
 * @param view as it is now: the mirror may move on while this waits
 */
export async function storedFacts(
  deps: ReviewDeps,
  number: number | undefined,
  view: RegistryView,
  touched: readonly string[],
): Promise<StoredFacts> {
  const asked = deps.clientsOf?.(touched);
  const present = touched.filter((path) => view.files.has(path));
  const remembered = rememberedFacts(deps, view, touched, asked);
  const [inForce, clients, memory, owners, openClaims] = await Promise.all([
    settingsInForce(deps, view),
    asked,
    remembered,
    // What is new, and never was there, has no owners yet.
    remembered.then(({ lastReadable }) =>
      ownerAccountsOf(deps.store.database, deps.repo, [
        ...new Set([...present, ...Object.keys(lastReadable ?? {})]),
      ]),
    ),
    number === undefined ? [] : deps.store.openClaims(deps.repo, number),
  ]);
  return { inForce, memory, owners, openClaims, clients };
}

/** Facts that were asked for before it was known that they are wanted. */
export interface ForeseenFacts {
  readonly base: string;
  readonly touched: readonly string[];
  readonly stored: Promise<StoredFacts>;
}

/** Asks for what the review of a pull request will want, if it is of the commits of which it was read ahead. */
export async function foreseenFacts(deps: ReviewDeps, number: number): Promise<ForeseenFacts | undefined> {
  const begun = deps.ahead?.begun(number);
  const comparison = await begun?.comparison;
  return begun && comparison && foreseeFacts(deps, number, begun.base, comparison.files);
}

/** @param files that merging it into that commit of the default branch would change */
export function foreseeFacts(
  deps: ReviewDeps,
  number: number,
  base: string,
  files: readonly FileFact[],
): ForeseenFacts | undefined {
  const view = deps.mirror.now();
  if (view?.commit !== base) return undefined;
  const touched = touchedDefinitions(files);
  const stored = storedFacts(deps, number, view, touched);
  // Whoever wants it hears of it.
  stored.catch(() => undefined);
  return { base, touched, stored };
}
