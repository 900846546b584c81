/** Registries on the disk, for as long as a test. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { completeExample } from '#domain/definition/rules/complete-example';
import type { Example } from '#domain/definition/rules/rule';

export interface OnDisk {
  readonly root: string;
  write(path: string, content: string | Uint8Array): void;
  read(path: string): string;
}

/** A registry with these files. */
export function registryOnDisk(files: Readonly<Record<string, string | Uint8Array>>): OnDisk {
  const root = mkdtempSync(join(tmpdir(), 'greffier-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  return { root, write, read: (path) => readFileSync(join(root, path), 'utf8') };
}

/** The text of an example, completed from the valid skeleton of its cell. */
export function definition(yaml = '', cell: Example['cell'] = 'internet/production'): string {
  return completeExample({ yaml, cell }).text;
}

export const inProduction = 'service-providers/internet/production/suivi.yaml';
