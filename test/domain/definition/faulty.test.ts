import { describe, expect, it } from 'vitest';
import { applyFixes } from '#domain/definition/fix/fixes';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import { faulty } from './faulty.ts';

describe('faulty definitions', () => {
  it('are enough to be worth something', () => {
    expect(faulty.length).toBeGreaterThanOrEqual(200);
  });

  it.each(faulty.map((one) => [one.rule, one.on, one] as const))(
    '%s is found on %j',
    (rule, on, { yaml, cell }) => {
      const { path, text } = completeExample({ yaml, ...(cell !== undefined && { cell }) });
      const lines = text.split('\n');
      const line = lines.indexOf(on) + 1 || lines.findIndex((candidate) => candidate.includes(on)) + 1;
      expect(line, text).toBeGreaterThan(0);
      const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(text) });
      expect(findings.map((finding) => `${finding.range.start.line} ${finding.rule}`)).toContain(
        `${line} ${rule}`,
      );
    },
  );
});

describe('fixes of faulty definitions', () => {
  const fixable = faulty.flatMap((one) => {
    const { path, text } = completeExample(one);
    const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(text) });
    const own = findings.find(({ rule, fix }) => rule === one.rule && fix !== undefined);
    return own === undefined ? [] : [[one.rule, one.on, path, text, own.pointer] as const];
  });

  it('are many', () => expect(fixable.length).toBeGreaterThan(100));

  it.each(fixable)('%s on %j is mended for good, and once', (rule, _on, path, text, pointer) => {
    const once = applyFixes(path, text);
    const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(once.text) });
    const left = findings.filter((finding) => finding.rule === rule && finding.pointer === pointer);
    expect(left, once.text).toEqual([]);
    expect(findings.filter(({ fix }) => fix !== undefined)).toEqual([]);
    expect(applyFixes(path, once.text).text).toBe(once.text);
  });
});
