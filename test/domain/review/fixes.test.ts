/** What `/greffier fix` gives, by whichever way, is what `greffier fix` gives. */
import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { placeFromPath } from '#domain/definition/cell';
import { compatibleEdits, correctedLines, diffBlock } from '#domain/definition/fix/corrected-lines';
import { applyFixes } from '#domain/definition/fix/fixes';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import { fixedFiles, patchOf, suggestions } from '#domain/review/evaluate/fixes';
import type { ReviewedFile } from '#domain/review/evaluate/reviewed-file';
import { faulty } from '../definition/faulty.ts';

function reviewed(path: string, text: string): ReviewedFile {
  const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(text) });
  const place = placeFromPath(path);
  return { path, kind: 'added', text, findings, ...(place !== undefined && { place }) };
}

const cases = faulty.flatMap((one) => {
  const { path, text } = completeExample(one);
  const byCommandLine = applyFixes(path, text);
  return byCommandLine.applied.length === 0 ? [] : [[one.rule, one.on, path, text, byCommandLine] as const];
});

describe('the corrections of a review', () => {
  it('are tried on many', () => expect(cases.length).toBeGreaterThan(100));

  it.each(cases)('of %s on %j are those of the command line', (_rule, _on, path, text, byCommandLine) => {
    const fixed = fixedFiles([reviewed(path, text)]);
    expect(fixed.map((file) => [file.text, file.fixes])).toEqual([
      [byCommandLine.text, byCommandLine.applied.length],
    ]);
  });

  it.each(cases)(
    'of %s on %j make a patch and suggestions of the same text',
    (_rule, _on, path, text, byCommandLine) => {
      const fixed = fixedFiles([reviewed(path, text)]);
      const patch = patchOf(fixed);
      if (patch !== '') expect(applyPatch(text, patch)).toBe(byCommandLine.text);
      const lines = text.split('\n');
      const all = [{ path, status: 'added' as const, changedLines: [[1, lines.length] as [number, number]] }];
      const made = suggestions(fixed, all);
      for (const { first, last, body } of made.toReversed())
        lines.splice(first - 1, last - first + 1, ...body.split('\n').slice(1, -1));
      // Lines that show more than meets the eye are left out of both.
      if (patch !== '' && !text.includes('\r')) expect(lines.join('\n')).toBe(byCommandLine.text);
    },
  );

  it('never repeat a password that stands in a URL', () => {
    const { path, text } = completeExample({
      yaml: 'redirect_uris:\n  - https://admin:motdepasse@agenda.agence-fictive.gouv.fr/retour',
    });
    const file = reviewed(path, text);
    const fixed = fixedFiles([file]);
    expect(fixed).toHaveLength(1);
    const all = [{ path, status: 'added' as const, changedLines: [[1, 99] as [number, number]] }];
    const shown = [
      patchOf(fixed),
      ...suggestions(fixed, all).map(({ body }) => body),
      ...correctedLines(text, compatibleEdits(file.findings)).map(diffBlock),
    ];
    expect(shown.join('\n')).toContain('https://agenda.agence-fictive.gouv.fr/retour');
    expect(shown.join('\n')).not.toContain('motdepasse');
  });

  it('never repeat a line with a secret', () => {
    const { path, text } = completeExample({ yaml: 'id_token_signed_response_alg: rs256' });
    const [file] = fixedFiles([reviewed(path, text)]);
    if (file === undefined) throw new Error('nothing to correct');
    const line = text.split('\n').findIndex((row) => row.includes('rs256')) + 1;
    const secret = { ...file, secretLines: new Set([line - 1]) };
    expect(patchOf([file])).toContain('RS256');
    expect(patchOf([secret])).toBe('');
    const onIt = { ...file, secretLines: new Set([line]) };
    expect(suggestions([onIt], [{ path, status: 'added', changedLines: [[1, 99]] }])).toEqual([]);
  });
});
