/** From a file to what the registry knows of it. */
import { placeFromPath } from '#domain/definition/cell';
import type { DefinitionReading } from '#domain/definition/parse/reading';
import { type DefinitionFile, readDefinition } from '#domain/definition/read-definition';
import type { Entry } from './registry.ts';

/**
 * What a file that was read is to the others.
 *
 * @param blob its Git blob id, empty when it does not come from Git
 * @returns undefined for what is no definition, by its path
 */
export function entryOf(reading: DefinitionReading, blob: string): Entry | undefined {
  const { path, place, partial, definition } = reading;
  if (place === undefined) return undefined;
  return { path, place, blob, ...(partial && { partial }), ...(definition && { definition }) };
}

/** Reads a file for that; what is no definition is not read at all. */
export function readEntry(file: DefinitionFile, blob: string): Entry | undefined {
  return placeFromPath(file.path) === undefined ? undefined : entryOf(readDefinition(file), blob);
}
