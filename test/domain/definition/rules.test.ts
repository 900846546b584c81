import { describe, expect, it } from 'vitest';
import { type CellName, cellNames } from '#base/config/cells';
import { languages } from '#base/i18n/message';
import { quoted } from '#base/i18n/render';
import { readDefinition } from '#domain/definition/read-definition';
import { completed } from '#domain/definition/rules/complete-example';
import type { Example, RuleCard } from '#domain/definition/rules/rule';
import { catalogueOf, definitionCards, gaps } from '#domain/definition/rules/rule-catalogue';
import { ruleIds } from '#domain/definition/rules/rule-ids';

const catalogue = catalogueOf(definitionCards);

function read(example: Example) {
  const { path, text } = completed(example);
  return { text, reading: readDefinition({ path, bytes: new TextEncoder().encode(text) }) };
}

/** Every message of a reading can be said, in every language. */
function sayAll(reading: ReturnType<typeof readDefinition>): void {
  for (const finding of reading.findings)
    for (const message of [finding.message, ...(finding.fix === undefined ? [] : [finding.fix.title])])
      for (const language of languages)
        expect(catalogue.say(message, language, quoted)).not.toMatch(/\{[a-z][A-Za-z0-9]*\}/);
}

describe.each(definitionCards.map((card) => [card.id, card] as const))('%s', (id, card: RuleCard) => {
  it('has words in every language, with the same placeholders', () => {
    expect(gaps(card)).toEqual([]);
  });

  it('has examples', () => {
    expect(card.examples.good.length).toBeGreaterThan(0);
    expect(card.examples.bad.length).toBeGreaterThan(0);
  });

  it.each(card.examples.good.map((example) => [example.yaml, example] as const))(
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

  it.each(card.examples.bad.map((example) => [example.yaml.slice(0, 200), example] as const))(
    'speaks of %j',
    (_yaml, example) => {
      const { reading, text } = read(example);
      sayAll(reading);
      const own = reading.findings.filter((finding) => finding.rule === id);
      expect(own.length, `${text}\n${JSON.stringify(reading.findings, null, 1)}`).toBeGreaterThan(0);
      if (example.says !== undefined)
        expect([...new Set(own.map((finding) => finding.message.key.split('#')[1]))].sort()).toEqual(
          [...example.says].sort(),
        );
    },
  );
});

describe('the catalogue of one file', () => {
  it('has each id once, and only published ones', () => {
    const ids = definitionCards.map((card) => card.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !ruleIds.includes(id))).toEqual([]);
  });

  it.each(['file', 'yaml', 'schema'])('has every rule of the group %s', (group) => {
    const wanted = ruleIds.filter((id) => id.startsWith(`${group}/`));
    const there = definitionCards.map((card) => card.id).filter((id) => id.startsWith(`${group}/`));
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
