import { describe, expect, it } from 'vitest';
import { applyFixes } from '#domain/definition/fix/fixes';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** What `yaml/syntax` says of a definition with these lines in it. */
function saidOf(yaml: string) {
  const { path, text } = completeExample({ yaml });
  const { findings } = readDefinition({ path, bytes: bytesOf(text) });
  return {
    path,
    text,
    keys: findings.filter(({ rule }) => rule === 'yaml/syntax').map(({ message }) => message.key),
  };
}

describe('the cause that is told of a file that YAML cannot read', () => {
  it('is a tab only where there is one', () => {
    expect(saidOf('private_sector: false\n: x').keys).toEqual(['yaml/syntax#other']);
    expect(saidOf('contacts:\n\ttechnical: []\n\t\tsupport: a@b.fr').keys).toEqual(['yaml/syntax#tabs']);
  });

  it.each([
    ['"https://a.commune-fictive.fr/cb", "https://a.commune-fictive.fr/cb2"', '\n'],
    ['"https://a.commune-fictive.fr/cb" "https://a.commune-fictive.fr/cb2",', '\n'],
    ['"https://a.commune-fictive.fr/cb";"https://a.commune-fictive.fr/cb2"', '\r\n'],
  ])('is that several values follow each other in %s, which get a line each', (values, end) => {
    const { path, text, keys } = saidOf(`redirect_uris:\n  - ${values}`);
    expect(keys).toEqual(['yaml/syntax#several']);
    const written = text.replaceAll('\n', end);
    const { text: mended } = applyFixes(path, written);
    expect(mended).toBe(
      written.replace(
        values,
        `"https://a.commune-fictive.fr/cb"${end}  - "https://a.commune-fictive.fr/cb2"`,
      ),
    );
    const { findings } = readDefinition({ path, bytes: bytesOf(mended) });
    expect(findings.filter(({ rule }) => rule === 'yaml/syntax')).toEqual([]);
  });
});
