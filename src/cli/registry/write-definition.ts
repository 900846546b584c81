/** Adds files to a registry on the disk: each is judged among the others first, and never takes the place of what is there. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { definitionsFolder } from '#domain/definition/cell';
import { readDefinition } from '#domain/definition/read-definition';
import { isFolder } from './registry-folder.ts';
import { type RegistryValidation, validateRegistry } from './validate-registry.ts';
import { createFile, refuseLinks } from './write-file.ts';

export type Written =
  | { readonly kind: 'written'; readonly validation: RegistryValidation }
  /** Something stands there: it is never overwritten. */
  | { readonly kind: 'exists' }
  /** It has errors, by itself or among the others: nothing was written. */
  | { readonly kind: 'refused'; readonly validation: RegistryValidation };

/** What the rules say of a definition that is not written yet, among those of the registry when there are some. */
export async function judgeAddition(root: string, path: string, text: string): Promise<RegistryValidation> {
  const file = { path, bytes: new TextEncoder().encode(text) };
  if (!isFolder(resolve(root, definitionsFolder)))
    return { files: 1, findings: readDefinition(file).findings };
  return validateRegistry(root, { added: [file], only: (other) => other === path });
}

/** @throws CliError when the system refuses, or a symbolic link leads elsewhere */
export async function writeDefinition(root: string, path: string, text: string): Promise<Written> {
  refuseLinks(root, path);
  if (existsSync(resolve(root, path))) return { kind: 'exists' };
  const validation = await judgeAddition(root, path, text);
  if (validation.findings.some(({ severity }) => severity === 'error'))
    return { kind: 'refused', validation };
  return createFile(root, path, text) ? { kind: 'written', validation } : { kind: 'exists' };
}
