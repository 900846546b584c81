/** Definitions that stand where nobody looks for them. */
import { mayBeStray } from './definition-path.ts';
import type { Finding } from './finding.ts';
import { type DefinitionFile, readDefinition } from './read-definition.ts';

/** Keys that a definition has and other YAML files do not have together. */
const telling = ['redirect_uris', 'contacts', 'organization', 'network', 'environment'];

/**
 * What is to be said of a file outside the definitions' folder: where it belongs, when it is a definition that someone
 * filled in. Models, and every other file, are left alone.
 */
export function strayFinding(file: DefinitionFile): Finding | undefined {
  if (!mayBeStray(file.path)) return undefined;
  const text = new TextDecoder().decode(file.bytes);
  if (!telling.every((key) => new RegExp(`^${key}\\s*:`, 'm').test(text))) return undefined;
  const { findings, partial } = readDefinition(file);
  if (partial === undefined || findings.some(({ rule }) => rule === 'file/placeholder')) return undefined;
  return findings.find(({ rule }) => rule === 'file/path');
}
