/** Adds one definition to a registry on the disk: whole and valid among the others, or not at all. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readDefinition } from '#domain/definition/read-definition';
import { writeError } from './registry-folder.ts';
import { type RegistryValidation, validateRegistry } from './validate-registry.ts';

export type Written =
  | { readonly kind: 'written'; readonly validation: RegistryValidation }
  /** Something stands there: it is never overwritten. */
  | { readonly kind: 'exists' }
  /** It has errors, by itself or among the others: nothing was written. */
  | { readonly kind: 'refused'; readonly validation: RegistryValidation };

/**
 * @returns false when something stands there: what someone wrote is never lost
 * @throws CliError when the system refuses
 */
export function createFile(root: string, path: string, text: string): boolean {
  try {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw writeError(path, error);
  }
}

/** @throws CliError when the system refuses */
export async function writeDefinition(root: string, path: string, text: string): Promise<Written> {
  const reading = readDefinition({ path, bytes: new TextEncoder().encode(text) });
  if (reading.definition === undefined)
    return { kind: 'refused', validation: { files: 1, findings: reading.findings } };
  if (!createFile(root, path, text)) return { kind: 'exists' };
  // Another definition may have the same name or URLs already: only the whole registry can tell.
  const validation = await validateRegistry(root, { only: (other) => other === path });
  if (!validation.findings.some(({ severity }) => severity === 'error'))
    return { kind: 'written', validation };
  rmSync(join(root, path));
  return { kind: 'refused', validation };
}
