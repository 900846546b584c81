import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;

/** What takes long and tells nothing of the store: what a browser shows, and what is recorded of GitHub. */
const ofNoStore = /\b(?:browser|record-review)\.test\.ts$/;
/** Whole stories that run on one store: again on PostgreSQL, when there is one. */
const stories = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('test', name))
  .filter((path) => !ofNoStore.test(path))
  .filter((path) =>
    /\b(aStore|ReviewEnvironment\.open|thisEngine\.scratch)\(/.test(readFileSync(join(root, path), 'utf8')),
  );

/**
 * What properties are tried with follows from what is committed (test/fast-check.ts); without Git, chance decides.
 * Thirty-two bits of the tree's name, as fast-check takes a seed.
 */
const tree = spawnSync('git', ['rev-parse', 'HEAD^{tree}'], { cwd: root, encoding: 'utf8' });
const seed = tree.status === 0 ? `${Number.parseInt(tree.stdout.slice(0, 8), 16) | 0}` : 'random';

const onPostgresql = {
  extends: true,
  test: { name: 'postgresql', include: stories, env: { TEST_STORE: 'postgresql' } },
} as const;

export default defineConfig({
  test: {
    // Whole stories start servers and an embedded database; single rules take milliseconds.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { PROPERTY_SEED: process.env.PROPERTY_SEED ?? seed },
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'] } },
      ...(process.env.TEST_DATABASE_URL === undefined ? [] : [onPostgresql]),
    ],
  },
});
