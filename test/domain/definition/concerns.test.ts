import { describe, expect, it } from 'vitest';
import { buildParsedDefinition } from '#domain/definition/parse/parsed-definition';
import { Source } from '#domain/definition/parse/source';
import { definitionRules, structureRules } from '#domain/definition/rules/all';
import { completeExample } from '#domain/definition/rules/complete-example';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { faulty } from './faulty.ts';

const definitions = [
  ...catalogue.rules.flatMap(({ examples }) => [...examples.bad, ...examples.good]),
  ...faulty,
]
  .map((example) => {
    const { path, text } = completeExample(example);
    const source = new Source({ path, bytes: new TextEncoder().encode(text) });
    return source.loaded.ok ? buildParsedDefinition(source, source.loaded.value) : undefined;
  })
  .filter((parsed) => parsed !== undefined);

describe('what a rule is not concerned by', () => {
  it('is what it has nothing to say of', () => {
    let silent = 0;
    for (const parsed of definitions) {
      for (const { id, concerns, check } of structureRules)
        if (concerns?.(parsed) === false) {
          silent++;
          check(parsed, () => expect.fail(`${id} is concerned by ${parsed.path}`));
        }
      for (const { id, concerns, check } of definitionRules)
        if (concerns?.(parsed.partial) === false) {
          silent++;
          check(parsed.partial, () => expect.fail(`${id} is concerned by ${JSON.stringify(parsed.partial)}`));
        }
    }
    expect(silent).toBeGreaterThan(1_000);
  });
});
