/**
 * On whose word the settings of the default branch apply. What loosens nothing applies at once. What loosens something was
 * shown by a review, and approved like production; or a writer confirms it. Until then it is the stricter of both, value
 * by value. What was there at the first look is the operator's word, who installed Greffier.
 */
import { defined } from '#base/defined';
import { digestOf } from '#domain/provisioning/digest';
import { freezesAt } from '#domain/registry/freeze';
import type { Settings } from '#domain/registry/settings';
import { settingsText } from '#domain/registry/settings-text';
import { type LoosenedSetting, loosenedSettings, stricterSettings } from '#domain/registry/stricter-settings';
import { approvalRulesOf } from '#domain/review/evaluate/approvals';
import { UnknownAnswer } from '#infrastructure/github/client/repository-client';
import type { ReconcileDeps } from './reconcile-deps.ts';
import type { RegistrySnapshot } from './registry-source.ts';

/** What is not in force of the settings, and by which digest it is confirmed. */
export interface SettingsToConfirm {
  readonly digest: string;
  /** None where nobody can say yet: then nobody can confirm it. */
  readonly authors?: readonly string[];
  readonly loosened: ReadonlyMap<string, LoosenedSetting>;
}

/** `held`: they are not in force as they stand; else on whose word they are, which may be a pull request's. */
export type SettingsNews = 'held' | { readonly agreed: 'confirmed' | number };

export interface SettledSettings {
  readonly snapshot: RegistrySnapshot;
  readonly heldSettings?: SettingsToConfirm;
  readonly settingsNews?: SettingsNews;
  /** Why nobody can say yet whose change they are. */
  readonly waitsFor?: string;
}

/** What reconciling goes by of the settings. */
export function underSettings(
  settings: Settings,
): Pick<RegistrySnapshot, 'approvals' | 'liveChecks' | 'freezes' | 'recertify'> {
  const { liveChecks, freezes, recertify } = settings;
  return { approvals: approvalRulesOf(settings), liveChecks, freezes, ...defined({ recertify }) };
}

/** @param begun when this run began, before it asked where the default branch is: what is merged later is a word for later */
export async function settleSettings(
  deps: Pick<ReconcileDeps, 'source' | 'store' | 'now'>,
  snapshot: RegistrySnapshot,
  begun: number,
): Promise<SettledSettings> {
  const { store } = deps;
  const present = snapshot.presentSettings;
  if (present === undefined) return { snapshot };
  const since = Math.floor(begun / 1000) * 1000;
  const known = await store.settings.find();
  const applied = { snapshot: { ...snapshot, ...underSettings(present) } };
  const saveAs = (word: 'installed' | 'not-loosened' | 'confirmed' | number, isLooser = false) => {
    const entry = { what: 'settings', word, commit: snapshot.commit };
    return store.settings.save({ settings: present, since }, entry, isLooser);
  };
  if (known === undefined) {
    await saveAs('installed');
    return applied;
  }
  // A freeze that is over holds nothing.
  const agreed = { ...known.settings, freezes: freezesAt(known.settings.freezes, deps.now()) };
  const agree = async (word: 'confirmed' | number): Promise<SettledSettings> => {
    await saveAs(word, true);
    return { ...applied, settingsNews: { agreed: word } };
  };
  if (loosenedSettings(agreed, present).size === 0) {
    if (known.held !== undefined || settingsText(known.settings) !== settingsText(present))
      await saveAs('not-loosened');
    return applied;
  }
  const settings = stricterSettings(agreed, present);
  const digest = digestOf([settingsText(settings), settingsText(present)]);
  if ((await store.confirmations.digests()).has(digest)) {
    const result = await agree('confirmed');
    await store.confirmations.consume([digest]);
    return result;
  }
  const waiting = { digest, loosened: loosenedSettings(settings, present) };
  const held = { ...snapshot, ...underSettings(settings) };
  const before = known.held;
  const reconciled = await store.origins.reconciledCommit();
  const from = reconciled === snapshot.commit ? undefined : reconciled;
  try {
    const change = await deps.source.settingsChange?.(snapshot.commit, approvalRulesOf(agreed), from);
    const merged = change?.merged;
    const isWord = merged?.isAgreed === true && merged.at >= known.since;
    // The same text may have gone and come again meanwhile, by whatever hand.
    const isSame = before?.digest === digest && isSameCommit(before.touched, change?.touched);
    // Since then something else was there: whoever moved the history back to it has brought it.
    const isUsedUp = merged?.isPast === true && !isSame;
    if (isWord && !isUsedUp) return await agree(merged.pull);
    if (!isWord && isSame && before.authors !== undefined)
      return { snapshot: held, heldSettings: { ...waiting, authors: before.authors } };
    // Absent where nobody can say who pushed since.
    const pushers =
      from === undefined ? undefined : await deps.source.pushersBetween?.(from, snapshot.commit);
    // Whoever pushed it is known: what the commit says of its author is not needed.
    const named = pushers === undefined || merged !== undefined ? change?.authors : [];
    const all = [...new Set([...(before?.authors ?? []), ...(named ?? []), ...(pushers ?? [])])].sort();
    // Nobody's change: who brought it could be who confirms it.
    const kept = defined({ digest, authors: all.length === 0 ? undefined : all, touched: change?.touched });
    const result = { snapshot: held, heldSettings: { ...waiting, ...kept } };
    if (isSame && !isWord && kept.authors === undefined) return result;
    const entry = { what: 'settings-held', digest, commit: snapshot.commit };
    await store.settings.save({ settings, since: isWord ? since : known.since, held: kept }, entry);
    return { ...result, settingsNews: 'held' };
  } catch (problem) {
    if (!(problem instanceof UnknownAnswer)) throw problem;
    const authors = before?.digest === digest && from === undefined ? before.authors : undefined;
    return {
      snapshot: held,
      heldSettings: { ...waiting, ...defined({ authors }) },
      waitsFor: problem.message,
    };
  }
}

/** Where nobody knows one of them, as of what was kept before, the text alone says it. */
function isSameCommit(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
