/** Stores as each migration left them on the day it was written, and the digests of the migrations. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writtenBefore } from '#infrastructure/database/embedded/first-schema';
import type { Engine } from '#infrastructure/database/engine';

export const frozenFolder = join(import.meta.dirname, 'fixtures');
export const digestsFile = join(frozenFolder, 'migrations.json');
const migrations = join(import.meta.dirname, '../../../src/infrastructure/database/migrations');

/** SHA-256 of the text of a migration, in hexadecimal. */
export function digestOfMigration(name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(migrations, `${name}.ts`)))
    .digest('hex');
}

export function frozenDigests(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(digestsFile, 'utf8')) as Record<string, string>;
}

/** Where the statements are that make the store as a migration left it, with data in every table. */
export function frozenFile(name: string, engine: Engine): string {
  return join(frozenFolder, engine === 'postgresql' ? `${name}.sql` : `${name}.sqlite.sql`);
}

export function frozenStore(name: string, engine: Engine): string {
  return readFileSync(frozenFile(name, engine), 'utf8');
}

/**
 * The migrations that have a store of their day, in the order in which they were written, which is the order of the
 * stores that there can be. The embedded ones begin with the last of those that its first schema stands for.
 */
export function frozenVersions(engine: Engine): readonly string[] {
  const versions = Object.keys(frozenDigests());
  if (engine === 'postgresql') return versions;
  const begin = Math.max(...writtenBefore.map((name) => versions.indexOf(name)));
  return versions.slice(begin);
}

/** What the last version before SQLite exported of such a store. */
export const formerExport = join(frozenFolder, 'former-export.ndjson');
