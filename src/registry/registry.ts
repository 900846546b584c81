/** The set of definitions at one commit (or on one disk). */
import type { CellName, Place } from '../definition/cell.ts';
import type { Draft } from '../definition/draft.ts';
import type { ServiceProvider } from '../definition/schema.ts';

/** One file of the registry, as far as the others need to know it. Plain JSON. */
export interface Entry {
  readonly path: string;
  readonly place: Place;
  /** Git blob id of the text; identical text is never read twice. Empty when it does not come from Git. */
  readonly blob: string;
  /** What could be read; absent when the YAML could not be. */
  readonly draft?: Draft;
  /** Present when the definition has no error of its own. */
  readonly definition?: ServiceProvider;
}

/** A desired client: a definition that may be provisioned. */
export interface Desired {
  readonly path: string;
  readonly cell: CellName;
  readonly id: string;
  readonly definition: ServiceProvider;
}
