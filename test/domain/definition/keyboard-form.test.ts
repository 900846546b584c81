import { describe, expect, it } from 'vitest';
import { applyFixes } from '#domain/definition/fix/fixes';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import { keyboardForm } from '#domain/definition/rules/keyboard-form';

const justified = (scope: string) =>
  `optional_scopes:\n  - scope: ${scope}\n    justification: Orienter les dossiers`;

describe('a sign that only looks like one of the keyboard', () => {
  it.each([
    ['datapass/format', 'datapass: Н4821', 'datapass: H4821', 'U+041D'],
    ['datapass/format', 'datapass: Ｈ４８２１', 'datapass: H4821', 'U+FF28'],
    ['siret/format', 'organization:\n  siret: "１3002526500013"', '"13002526500013"', 'U+FF11'],
    ['scope/unknown', justified('ѕіren'), 'scope: siren\n', 'U+0455'],
    [
      'url/invalid',
      'redirect_uris:\n  - https：／／a.commune-fictive.fr/cb',
      '- https://a.commune-fictive.fr/cb\n',
      'U+FF1A',
    ],
    ['ip/invalid', 'ip_addresses:\n  - １0.144.7.20', '- 10.144.7.20\n', 'U+FF11'],
  ])('is named by %s in %j, and typed anew by the fix', (rule, yaml, written, character) => {
    const { path, text } = completeExample({
      yaml,
      ...(rule === 'ip/invalid' && { cell: 'rie/integration' as const }),
    });
    const judged = (of: string) => readDefinition({ path, bytes: new TextEncoder().encode(of) }).findings;
    const found = judged(text).filter((finding) => finding.rule === rule);
    expect(found.map(({ message }) => message.key)).toEqual([`${rule}#keyboard`]);
    expect(found[0]?.message.values.characters).toContain(character);
    const mended = applyFixes(path, text).text;
    expect(mended).toContain(written);
    expect(judged(mended).map((finding) => finding.rule)).not.toContain(rule);
  });

  it('is left to a person in the name of a server, where it may stand to imitate', () => {
    const { path, text } = completeExample({ yaml: 'redirect_uris:\n  - https：//service.gоuv.fr/cb' });
    expect(applyFixes(path, text).text).toBe(text);
  });

  it('is none in what the keyboard writes, in any other writing, or in accents', () => {
    for (const value of ['H4821', '', 'Réserver « une » salle…', '日本', '👍🏽', '！'.normalize('NFKC')])
      expect(keyboardForm(value)).toBeUndefined();
  });
});
