/** Whether a path leads into a cell. */

import { environments, networks } from '#base/config/cells';
import { definitionsFolder } from '#domain/definition/cell';

/** Whether all of a path but its last part is right, so that only the name of the file is to correct. */
export function isInCell(path: string): boolean {
  const [folder, network, environment, , more] = path.split('/');
  return (
    folder === definitionsFolder &&
    networks.some((known) => known === network) &&
    environments.some((known) => known === environment) &&
    more === undefined
  );
}
