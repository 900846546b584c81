/**
 * Cells (a network and an environment) and the path of a definition, which is the identity of its service
 * provider. Keys never cross cells.
 */

import { type CellName, type Environment, environments, type Network, networks } from '#base/config/cells';

export interface Cell {
  readonly network: Network;
  readonly environment: Environment;
}

export function cellName(cell: Cell): CellName {
  return `${cell.network}/${cell.environment}`;
}

/** The folder that holds every definition of a registry. */
export const definitionsFolder = 'service-providers';

/** 3 to 63 characters of `a-z 0-9 -`, starting with a letter, ending in a letter or digit. */
export const idPattern = /^[a-z][a-z0-9-]{1,61}[a-z0-9]$/;

/** Where a definition lives: its cell and the id of its service provider. */
export interface Place extends Cell {
  readonly id: string;
}

/** The path that was read last, which several readers of one file ask about. */
let recent: { readonly path: string; readonly place: Place | undefined } | undefined;

/**
 * Reads the place out of a path relative to the root of the registry, with `/`.
 *
 * @returns undefined when the path is not one that a definition can have.
 */
export function placeFromPath(path: string): Place | undefined {
  if (recent?.path !== path) recent = { path, place: parsePlace(path) };
  return recent.place;
}

const definitionPath = new RegExp(
  `^${definitionsFolder}/(${networks.join('|')})/(${environments.join('|')})/(${idPattern.source.slice(1, -1)})\\.yaml$`,
);

function parsePlace(path: string): Place | undefined {
  const found = definitionPath.exec(path);
  if (found === null) return undefined;
  const [, network, environment, id = ''] = found;
  return { network: network as Network, environment: environment as Environment, id };
}

/** The inverse of `placeOf`. */
export function pathFromPlace(place: Place): string {
  return `${definitionsFolder}/${place.network}/${place.environment}/${place.id}.yaml`;
}
