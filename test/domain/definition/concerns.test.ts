import { describe, expect, it } from 'vitest';
import { treeOf } from '#domain/definition/parse/parsed-definition';
import { Source } from '#domain/definition/parse/source';
import { definitionRules, treeRules } from '#domain/definition/rules/all';
import { completed } from '#domain/definition/rules/complete-example';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { faulty } from './faulty.ts';

const trees = [...catalogue.cards.flatMap(({ examples }) => [...examples.bad, ...examples.good]), ...faulty]
  .map((example) => {
    const { path, text } = completed(example);
    const source = new Source({ path, bytes: new TextEncoder().encode(text) });
    return source.loaded.ok ? treeOf(source, source.loaded.value) : undefined;
  })
  .filter((tree) => tree !== undefined);

describe('what a rule is not concerned by', () => {
  it('is what it has nothing to say of', () => {
    let silent = 0;
    for (const tree of trees) {
      for (const { id, concerns, check } of treeRules)
        if (concerns?.(tree) === false) {
          silent++;
          check(tree, () => expect.fail(`${id} is concerned by ${tree.path}`));
        }
      for (const { id, concerns, check } of definitionRules)
        if (concerns?.(tree.draft) === false) {
          silent++;
          check(tree.draft, () => expect.fail(`${id} is concerned by ${JSON.stringify(tree.draft)}`));
        }
    }
    expect(silent).toBeGreaterThan(1_000);
  });
});
