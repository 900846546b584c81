/** What reading one file gives: the seam between this room and everything that knows several files. */

import type { Place } from '#domain/definition/cell';
import type { Finding } from '#domain/definition/finding';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';
import type { Draft } from './partial-definition.ts';

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
