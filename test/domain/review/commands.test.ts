import { describe, expect, it } from 'vitest';
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

  it.each(['/greffier dance', '/greffier check now', '/greffier confirm', '/greffier explain a b'])(
    'that cannot be understood are told apart: %s',
    (line) => {
      expect(parseCommands(line)).toEqual([{ unknown: line }]);
    },
  );

  it('are bounded in number', () => {
    expect(parseCommands('/greffier check\n'.repeat(500))).toHaveLength(10);
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
