/** Adds files to a registry on the disk: each is judged among the others first, and never takes the place of what is there. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { definitionsFolder } from '#domain/definition/cell';
import { readDefinition } from '#domain/definition/read-definition';
import { isFolder, writeError } from './registry-folder.ts';
import { type RegistryValidation, validateRegistry } from './validate-registry.ts';

export type Written =
  | { readonly kind: 'written'; readonly validation: RegistryValidation }
  /** Something stands there: it is never overwritten. */
  | { readonly kind: 'exists' }
  /** It has errors, by itself or among the others: nothing was written. */
  | { readonly kind: 'refused'; readonly validation: RegistryValidation };

/**
 * The one way to make a new file.
 *
 * @param path from `root`, or absolute
 * @param mode of the file; what the system gives by default when absent
 * @returns false when something stands there: what someone wrote is never lost
 * @throws CliError when the system refuses
 */
export function createFile(root: string, path: string, text: string, mode?: number): boolean {
  const whole = resolve(root, path);
  try {
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text, { flag: 'wx', ...(mode !== undefined && { mode }) });
    return true;
  } catch (error) {
    // The same is said of a file where a folder should be.
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (isThere && 'syscall' in error && error.syscall === 'open') return false;
    throw writeError(path, error);
  }
}

/** What the rules say of a definition that is not written yet, among those of the registry when there are some. */
export async function judgeAddition(root: string, path: string, text: string): Promise<RegistryValidation> {
  const file = { path, bytes: new TextEncoder().encode(text) };
  if (!isFolder(resolve(root, definitionsFolder)))
    return { files: 1, findings: readDefinition(file).findings };
  return validateRegistry(root, { added: [file], only: (other) => other === path });
}

/** @throws CliError when the system refuses */
export async function writeDefinition(root: string, path: string, text: string): Promise<Written> {
  if (existsSync(resolve(root, path))) return { kind: 'exists' };
  const validation = await judgeAddition(root, path, text);
  if (validation.findings.some(({ severity }) => severity === 'error'))
    return { kind: 'refused', validation };
  return createFile(root, path, text) ? { kind: 'written', validation } : { kind: 'exists' };
}
