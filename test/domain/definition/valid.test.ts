import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quoteInBackticks } from '#base/i18n/render';
import { readDefinition } from '#domain/definition/read-definition';
import { catalogueOf, definitionRulesMetadata } from '#domain/definition/rules/rule-catalogue';

/** A registry of definitions as public services write them; every host and organization is invented. */
const root = join(import.meta.dirname, '../../definitions');
const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replaceAll('\\', '/'))
  .sort();
const catalogue = catalogueOf(definitionRulesMetadata);

describe('definitions as public services write them', () => {
  it('are enough to be worth something', () => {
    expect(paths.length).toBeGreaterThanOrEqual(70);
  });

  it.each(paths)('%s draws no error and no decision', (path) => {
    const { findings, definition } = readDefinition({ path, bytes: readFileSync(join(root, path)) });
    const serious = findings.filter(({ severity }) => severity === 'error' || severity === 'decision');
    expect(serious.map(({ message }) => catalogue.translate(message, 'en', quoteInBackticks))).toEqual([]);
    expect(definition).toBeDefined();
  });
});
