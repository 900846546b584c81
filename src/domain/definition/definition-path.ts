/** Which files are definitions, by their path; and where one belongs that stands elsewhere. */

import { type Environment, environments, type Network, networks } from '#base/config/cells';
import { definitionsFolder, pathFromPlace } from './cell.ts';
import { copyOf, suggestedFileName } from './file-name.ts';

/** Files that may stand among definitions without being one. */
const companions: ReadonlySet<string> = new Set([
  '.gitkeep',
  '.gitattributes',
  '.gitignore',
  '.editorconfig',
  '.DS_Store',
  'Thumbs.db',
  'desktop.ini',
  'README.md',
  'LISEZMOI.md',
  'CODEOWNERS',
]);

/** Whatever else stands under the definitions' folder is taken for one, so that a bad path is reported. */
export function isDefinitionPath(path: string): boolean {
  return (
    path.startsWith(`${definitionsFolder}/`) &&
    (path.endsWith('.yaml') || !companions.has(path.slice(path.lastIndexOf('/') + 1)))
  );
}

/** Whether a file that stands elsewhere may be a definition all the same: its text tells. */
export function mayBeStray(path: string): boolean {
  return (
    !path.startsWith(`${definitionsFolder}/`) &&
    !path.startsWith('.github/') &&
    /\.ya?ml(?:\.txt)?$/i.test(path)
  );
}

/** What a definition says of its cell, when it says something known. */
interface Said {
  readonly network?: unknown;
  readonly environment?: unknown;
}

/** Where a definition belongs: what it says itself counts, then the names of the folders, however written. */
export function rightPath(path: string, { network: net, environment: env }: Said): string | undefined {
  const parts = path.split('/');
  const words = parts.slice(0, -1).map((part) =>
    part
      .normalize('NFD')
      .replace(/\p{Mn}/gu, '')
      .toLowerCase(),
  );
  const network: Network | undefined =
    networks.find((one) => one === net) ?? networks.find((one) => words.includes(one));
  const environment: Environment | undefined =
    environments.find((one) => one === env) ?? environments.find((one) => words.includes(one));
  if (network === undefined || environment === undefined) return undefined;
  const name = parts.at(-1) ?? '';
  const id = suggestedFileName(copyOf(name)?.original ?? name).replace(/\.yaml$/, '');
  return pathFromPlace({ network, environment, id });
}
