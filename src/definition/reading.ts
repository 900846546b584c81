/** What reading one file gives: the seam between this room and everything that knows several files. */

import type { Place } from './cell.ts';
import type { Draft } from './draft.ts';
import type { Finding } from './finding.ts';
import type { ServiceProvider } from './schema.ts';

export interface Reading {
  /** Relative to the root of the registry. */
  readonly path: string;
  /** Undefined when the path is not one a definition can have (`file/path` or `file/name` says so). */
  readonly place?: Place;
  /** What could be read, whatever else is wrong. Undefined when the YAML itself could not be read. */
  readonly draft?: Draft;
  /** Present when and only when no finding is an error. */
  readonly definition?: ServiceProvider;
  /** Ordered by line, column, rule. */
  readonly findings: readonly Finding[];
}
