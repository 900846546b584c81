/**
 * Has Node compile the whole program, and keep it where the next start looks (`NODE_COMPILE_CACHE`, else the machine's
 * temporary folder): what takes the types out of sources takes 14 MB, which a process never gives back. After `npm ci`, and
 * in the image. Nothing depends on it.
 */
import { readdirSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Where npm brought no Node of its own, an older one may have started it.
if (process.features.typescript) {
  module.enableCompileCache?.();
  const sources = join(import.meta.dirname, '../src');
  for (const file of readdirSync(sources, { recursive: true })) {
    if (file.endsWith('.ts')) await import(pathToFileURL(join(sources, file)).href);
  }
}
