/**
 * What a rule is: an object that carries everything about itself. The checks, `greffier explain`,
 * `docs/rules.md`, the SARIF catalogue and the schema's descriptions all come from these objects, and a test
 * runs every rule on its own examples.
 */
import type { Bilingual, Values } from '#base/i18n/message';
import type { Edit, Severity } from '#domain/definition/finding';
import type { ParsedDefinition } from '#domain/definition/parse/parsed-definition';
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import type { Source } from '#domain/definition/parse/source';
import type { RuleId } from './rule-ids.ts';

/**
 * A correction in terms of the definition; `fix/edits` turns it into minimal text edits that leave comments,
 * order, quoting and spacing of the rest byte for byte as they were.
 */
export type Correction =
  /** The scalar at `pointer` (default: the report's), or a list of one, becomes `value`, quoted where YAML needs it. */
  | { readonly kind: 'set'; readonly pointer?: string; readonly value: string | number | boolean }
  /** The scalar becomes a list of these items (`[]` for none); an item of a list becomes these items. */
  | { readonly kind: 'list'; readonly pointer?: string; readonly items: readonly string[] }
  /** The value becomes a mapping of one key, on the next line. */
  | { readonly kind: 'mapping'; readonly pointer?: string; readonly key: string; readonly value: string }
  /** The list item or the key (with its value) at `pointer` goes away, with its line. */
  | { readonly kind: 'remove'; readonly pointer?: string }
  /** The key at `pointer` is renamed. */
  | { readonly kind: 'rename'; readonly pointer?: string; readonly key: string }
  /** Several keys are renamed together. */
  | {
      readonly kind: 'renameAll';
      readonly keys: readonly { readonly pointer: string; readonly key: string }[];
    }
  /** The key at the root becomes `key` of a new mapping `parent`, in the same place. */
  | { readonly kind: 'nest'; readonly pointer?: string; readonly parent: string; readonly key: string }
  /** Keys of the root go below the key of the root that they follow. */
  | { readonly kind: 'into'; readonly parent: string; readonly keys: readonly string[] }
  /** The key, the last of its mapping, goes to the root. */
  | { readonly kind: 'out'; readonly pointer?: string }
  /** The hyphen before the item at `pointer` goes. */
  | { readonly kind: 'withoutHyphen'; readonly pointer: string }
  /** The mapping becomes the only item of a list. */
  | { readonly kind: 'item'; readonly pointer?: string }
  /** A key is added to the mapping at `pointer` (empty: the root). */
  | {
      readonly kind: 'add';
      readonly pointer: string;
      readonly key: string;
      readonly value: string | number | boolean;
    }
  /** Edits of the text itself, for rules that work on the text. */
  | { readonly kind: 'text'; readonly edits: readonly Edit[] };

/** What a check found. `V` is the closed set of the rule's own messages. */
export interface Report<V extends string = string> {
  /** RFC 6901 pointer of what is wrong; empty for the whole file. For a missing key: its mapping. */
  readonly pointer: string;
  /** Which side of the pair is underlined; default `value`. */
  readonly at?: 'key' | 'value';
  /** A part of the decoded scalar, in UTF-16 code units, end exclusive; default: all of it. */
  readonly span?: readonly [start: number, end: number];
  /** From 1, of a file that is no definition; default: the first. */
  readonly line?: number;
  /** Which of the rule's messages to give. */
  readonly messageId: V;
  readonly values?: Values;
  /** When it differs from the rule's usual one. */
  readonly severity?: Severity;
  readonly fix?: { readonly title: V; readonly values?: Values; readonly correction: Correction };
}

export type Reporter<V extends string = string> = (report: Report<V>) => void;

/** What all rules share, whatever they look at. */
export interface RuleMetadata<V extends string = string> {
  readonly id: RuleId;
  /** The usual severity; a report may say another where it is listed with two. */
  readonly severity: Severity;
  /** One line, without a full stop. */
  readonly title: Bilingual;
  /** Why this matters, in a sentence or three, for someone who has never heard of OpenID Connect. */
  readonly why: Bilingual;
  /**
   * Every message of the rule (and the titles of its fixes), with `{name}` where a value goes. A message
   * shows the offending value, says why it matters and what to write instead.
   */
  readonly messages: Readonly<Record<V, Bilingual>>;
  /**
   * Rules whose reports are left out where this one reports (same pointer or below it): a root cause hides its
   * consequences.
   */
  readonly suppresses?: readonly RuleId[];
  readonly examples: Examples;
}

/** An example is the smallest text that shows the point; `definition` rules complete it from a valid skeleton. */
export interface Examples {
  readonly good: readonly Example[];
  readonly bad: readonly Example[];
}

export interface Example {
  /**
   * The top-level keys that replace or join those of the valid skeleton of the cell (a key with the value
   * `undefined` is left out), as YAML text; with `whole`, the whole file.
   */
  readonly yaml: string;
  /** Where the file stands; default: a path in the cell. */
  readonly path?: string;
  /** Default `internet/production`. */
  readonly cell?: 'internet/integration' | 'internet/production' | 'rie/integration' | 'rie/production';
  /** The whole text stands in `yaml`, nothing is completed. */
  readonly whole?: boolean;
  /** Which messages a bad example is to give; default: any. */
  readonly messageIds?: readonly string[];
}

/**
 * A rule on the text of a file, before or beside its meaning (`file/*`, `yaml/*`). Pure. It says where in offsets
 * of the text (UTF-16 code units from 0, `end` exclusive); the pointer is found from them.
 */
export interface TextRule<V extends string = string> extends RuleMetadata<V> {
  readonly scope: 'text';
  check(source: Source, report: TextReporter<V>): void;
}

/** What a check on the text found. */
export interface TextReport<V extends string = string> {
  readonly start: number;
  readonly end: number;
  readonly messageId: V;
  readonly values?: Values;
  readonly severity?: Severity;
  readonly fix?: { readonly title: V; readonly values?: Values; readonly edits: readonly TextEdit[] };
}

/** Replaces the text between two offsets. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type TextReporter<V extends string = string> = (report: TextReport<V>) => void;

/** A rule on the structure of the parsed file (`schema/*` and what needs more than the partial definition). Pure. */
export interface StructureRule<V extends string = string> extends RuleMetadata<V> {
  readonly scope: 'structure';
  /** False when the rule surely has nothing to report; default: it may always have. Asked once for all that share it. */
  readonly concerns?: (parsed: ParsedDefinition) => boolean;
  check(parsed: ParsedDefinition, report: Reporter<V>): void;
}

/** A rule on one definition. Pure: it must not read a clock, a file or the network. */
export interface DefinitionRule<V extends string = string> extends RuleMetadata<V> {
  readonly scope: 'definition';
  /** Like that of `StructureRule`. */
  readonly concerns?: (partial: PartialDefinition) => boolean;
  check(partial: PartialDefinition, report: Reporter<V>): void;
}

/** Keeps the set of a rule's messages closed: a report that names another one does not compile. */
export function definitionRule<const V extends string>(
  rule: Omit<DefinitionRule<V>, 'scope'>,
): DefinitionRule<V> {
  return { scope: 'definition', ...rule };
}

/** The same for a rule on the text. */
export function textRule<const V extends string>(rule: Omit<TextRule<V>, 'scope'>): TextRule<V> {
  return { scope: 'text', ...rule };
}

/** The same for a rule on the structure. */
export function structureRule<const V extends string>(
  rule: Omit<StructureRule<V>, 'scope'>,
): StructureRule<V> {
  return { scope: 'structure', ...rule };
}
