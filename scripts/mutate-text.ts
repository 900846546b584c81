/** Ways in which a text goes wrong: typing, pasting, and malice. */

/** Pieces that make YAML, URLs or people stumble. */
export const fragments: readonly string[] = [
  '\n',
  '\r\n',
  '\r',
  '\t',
  ' ',
  '  ',
  ':',
  ': ',
  ' : ',
  '- ',
  '-',
  '#',
  ' #',
  ' #/',
  "'",
  '"',
  '\\',
  '|\n',
  '>\n  ',
  '[',
  ']',
  '{',
  '}',
  ',',
  '&a ',
  '*a',
  '!!str ',
  '<<: ',
  '? ',
  '%YAML 1.1\n',
  '---\n',
  '...\n',
  '@',
  '`',
  '~',
  'null',
  'yes',
  'oui',
  'non',
  'true',
  '"true"',
  '0o17',
  '012',
  '12:30',
  '2026-01-01',
  '1e3',
  '.inf',
  '1_000',
  '\u00a0',
  '\u200b',
  '\u202e',
  '\ufeff',
  '\u2028',
  '\u0085',
  '\u0000',
  '\u001b[31m',
  'e\u0301',
  '’',
  'а',
  '🙂',
  '\ud800',
  'https://',
  'http://',
  '*.',
  '//',
  '/../',
  '%2F',
  '%00',
  ';',
  '?next=',
  '@evil.fr/',
  ':443',
  ':99999',
  'localhost',
  '127.0.0.1',
  '0x7f.1',
  '[::1]',
  'xn--',
  'javascript:alert(1)',
  'example.com',
  '10.0.0.0/8',
  '::1',
  'name: x\n',
  'nom: x\n',
  'redirect_uri: https://a.fr/b\n',
  'siret: 1\n',
  'client_secret: abcdefgh12345678\n',
  '__proto__: 1\n',
  'constructor: {}\n',
  'environment: preprod\n',
  'network: [rie, internet]\n',
  `${'0a1b2c3d'.repeat(8)}`,
  '<à compléter>',
  '((((((((((',
  'a'.repeat(300),
  '[['.repeat(40),
  '- '.repeat(60),
  '{a: '.repeat(30),
  '-'.repeat(2000),
  'a.'.repeat(500),
];

/** A source of numbers from 0 to 1: the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The text with one to five changes. */
export function mutateText(text: string, random: () => number): string {
  const below = (most: number) => Math.floor(random() * most);
  const piece = () => fragments[below(fragments.length)] ?? '';
  let result = text;
  for (let count = 1 + below(5); count > 0; count--) {
    const at = below(result.length + 1);
    const lines = result.split('\n');
    const line = below(lines.length);
    switch (below(6)) {
      case 0:
        result = result.slice(0, at) + piece() + result.slice(at);
        break;
      case 1:
        result = result.slice(0, at) + result.slice(at + 1 + below(12));
        break;
      case 2:
        result = lines.toSpliced(line, 1).join('\n');
        break;
      case 3:
        result = lines.toSpliced(line, 0, lines[below(lines.length)] ?? '').join('\n');
        break;
      case 4:
        result = lines
          .with(
            line,
            (lines[line] ?? '').replace(/: .*|- .*/, (found) => found.slice(0, 2) + piece()),
          )
          .join('\n');
        break;
      default:
        result = lines.with(line, ' '.repeat(below(5)) + (lines[line] ?? '').trimStart()).join('\n');
    }
  }
  return result;
}
