/**
 * Random histories of a registry (pushes, forks of old commits, renames, moves, removals and returns, approvals,
 * confirmations, merges by every method, by the merge queue and by Greffier itself, force pushes, many removals at once,
 * broken settings, cells that are served later, or no longer, a registry that is renamed and whose name a stranger takes,
 * clients at the partner API, clients that people make, whose requests anyone answers or closes, in a repository whose name a
 * stranger takes, cells that are frozen, clients that are adopted before their definitions are merged,
 * GitHub's 404s and 500s, kills), held against the model of authority (authority-model.ts, docs/authority.md):
 *
 * - no client's metadata or keys change without the word that the model asks for;
 * - no client goes while its file is there;
 * - no definition has two clients;
 * - nothing happens to a client while its cell is frozen;
 * - once nothing goes wrong any more, what has its words is applied, and what lacks one is when a writer gives it.
 *
 * `HISTORY_SEED=17` plays one seed, `HISTORIES=1000` as many from seed 1 on. `npm run histories` plays 1,000 on all
 * processors. A history that fails is printed as it is at its shortest.
 */
import { afterAll, expect, it } from 'vitest';
import { Histories, inWords } from './play.ts';

const { HISTORY_SEED: only, HISTORIES: count = '200' } = process.env;
const seeds = only === undefined ? Array.from({ length: Number(count) }, (_, at) => at + 1) : [Number(only)];

const histories = new Histories();
afterAll(() => histories.close());

it(`gives nobody what nobody gave, in ${seeds.length} random histories`, { timeout: 3_600_000 }, async () => {
  for (const seed of seeds) {
    const failed = await histories.play(seed);
    expect(failed && inWords(failed)).toBeUndefined();
  }
});
