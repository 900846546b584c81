import { Lexer } from 'marked';
import { describe, expect, it, vi } from 'vitest';
import { findRuleId, mayRunCommand, parseCommands } from '#domain/review/commands/parse';

describe('commands', () => {
  it('are read at the start of a line, with their argument', () => {
    expect(
      parseCommands('Bonjour,\n/greffier check\r\nmerci\n\n/greffier explain url/https-required'),
    ).toEqual([{ name: 'check' }, { name: 'explain', argument: 'url/https-required' }]);
    expect(parseCommands('/greffier')).toEqual([{ name: 'help' }]);
    expect(parseCommands('/greffier provisioned 3f_a*b*c')).toEqual([
      { name: 'provisioned', argument: '3f_a*b*c' },
    ]);
  });

  it.each([
    ['quoted', '> /greffier check'],
    ['under a quote', '> dites\n/greffier check'],
    ['fenced', '```\n/greffier check\n```'],
    ['in a fence never closed', '~~~sh\n/greffier check'],
    ['indented', 'x\n\n    /greffier check'],
    ['in a code span', '`/greffier check`'],
    ['in a code span of several lines', 'voici `du code\n/greffier check\nfin`'],
    ['in an HTML comment', '<!--\n/greffier check\n-->'],
    ['in preformatted HTML', '<pre>\n/greffier check\n</pre>'],
    ['in a list', '- /greffier check'],
    ['in the middle of a line', 'lancez /greffier check'],
    ['a longer word', '/greffiers check'],
    ['in capitals', '/Greffier check'],
  ])('are not read when %s', (_where, comment) => {
    expect(parseCommands(comment)).toEqual([]);
  });

  it('reads an argument in backticks, as people copy it, and still no command in them', () => {
    expect(parseCommands('/greffier explain `url/https-required`')).toEqual([
      { name: 'explain', argument: 'url/https-required' },
    ]);
    expect(parseCommands('/greffier confirm `0123456789abcdef0123456789abcdef`')).toMatchObject([
      { name: 'confirm', argument: '0123456789abcdef0123456789abcdef' },
    ]);
    expect(parseCommands('`/greffier check`')).toEqual([]);
    expect(parseCommands('voici `x` /greffier check')).toEqual([]);
  });

  it.each(['/greffier dance', '/greffier check now', '/greffier confirm', '/greffier explain a b'])(
    'that cannot be understood are told apart: %s',
    (line) => {
      expect(parseCommands(line)).toEqual([{ unknown: line }]);
    },
  );

  it('are bounded in number', () => {
    expect(parseCommands('/greffier check\n'.repeat(500))).toHaveLength(10);
  });

  it.each([
    ['emphasis without end', '_a__'.repeat(16_000)],
    ['quotes in quotes', '>'.repeat(65_000)],
    ['quotes in quotes, apart', '> '.repeat(32_000)],
    ['items of items', '- '.repeat(32_000)],
    ['brackets', '['.repeat(65_000)],
    ['links without end', '[a]('.repeat(16_000)],
    ['code without end', '` '.repeat(32_000)],
    ['comments without end', '<!--'.repeat(16_000)],
    ['a table', '|a|\n|-|\n'.repeat(8_000)],
    [
      'deeper and deeper items',
      Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}- a`).join('\n'),
    ],
  ])('are read before 65,000 characters of %s, which overflow no stack', (_what, text) => {
    expect(parseCommands(`/greffier check\n\n${text}`)).toEqual([{ name: 'check' }]);
  });

  it('are looked for in so much of a comment, and no more', () => {
    const inline = vi.spyOn(Lexer, 'lexInline');
    parseCommands(`/greffier danse ${'*a_'.repeat(400)}\n\n`.repeat(50));
    const lengths = inline.mock.calls.map(([text]) => text.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1_000);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(4_000);
    inline.mockRestore();
    expect(parseCommands(`${'a\n\n'.repeat(10_000)}/greffier check`)).toEqual([]);
    expect(parseCommands(`${'>'.repeat(50)} cité\n\n/greffier check`)).toEqual([{ name: 'check' }]);
    expect(parseCommands(`> a\n>> /greffier check\n- - - /greffier fix`)).toEqual([]);
  });

  it('belong to those who have the right to give them', () => {
    const stranger = { permission: 'read', isAuthor: false } as const;
    const author = { permission: 'none', isAuthor: true } as const;
    const writer = { permission: 'write', isAuthor: false } as const;
    expect(mayRunCommand({ name: 'help' }, stranger)).toBe(true);
    expect(mayRunCommand({ name: 'check' }, stranger)).toBe(false);
    expect(mayRunCommand({ name: 'check' }, author)).toBe(true);
    expect(mayRunCommand({ name: 'retry' }, author)).toBe(false);
    expect(mayRunCommand({ name: 'retry' }, writer)).toBe(true);
  });

  it('name rules by their id', () => {
    expect(findRuleId('URL/https-required')).toBe('url/https-required');
    expect(findRuleId('url/nothing')).toBeUndefined();
  });
});
