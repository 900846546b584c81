/** Which definition of a registry an application's request is about. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { type CellName, cellNames } from '#base/config/cells';
import { messages } from '#cli/messages';
import { listDefinitions, readListedFile } from '#cli/registry/registry-folder';
import { CliError } from '#cli/terminal';
import { cellName, definitionsFolder, pathFromPlace, placeFromPath } from '#domain/definition/cell';
import { readDefinition } from '#domain/definition/read-definition';
import type { ServiceProvider } from '#domain/definition/schema/service-provider-schema';

/** A definition without errors, and where it stands. */
export interface FoundDefinition {
  /** As people are shown it: in a registry, relative to its root. */
  readonly path: string;
  readonly cell: CellName;
  readonly definition: ServiceProvider;
  readonly text: string;
}

/**
 * Reads the definition that someone named, wherever the file is.
 *
 * @returns undefined when it has errors
 * @throws CliError when there is no such file
 */
export function namedDefinition(folder: string, file: string): FoundDefinition | undefined {
  const whole = resolve(folder, file);
  if (!existsSync(whole)) throw new CliError(messages.noPath, { path: file });
  const bytes = readFileSync(whole);
  const at = whole.lastIndexOf(`${definitionsFolder}/`);
  const inRegistry = at === -1 ? undefined : whole.slice(at);
  const shown = relative(folder, whole);
  if (inRegistry !== undefined && placeFromPath(inRegistry) !== undefined)
    return found(inRegistry, bytes, shown);
  // Outside of a registry the file says itself of which cell it is: in that cell's folder it would have no error.
  for (const cell of cellNames) {
    const [network, environment] = cell.split('/') as ['internet', 'integration'];
    const place = { network, environment, id: basename(whole, '.yaml') };
    const read =
      found(pathFromPlace(place), bytes, shown) ??
      found(pathFromPlace({ ...place, id: 'service' }), bytes, shown);
    if (read !== undefined) return read;
  }
  return undefined;
}

function found(path: string, bytes: Uint8Array, shown = path): FoundDefinition | undefined {
  const { definition, place } = readDefinition({ path, bytes });
  if (definition === undefined || place === undefined) return undefined;
  return { path: shown, cell: cellName(place), definition, text: new TextDecoder().decode(bytes) };
}

/**
 * Looks in a registry for the definition with a redirect URI; without one, for a definition on the same host.
 *
 * @param cell the one whose server is asked: preferred
 * @returns undefined when there is none, also where there is no registry
 */
export function definitionOfRedirectUri(
  root: string,
  redirectUri: string,
  cell: CellName | undefined,
): FoundDefinition | undefined {
  if (!existsSync(join(root, definitionsFolder))) return undefined;
  const host = URL.canParse(redirectUri) ? new URL(redirectUri).host : undefined;
  let best: { readonly rank: number; readonly one: FoundDefinition } | undefined;
  for (const file of listDefinitions(root)) {
    const { path, bytes } = readListedFile(root, file);
    const one = found(path, Uint8Array.from(bytes));
    if (one === undefined) continue;
    const uris = one.definition.redirect_uris;
    const exact = uris.includes(redirectUri);
    if (!exact && !uris.some((uri) => URL.canParse(uri) && new URL(uri).host === host)) continue;
    const rank = (exact ? 2 : 0) + (one.cell === cell ? 1 : 0);
    if (best === undefined || rank > best.rank) best = { rank, one };
  }
  return best?.one;
}
