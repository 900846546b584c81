/** Where the definitions of a registry are, by its paths alone; and where something else is in their place. Pure. */
import type { RegistryView } from '#application/mirror/mirror';
import { type CellName, cellNames } from '#base/config/cells';
import { cellName, definitionsFolder, placeFromPath } from '#domain/definition/cell';

export interface DefinitionFile {
  readonly path: string;
  readonly blob: string;
  readonly link: boolean;
  readonly cell: CellName;
  readonly id: string;
}

export function definitionFiles(view: RegistryView): readonly DefinitionFile[] {
  return Array.from(view.files).flatMap(([path, file]) => {
    const place = placeFromPath(path);
    if (place === undefined) return [];
    const link = file.mode === 'symlink' || file.mode === 'submodule';
    return [{ path, blob: file.blob, link, cell: cellName(place), id: place.id }];
  });
}

/** Clients whose definition's place a folder has taken: something is there, and it says nothing. */
export function foldersInPlace(
  view: RegistryView,
): readonly { readonly cell: CellName; readonly id: string }[] {
  const paths = new Set([...view.files.keys()].map((path) => path.split('/').slice(0, 4).join('/')));
  return [...paths].flatMap((path) => {
    const place = view.files.has(path) ? undefined : placeFromPath(path);
    return place === undefined ? [] : [{ cell: cellName(place), id: place.id }];
  });
}

/** Where the folder of a cell, of a network or of all definitions would be, and something else is. */
export function filesForFolders({ files }: RegistryView): readonly string[] {
  const folders = cellNames.flatMap((cell) => {
    const [network] = cell.split('/');
    return [`${definitionsFolder}/${cell}`, `${definitionsFolder}/${network}`, definitionsFolder];
  });
  return [...new Set(folders)].filter((folder) => files.has(folder));
}
