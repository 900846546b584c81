import { describe, expect, it } from 'vitest';
import { type CellName, cellNames } from '#base/config/cells';
import { languages } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import type { Example, RuleMetadata } from '#domain/definition/rules/rule';
import {
  catalogueOf,
  definitionRulesMetadata,
  missingTranslations,
} from '#domain/definition/rules/rule-catalogue';
import { ruleIds } from '#domain/definition/rules/rule-ids';

const catalogue = catalogueOf(definitionRulesMetadata);

function read(example: Example) {
  const { path, text } = completeExample(example);
  return { text, reading: readDefinition({ path, bytes: new TextEncoder().encode(text) }) };
}

/** Every message of a reading can be said, in every language. */
function sayAll(reading: ReturnType<typeof readDefinition>): void {
  for (const finding of reading.findings)
    for (const message of [finding.message, ...(finding.fix === undefined ? [] : [finding.fix.title])])
      for (const language of languages)
        expect(catalogue.translate(message, language, quoteInBackticks)).not.toMatch(/\{[a-z][A-Za-z0-9]*\}/);
}

describe.each(definitionRulesMetadata.map((metadata) => [metadata.id, metadata] as const))(
  '%s',
  (id, metadata: RuleMetadata) => {
    it('has messages in every language, with the same placeholders', () => {
      expect(missingTranslations(metadata)).toEqual([]);
    });

    it('has examples', () => {
      expect(metadata.examples.good.length).toBeGreaterThan(0);
      // No text shows it: it is a fault of Greffier's own.
      expect(metadata.examples.bad.length > 0).toBe(id !== 'file/unjudged');
    });

    it.each(metadata.examples.good.map((example) => [example.yaml, example] as const))(
      'is silent on %j',
      (_yaml, example) => {
        const { reading, text } = read(example);
        sayAll(reading);
        expect(
          reading.findings.filter((finding) => finding.rule === id),
          text,
        ).toEqual([]);
      },
    );

    it.each(metadata.examples.bad.map((example) => [example.yaml.slice(0, 200), example] as const))(
      'speaks of %j',
      (_yaml, example) => {
        const { reading, text } = read(example);
        sayAll(reading);
        const own = reading.findings.filter((finding) => finding.rule === id);
        expect(own.length, `${text}\n${JSON.stringify(reading.findings, null, 1)}`).toBeGreaterThan(0);
        if (example.messageIds !== undefined)
          expect([...new Set(own.map((finding) => finding.message.key.split('#')[1]))].sort()).toEqual(
            [...example.messageIds].sort(),
          );
      },
    );
  },
);

describe('the catalogue of one file', () => {
  it('has each id once, and only published ones', () => {
    const ids = definitionRulesMetadata.map((metadata) => metadata.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !ruleIds.includes(id))).toEqual([]);
  });

  it.each(['file', 'yaml', 'schema'])('has every rule of the group %s', (group) => {
    const wanted = ruleIds.filter((id) => id.startsWith(`${group}/`));
    const there = definitionRulesMetadata
      .map((metadata) => metadata.id)
      .filter((id) => id.startsWith(`${group}/`));
    expect([...there].sort()).toEqual([...wanted].sort());
  });
});

describe('the valid skeletons', () => {
  it.each(cellNames)('%s draws nothing', (cell: CellName) => {
    const { reading, text } = read({ yaml: '', cell });
    expect(reading.findings, text).toEqual([]);
    expect(reading.definition).toBeDefined();
  });
});
