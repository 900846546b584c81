/** What a rule found, where, and the edit that corrects it. */
import type { Message } from '#base/i18n/message';
import type { RuleId } from './rules/rule-ids.ts';

/** `error` blocks; `decision` needs a reviewer's approval; `warning` and `info` inform. */
export const severities = ['error', 'decision', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** Counts from 1. Columns count UTF-16 code units, as editors and SARIF do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `end` is exclusive. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Replaces what stands at `range` by `text`. The edits of one fix never overlap. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** Offered only where the correction is certain. */
export interface Fix {
  readonly title: Message;
  readonly edits: readonly Edit[];
}

export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** Relative to the root of the registry, with `/`. */
  readonly path: string;
  /** RFC 6901; empty for the whole file. */
  readonly pointer: string;
  readonly range: Range;
  readonly message: Message;
  readonly fix?: Fix;
}
