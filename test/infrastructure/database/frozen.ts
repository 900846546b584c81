/** Stores as each migration left them on the day it was written, and the digests of the migrations. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** The statements that make the store as a migration left it, with data in every table. */
export function frozenStore(name: string): string {
  return readFileSync(join(frozenFolder, `${name}.sql`), 'utf8');
}
