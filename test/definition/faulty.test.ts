import { describe, expect, it } from 'vitest';
import { completed } from '../../src/definition/examples.ts';
import { readDefinition } from '../../src/definition/read.ts';
import { faulty } from './faulty.ts';

describe('faulty definitions', () => {
  it('are enough to be worth something', () => {
    expect(faulty.length).toBeGreaterThanOrEqual(200);
  });

  it.each(faulty.map((one) => [one.rule, one.on, one] as const))(
    '%s is found on %j',
    (rule, on, { yaml, cell }) => {
      const { path, text } = completed({ yaml, ...(cell !== undefined && { cell }) });
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
