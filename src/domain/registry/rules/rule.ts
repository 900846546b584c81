/**
 * The rules that need more than one file: those on the whole registry, on a change, and on what public services
 * answer. Like rules on one definition they are objects that carry their words, reasons and examples.
 */
import type { Example, Report, Reporter, RuleMetadata } from '#domain/definition/rules/rule';
import type { RuleId } from '#domain/definition/rules/rule-ids';
import type { Change } from '#domain/registry/changes';
import type { Claims } from '#domain/registry/claims';
import type { FormerDefinition } from '#domain/registry/former-definition';
import type { OutsideAnswers } from '#domain/registry/outside-answers';
import type { OwnerAccountsByPath } from '#domain/registry/owners';
import type { Entry } from '#domain/registry/registry';
import type { Collisions } from '#domain/registry/related-definitions';
import type { Settings, SettingsFile } from '#domain/registry/settings';

/** What a rule reports of one file. `locate-findings` turns the pointer into lines and columns. */
export interface RegistryFinding {
  /** Relative to the root of the registry. For `change/mixed` it is a file that is no definition. */
  readonly path: string;
  readonly rule: RuleId;
  readonly report: Report;
}

/** Says something of a file by its path. */
export type PathReporter<V extends string = string> = (path: string, report: Report<V>) => void;

/** What another open pull request wants. */
export interface OpenClaim {
  /** The number of the pull request. */
  readonly pullRequest: number;
  readonly claims: Claims;
}

/** A person on GitHub. Logins can be given up and taken by someone else: the number is the identity. */
export interface Actor {
  readonly login: string;
  readonly id: number;
  /** Whether they may write to the registry, or are in the settings' teams. */
  readonly reviewer: boolean;
}

/**
 * Someone who asks at the front desk, where the App writes for them. `own`: the commit that is judged is the one that the
 * desk made of what they sent. `overtaken`: it is another, for which their word does not count.
 */
export type DeskApplicant =
  | {
      readonly word: 'own';
      /** Verified, in lower case. */
      readonly email: string;
      /** Verified; absent where their provider tells none. */
      readonly siret?: string;
    }
  | { readonly word: 'overtaken' };

/** What is known around a change; but for the proposed settings, all from the base or from GitHub. */
export interface ChangeContext {
  /** Those in force. */
  readonly settings: Settings;
  /** What the change makes of the settings' file; absent when it does not touch it. */
  readonly proposedSettings?: SettingsFile;
  /** Files that the change puts where someone would take them for the settings, and nobody reads them. */
  readonly misnamedSettings?: readonly string[];
  /** The day in Paris (`2026-03-02`); absent where nobody says which it is. */
  readonly today?: string;
  /** Files that the change touches and that are no definitions. */
  readonly otherPaths: readonly string[];
  /** Who asks for the change; absent on a command line, where only a change of the owners themselves shows. */
  readonly author?: Actor;
  /** Who asks for it at the front desk; absent where nobody does. The author is the App then. */
  readonly applicant?: DeskApplicant;
  /** Who approves the change as it stands now. */
  readonly approvers?: readonly Actor[];
  /** The accounts of the owners that the default branch names, where they are known. */
  readonly ownerAccounts?: OwnerAccountsByPath;
  /** Paths where no definition is, of which a client still exists, with what was there; null when nothing is known of it. */
  readonly returning?: Readonly<Record<string, FormerDefinition | null>>;
  /** Those of these paths whose client was adopted, for a definition that was not there yet. */
  readonly adopted?: readonly string[];
}

/** A definition of an example, completed from the valid skeleton of its cell like the one that is evaluated. */
export interface OtherDefinition {
  /** Default: `autre-service`. */
  readonly id?: string;
  readonly cell?: Example['cell'];
  readonly yaml: string;
}

/** An example that needs more than one file: `yaml` is the definition that is evaluated, `mon-service`. */
export interface RegistryExample extends Example {
  /** Other definitions of the registry. */
  readonly others?: readonly OtherDefinition[];
  /** Definitions of another open pull request. */
  readonly open?: readonly OtherDefinition[];
  /** The same definition before the change; for `change` rules only, absent when it is new. */
  readonly before?: string;
  /** The cell or the id under which it stood before, when it moves. */
  readonly from?: Pick<OtherDefinition, 'id' | 'cell'>;
  /** The change removes the definition: `yaml` is what it said. */
  readonly removed?: true;
  /** How many more definitions the change touches, copies of this one. */
  readonly copies?: number;
  readonly context?: Partial<ChangeContext>;
  readonly answers?: OutsideAnswers;
}

/** The metadata of a rule whose examples need more than one file. */
export interface RegistryRuleMetadata<V extends string = string> extends RuleMetadata<V> {
  readonly examples: { readonly good: readonly RegistryExample[]; readonly bad: readonly RegistryExample[] };
}

/** A rule on a definition among the others of the registry. */
export interface RegistryRule<V extends string = string> extends RegistryRuleMetadata<V> {
  readonly scope: 'registry';
  check(claims: Claims, collisions: Collisions, report: Reporter<V>): void;
}

/** A rule on a definition among those of other open pull requests. */
export interface OpenRule<V extends string = string> extends RegistryRuleMetadata<V> {
  readonly scope: 'open';
  check(claims: Claims, open: readonly OpenClaim[], report: Reporter<V>): void;
}

/** A rule on a whole change. */
export interface ChangeRule<V extends string = string> extends RegistryRuleMetadata<V> {
  readonly scope: 'change';
  check(changes: readonly Change[], context: ChangeContext, report: PathReporter<V>): void;
}

/** A rule on what public services say of a definition. */
export interface OutsideRule<V extends string = string> extends RegistryRuleMetadata<V> {
  readonly scope: 'outside';
  check(entry: Entry, answers: OutsideAnswers, report: Reporter<V>): void;
}

/** Keeps the set of a rule's sentences closed: a report that names another one does not compile. */
export function registryRule<const V extends string>(rule: Omit<RegistryRule<V>, 'scope'>): RegistryRule<V> {
  return { scope: 'registry', ...rule };
}

/** Like `registryRule`. */
export function openRule<const V extends string>(rule: Omit<OpenRule<V>, 'scope'>): OpenRule<V> {
  return { scope: 'open', ...rule };
}

/** Like `registryRule`. */
export function changeRule<const V extends string>(rule: Omit<ChangeRule<V>, 'scope'>): ChangeRule<V> {
  return { scope: 'change', ...rule };
}

/** Like `registryRule`. */
export function outsideRule<const V extends string>(rule: Omit<OutsideRule<V>, 'scope'>): OutsideRule<V> {
  return { scope: 'outside', ...rule };
}
