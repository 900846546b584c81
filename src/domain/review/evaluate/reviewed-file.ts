/** A definition that a pull request touches, with everything that was found in it. */
import type { CellName, Environment } from '#base/config/cells';
import { cellName, type Place, placeFromPath } from '#domain/definition/cell';
import type { Finding } from '#domain/definition/finding';
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import type { OutsideAnswer, SiretRecord } from '#domain/registry/outside-answers';

export type ChangeKind = 'added' | 'modified' | 'removed' | 'renamed';

export interface ReviewedFile {
  readonly path: string;
  /** Present when renamed. */
  readonly previousPath?: string;
  readonly kind: ChangeKind;
  /** Undefined when no definition can be where this file is. */
  readonly place?: Place;
  /** The name it bears, or bore when it is removed. */
  readonly name?: string;
  /** Git merges its text from both sides: it is not the head's, and cannot be corrected there. */
  readonly merged?: true;
  /** The text after merging; absent when it is removed or could not be read. */
  readonly text?: string;
  readonly before?: PartialDefinition;
  readonly after?: PartialDefinition;
  /** What the directory of companies answered about the SIRET at the head; absent when it was not asked. */
  readonly organization?: OutsideAnswer<SiretRecord>;
  /** Ordered by line, column, rule. */
  readonly findings: readonly Finding[];
}

export function cellOf(file: ReviewedFile): CellName | undefined {
  return file.place === undefined ? undefined : cellName(file.place);
}

/** The stricter of the environments that it is in and comes from. */
export function environmentOf(file: ReviewedFile): Environment | undefined {
  const before = file.previousPath === undefined ? undefined : placeFromPath(file.previousPath)?.environment;
  return before === 'production' ? before : file.place?.environment;
}

/** How many findings there are of each severity. */
export interface FindingCounts {
  readonly error: number;
  readonly decision: number;
  readonly warning: number;
  readonly info: number;
}

export function countFindings(findings: Iterable<Finding>): FindingCounts {
  const counts = { error: 0, decision: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}
