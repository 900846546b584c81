import { describe, expect, it } from 'vitest';
import { languages } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { placeFromPath } from '#domain/definition/cell';
import { openDefinition, readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import {
  catalogueOf,
  definitionRulesMetadata,
  missingTranslations,
} from '#domain/definition/rules/rule-catalogue';
import { ruleIds } from '#domain/definition/rules/rule-ids';
import { changesBetween } from '#domain/registry/changes';
import { claimsOf } from '#domain/registry/claims';
import { evaluateChanges, evaluateOutsideAnswers, evaluateRegistry } from '#domain/registry/evaluate';
import { findingsWithoutText, withRegistryFindings } from '#domain/registry/locate-findings';
import { type Entry, Registry } from '#domain/registry/registry';
import { registryRulesMetadata } from '#domain/registry/rules/all';
import type { OtherDefinition, RegistryExample, RegistryFinding } from '#domain/registry/rules/rule';
import { defaultSettings } from '#domain/registry/settings';

const catalogue = catalogueOf([...definitionRulesMetadata, ...registryRulesMetadata]);
const bytesOf = (text: string) => new TextEncoder().encode(text);

interface File {
  readonly path: string;
  readonly text: string;
}

function fileOf({ yaml, cell = 'internet/production', id = 'autre-service' }: OtherDefinition): File {
  return completeExample({ yaml, path: `service-providers/${cell}/${id}.yaml`, cell });
}

function entryOf({ path, text }: File): Entry {
  const place = placeFromPath(path);
  const { partial, definition } = readDefinition({ path, bytes: bytesOf(text) });
  if (place === undefined) throw new Error(`${path} is not a place`);
  return {
    path,
    place,
    blob: '',
    ...(partial === undefined ? {} : { partial }),
    ...(definition === undefined ? {} : { definition }),
  };
}

/** Evaluates an example by all the rules that need more than one file. */
function evaluate(example: RegistryExample): readonly RegistryFinding[] {
  const { yaml, cell = 'internet/production' } = example;
  const id = 'mon-service';
  const own = entryOf(fileOf({ id, cell, yaml }));
  const others = (example.others ?? []).map((extra) => entryOf(fileOf(extra)));
  const open = (example.open ?? []).map((extra) => ({
    pullRequest: 12,
    claims: claimsOf(entryOf(fileOf(extra))),
  }));
  const after = example.removed === true ? [] : [own];
  const { before } = example;
  const beforeFile = { id, cell, ...example.from, yaml: before ?? yaml };
  const was = before === undefined && example.removed !== true ? [] : [entryOf(fileOf(beforeFile))];
  for (let copy = 1; copy <= (example.copies ?? 0); copy += 1) {
    was.push(entryOf(fileOf({ id: `copie-${copy}`, cell, yaml: before ?? yaml })));
    after.push(entryOf(fileOf({ id: `copie-${copy}`, cell, yaml })));
  }
  const changes = changesBetween(was, after);
  const context = { settings: defaultSettings, otherPaths: [], ...example.context };
  return [
    ...evaluateRegistry(Registry.of([own, ...others]), [own.path]),
    ...evaluateChanges(changes, context, open),
    ...evaluateOutsideAnswers(own, example.answers ?? {}),
  ];
}

describe.each(registryRulesMetadata.map((metadata) => [metadata.id, metadata] as const))(
  '%s',
  (id, metadata) => {
    it('has messages in every language, with the same placeholders', () => {
      expect(missingTranslations(metadata)).toEqual([]);
    });

    it('has examples of every sentence', () => {
      expect(metadata.examples.good.length).toBeGreaterThan(0);
      expect(metadata.examples.bad.length).toBeGreaterThan(0);
    });

    it.each(metadata.examples.good.map((example) => [example.yaml, example] as const))(
      'is silent on %j',
      (_, example) => {
        expect(evaluate(example).filter(({ rule }) => rule === id)).toEqual([]);
      },
    );

    it.each(metadata.examples.bad.map((example) => [example.yaml, example] as const))(
      'speaks of %j',
      (_, example) => {
        const own = evaluate(example).filter(({ rule }) => rule === id);
        expect(own.length).toBeGreaterThan(0);
        if (example.messageIds !== undefined)
          expect([...new Set(own.map(({ report }) => report.messageId))].sort()).toEqual(
            [...example.messageIds].sort(),
          );
        for (const { message } of findingsWithoutText(own))
          for (const language of languages)
            expect(catalogue.translate(message, language, quoteInBackticks)).not.toMatch(
              /\{[a-z][A-Za-z0-9]*\}/,
            );
      },
    );
  },
);

describe('the rules that need more than one file', () => {
  it.each(['registry', 'change', 'outside'])('are all those of the group %s', (group) => {
    const wanted = ruleIds.filter((id) => id.startsWith(`${group}/`));
    expect(registryRulesMetadata.map(({ id }) => id).filter((id) => id.startsWith(`${group}/`))).toEqual(
      wanted,
    );
  });

  it('say every one of their sentences in some example, but for what depends on settings and history', () => {
    for (const { id, messages, examples } of registryRulesMetadata) {
      const reported = [...examples.bad].flatMap((example) => evaluate(example));
      const used = new Set(reported.filter(({ rule }) => rule === id).map(({ report }) => report.messageId));
      const missing = Object.keys(messages).filter((name) => !used.has(name));
      expect(missing, id).toEqual(id === 'change/owner' ? ['unknown', 'nobody'] : []);
    }
  });
});

describe('what is said of a file', () => {
  const path = 'service-providers/internet/production/mon-service.yaml';

  it('stands at its place among the findings of the file, and a cause silences its echoes', () => {
    const before = fileOf({ id: 'mon-service', yaml: 'network: internet' });
    const { text } = fileOf({ id: 'mon-service', yaml: 'network: rie' });
    const changes = changesBetween([entryOf(before)], [entryOf({ path, text })]);
    const reported = evaluateChanges(changes, { settings: defaultSettings, otherPaths: [] });
    const alone = readDefinition({ path, bytes: bytesOf(text) }).findings.map(({ rule }) => rule);
    expect(alone).toContain('file/cell-mismatch');
    const findings = withRegistryFindings(openDefinition({ path, bytes: bytesOf(text) }), reported);
    expect(findings.map(({ rule }) => rule)).not.toContain('file/cell-mismatch');
    const found = findings.find(({ rule }) => rule === 'change/cell');
    expect(found).toMatchObject({ severity: 'error', path, pointer: '/network' });
    expect(text.split('\n')[(found?.range.start.line ?? 0) - 1]).toBe('network: rie');
  });

  it('stands at the start of a file that has no text any more', () => {
    const entry = entryOf(fileOf({ id: 'mon-service', yaml: 'name: Agenda' }));
    const reported = evaluateChanges(changesBetween([entry], []), {
      settings: defaultSettings,
      otherPaths: [],
    });
    expect(findingsWithoutText(reported)).toMatchObject([
      { rule: 'change/removed', severity: 'decision', path, range: { start: { line: 1, column: 1 } } },
    ]);
  });
});
