import { afterEach, describe, expect, it, vi } from 'vitest';
import { languages } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { Source } from '#domain/definition/parse/source';
import { openDefinition, readDefinition, validate } from '#domain/definition/read-definition';
import { definitionRules, structureRules, textRules } from '#domain/definition/rules/all';
import { completeExample } from '#domain/definition/rules/complete-example';
import { changesBetween } from '#domain/registry/changes';
import { evaluateChanges, evaluateOutsideAnswers, evaluateRegistry } from '#domain/registry/evaluate';
import { withRegistryFindings } from '#domain/registry/locate-findings';
import { readEntry } from '#domain/registry/read-entry';
import { type Entry, Registry } from '#domain/registry/registry';
import { changeRules, openRules, outsideRules, registryRules } from '#domain/registry/rules/all';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { defaultSettings } from '#domain/registry/settings';

const file = (id = 'agenda', name = 'Agenda') => {
  const path = `service-providers/internet/integration/${id}.yaml`;
  const { text } = completeExample({ yaml: `name: ${name}`, cell: 'internet/integration', path });
  return { path, bytes: new TextEncoder().encode(text) };
};
const entry = (id?: string, name?: string): Entry => {
  const read = readEntry(file(id, name), id ?? 'blob');
  if (read === undefined) throw new Error('no entry');
  return read;
};

/** What an applicant's words once did to an object literal. */
const broken = () => {
  throw new TypeError('words of the applicant');
};
afterEach(() => {
  vi.restoreAllMocks();
});

const unjudged = expect.objectContaining({ rule: 'file/unjudged', severity: 'error' });

describe('a rule that throws', () => {
  it.each([...textRules, ...structureRules, ...definitionRules].map((rule) => [rule.id, rule] as const))(
    '%s is a finding of its file, which is not provisioned, and all the others go on',
    (id, rule) => {
      vi.spyOn(rule, 'check').mockImplementation(broken);
      // The plainest layout is spared the rules on the text.
      const odd = { ...file(), bytes: Buffer.concat([file().bytes, Buffer.from('# « fin »\nnom: x\n')]) };
      const reading = readDefinition(odd);
      const found = reading.findings.filter((finding) => finding.rule === 'file/unjudged');
      if (rule.scope !== 'text' && found.length === 0) {
        // It says itself that this file is none of its concern.
        expect('concerns' in rule && rule.concerns !== undefined).toBe(true);
        return;
      }
      expect(found).toEqual([unjudged]);
      expect(reading.definition).toBeUndefined();
      if (id !== 'schema/unknown-key')
        expect(reading.findings.map((finding) => finding.rule)).toContain('schema/unknown-key');
      for (const language of languages) {
        const said = catalogue.translate(
          found[0]?.message ?? { key: '', values: {} },
          language,
          quoteInBackticks,
        );
        expect(said).toContain(id);
        expect(said).not.toContain('words of the applicant');
      }
    },
  );

  it.each(
    [...registryRules, ...openRules, ...changeRules, ...outsideRules].map((rule) => [rule.id, rule] as const),
  )('%s is a finding of the definitions that it was to judge', (_, rule) => {
    vi.spyOn(rule, 'check').mockImplementation(broken);
    const one = entry();
    const findings = [
      ...evaluateRegistry(Registry.of([one]), [one.path]),
      ...evaluateChanges(changesBetween([], [one]), { settings: defaultSettings, otherPaths: [] }, [
        { pullRequest: 2, claims: { path: 'service-providers/x', redirectUris: [], scopes: [] } },
      ]),
      ...evaluateOutsideAnswers(one, {}),
    ];
    expect(findings.map((finding) => finding.rule)).toEqual(['file/unjudged']);
    expect(withRegistryFindings(openDefinition(file()), findings)).toEqual([unjudged]);
  });
});

describe('what no rule can be blamed for', () => {
  it('is a finding of the file too, which has neither a definition nor anything to say of others', () => {
    vi.spyOn(Source.prototype, 'loaded', 'get').mockImplementation(broken);
    const opened = openDefinition(file());
    expect(opened.reading).toEqual({
      path: file().path,
      place: expect.anything(),
      findings: [unjudged],
    });
    expect(opened.findingsWith([])).toEqual([unjudged]);
    expect(validate(file())).toMatchObject({ partial: undefined, findings: [unjudged] });
  });

  it('does not keep the others out of the registry, and is told of the definition itself', () => {
    const bad = entry('agenda');
    const poisoned: Entry = {
      ...bad,
      // A value whose every use throws stands for whatever cannot be told of a definition.
      partial: new Proxy(bad.partial ?? Object.create(null), {
        get: (target, name) => (name === 'redirectUris' ? broken() : Reflect.get(target, name)),
      }),
    };
    const registry = Registry.of([poisoned, entry('annuaire', 'Annuaire'), entry('copie', 'Annuaire')]);
    expect(registry.size).toBe(3);
    const findings = evaluateRegistry(registry);
    expect(findings.filter(({ path }) => path === bad.path)).toEqual([
      expect.objectContaining({ rule: 'file/unjudged' }),
    ]);
    expect(findings.map(({ rule }) => rule)).toContain('registry/duplicate-name');
  });
});
