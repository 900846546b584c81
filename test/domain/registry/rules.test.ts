import { describe, expect, it } from 'vitest';
import { languages } from '#base/i18n/message';
import { quoted } from '#base/i18n/render';
import { placeOf } from '#domain/definition/cell';
import { readDefinition } from '#domain/definition/read-definition';
import { completed } from '#domain/definition/rules/complete-example';
import { catalogueOf, definitionCards, gaps } from '#domain/definition/rules/rule-catalogue';
import { ruleIds } from '#domain/definition/rules/rule-ids';
import { changesBetween } from '#domain/registry/changes';
import { claimsOf } from '#domain/registry/claims';
import { judgeChanges, judgeOutside, judgeRegistry } from '#domain/registry/evaluate';
import { findingsWithoutText, readWithNotices } from '#domain/registry/locate-findings';
import { type Entry, Registry } from '#domain/registry/registry';
import { registryCards } from '#domain/registry/rules/all';
import type { Extra, Notice, Situation } from '#domain/registry/rules/rule';
import { defaultSettings } from '#domain/registry/settings';

const catalogue = catalogueOf([...definitionCards, ...registryCards]);
const bytesOf = (text: string) => new TextEncoder().encode(text);

interface File {
  readonly path: string;
  readonly text: string;
}

function fileOf({ yaml, cell = 'internet/production', id = 'autre-service' }: Extra): File {
  return completed({ yaml, path: `service-providers/${cell}/${id}.yaml`, cell });
}

function entryOf({ path, text }: File): Entry {
  const place = placeOf(path);
  const { draft, definition } = readDefinition({ path, bytes: bytesOf(text) });
  if (place === undefined) throw new Error(`${path} is not a place`);
  return {
    path,
    place,
    blob: '',
    ...(draft === undefined ? {} : { draft }),
    ...(definition === undefined ? {} : { definition }),
  };
}

/** Plays a situation through everything that judges. */
function play(situation: Situation): readonly Notice[] {
  const { yaml, cell = 'internet/production' } = situation;
  const id = 'mon-service';
  const judged = entryOf(fileOf({ id, cell, yaml }));
  const others = (situation.others ?? []).map((extra) => entryOf(fileOf(extra)));
  const open = (situation.open ?? []).map((extra) => ({
    pullRequest: 12,
    claims: claimsOf(entryOf(fileOf(extra))),
  }));
  const after = situation.removed === true ? [] : [judged];
  const { before } = situation;
  const beforeFile = { id, cell, ...situation.from, yaml: before ?? yaml };
  const was = before === undefined && situation.removed !== true ? [] : [entryOf(fileOf(beforeFile))];
  for (let copy = 1; copy <= (situation.copies ?? 0); copy += 1) {
    was.push(entryOf(fileOf({ id: `copie-${copy}`, cell, yaml: before ?? yaml })));
    after.push(entryOf(fileOf({ id: `copie-${copy}`, cell, yaml })));
  }
  const changes = changesBetween(was, after);
  const context = { settings: defaultSettings, otherPaths: [], ...situation.context };
  return [
    ...judgeRegistry(Registry.of([judged, ...others]), [judged.path]),
    ...judgeChanges(changes, context, open),
    ...judgeOutside(judged, situation.answers ?? {}),
  ];
}

describe.each(registryCards.map((card) => [card.id, card] as const))('%s', (id, card) => {
  it('has words in every language, with the same placeholders', () => {
    expect(gaps(card)).toEqual([]);
  });

  it('has examples of every sentence', () => {
    expect(card.examples.good.length).toBeGreaterThan(0);
    expect(card.examples.bad.length).toBeGreaterThan(0);
  });

  it.each(card.examples.good.map((example) => [example.yaml, example] as const))(
    'is silent on %j',
    (_, example) => {
      expect(play(example).filter(({ rule }) => rule === id)).toEqual([]);
    },
  );

  it.each(card.examples.bad.map((example) => [example.yaml, example] as const))(
    'speaks of %j',
    (_, example) => {
      const own = play(example).filter(({ rule }) => rule === id);
      expect(own.length).toBeGreaterThan(0);
      if (example.says !== undefined)
        expect([...new Set(own.map(({ report }) => report.words))].sort()).toEqual([...example.says].sort());
      for (const { message } of findingsWithoutText(own))
        for (const language of languages)
          expect(catalogue.say(message, language, quoted)).not.toMatch(/\{[a-z][A-Za-z0-9]*\}/);
    },
  );
});

describe('the rules of this room', () => {
  it.each(['registry', 'change', 'outside'])('are all those of the group %s', (group) => {
    const wanted = ruleIds.filter((id) => id.startsWith(`${group}/`));
    expect(registryCards.map(({ id }) => id).filter((id) => id.startsWith(`${group}/`))).toEqual(wanted);
  });

  it('say every one of their sentences in some example, but for what depends on the settings', () => {
    for (const { id, words, examples } of registryCards) {
      const played = [...examples.bad].flatMap((example) => play(example));
      const said = new Set(played.filter(({ rule }) => rule === id).map(({ report }) => report.words));
      const unsaid = Object.keys(words).filter((name) => !said.has(name));
      expect(unsaid, id).toEqual(id === 'change/owner' ? ['nobody'] : []);
    }
  });
});

describe('what is said of a file', () => {
  const path = 'service-providers/internet/production/mon-service.yaml';

  it('stands at its place among the findings of the file, and a cause silences its echoes', () => {
    const before = fileOf({ id: 'mon-service', yaml: 'network: internet' });
    const { text } = fileOf({ id: 'mon-service', yaml: 'network: rie' });
    const changes = changesBetween([entryOf(before)], [entryOf({ path, text })]);
    const notices = judgeChanges(changes, { settings: defaultSettings, otherPaths: [] });
    const alone = readDefinition({ path, bytes: bytesOf(text) }).findings.map(({ rule }) => rule);
    expect(alone).toContain('file/cell-mismatch');
    const { findings } = readWithNotices({ path, bytes: bytesOf(text) }, notices);
    expect(findings.map(({ rule }) => rule)).not.toContain('file/cell-mismatch');
    const found = findings.find(({ rule }) => rule === 'change/cell');
    expect(found).toMatchObject({ severity: 'error', path, pointer: '/network' });
    expect(text.split('\n')[(found?.range.start.line ?? 0) - 1]).toBe('network: rie');
  });

  it('stands at the start of a file that has no text any more', () => {
    const entry = entryOf(fileOf({ id: 'mon-service', yaml: 'name: Agenda' }));
    const notices = judgeChanges(changesBetween([entry], []), { settings: defaultSettings, otherPaths: [] });
    expect(findingsWithoutText(notices)).toMatchObject([
      { rule: 'change/removed', severity: 'decision', path, range: { start: { line: 1, column: 1 } } },
    ]);
  });
});
