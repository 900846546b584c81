import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleIds } from '#domain/definition/rules/rule-ids';
import { registryRulesMetadata } from '#domain/registry/rules/all';
import { settingsSchema } from '#domain/registry/settings-schema';

const document = readFileSync(join(import.meta.dirname, '../../../docs/registry.md'), 'utf8');
const rows = document.split('\n').filter((line) => line.startsWith('| '));

describe('docs/registry.md', () => {
  it('names no rule that does not exist, and every decision of the rules on several files', () => {
    const named = Array.from(document.matchAll(/`((?:registry|change|outside)\/[a-z-]+)`/g), ([, id]) => id);
    expect(named.filter((id) => !ruleIds.some((known) => known === id))).toEqual([]);
    const decisions = registryRulesMetadata
      .filter(({ severity }) => severity === 'decision')
      .map(({ id }) => id);
    expect(decisions.filter((id) => !rows.some((row) => row.includes(`\`${id}\``)))).toEqual([]);
  });

  it('tells every setting with its default and bounds', () => {
    const { properties } = settingsSchema;
    const settings: [string, Readonly<Record<string, unknown>>][] = [['language', properties.language]];
    for (const section of ['approvals', 'automatic_merge', 'limits'] as const)
      for (const [name, setting] of Object.entries(properties[section].properties))
        settings.push([`${section}.${name}`, setting]);
    for (const [name, setting] of settings) {
      const row = rows.find((line) => line.startsWith(`| \`${name}\` |`));
      expect(row, name).toBeDefined();
      if (!Array.isArray(setting.default)) expect(row).toContain(`\`${setting.default}\``);
      for (const bound of ['minimum', 'maximum', 'maxItems'])
        if (setting[bound] !== undefined) expect(row, name).toContain(String(setting[bound]));
    }
  });
});
