/** What reading one file gives to everything that knows several files. */

import type { Place } from '#domain/definition/cell';
import type { Finding } from '#domain/definition/finding';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';
import type { PartialDefinition } from './partial-definition.ts';

export interface DefinitionReading {
  /** Relative to the root of the registry. */
  readonly path: string;
  /** Undefined when the path is not one a definition can have (`file/path` or `file/name` reports it). */
  readonly place?: Place;
  /** What could be read, whatever else is wrong. Undefined when the YAML itself could not be read. */
  readonly partial?: PartialDefinition;
  /** Present when and only when no finding is an error. */
  readonly definition?: ServiceProvider;
  /** Ordered by line, column, rule. */
  readonly findings: readonly Finding[];
}
