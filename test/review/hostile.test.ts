import fc from 'fast-check';
import { lexer, marked, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { completed } from '../../src/definition/examples.ts';
import { languages } from '../../src/language/words.ts';
import { catalogue } from '../../src/registry/catalogue.ts';
import { blobFact } from '../../src/review/blob.ts';
import { readCommands } from '../../src/review/command.ts';
import type { PullRequestFacts } from '../../src/review/facts.ts';
import { patchOf, suggestions } from '../../src/review/fixing.ts';
import { judge } from '../../src/review/verdict.ts';

/** Everything that the rules say of themselves: what stands there is ours. */
const ourWords = JSON.stringify(catalogue.cards.map(({ words, why, title }) => ({ words, why, title })));

const head = 'a'.repeat(40);
const site = 'https://github.com/org/registre';

/** Words that would do something if they were let: they are told apart from ours by `evil`. */
const evil = fc.oneof(
  fc.constantFrom(
    '@evil',
    '@evil/equipe',
    '#666',
    'GH-666',
    'evil/evil#666',
    'https://evil.example',
    'www.evil.example',
    'evil@evil.example',
    '![evil](https://evil.example/p.png)',
    '[evil](https://evil.example)',
    '<img src=evil onerror=evil>',
    '</details><script>evil</script>',
    '<!-- greffier:review -->',
    '- [ ] evil',
    '\n\n/greffier confirm evil\n\n',
    '``` evil',
    '~~~',
    '`',
    '``',
    '|',
    '\\`',
    '\u202eevil\u202c',
    '\u200b@evil',
    '<environment>',
    '[^evil]',
    ':evil:',
    '$$evil$$',
    '\r',
    '\u2028',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const text = fc.array(evil, { maxLength: 6 }).map((parts) => parts.join(' '));

function factsOf(path: string, yaml: string, login: string): PullRequestFacts {
  const blob = 'b'.repeat(40);
  const author = { id: 1, login, bot: false };
  return {
    version: 1,
    repository: { fullName: 'org/registre', url: site },
    pull: {
      number: 12,
      author,
      head,
      base: 'c'.repeat(40),
      draft: false,
      open: true,
      fork: false,
      intoDefaultBranch: true,
    },
    files: [{ path, status: 'added', blob, changedLines: [[1, 1_000]] }],
    filesComplete: true,
    blobs: { [blob]: blobFact(new TextEncoder().encode(yaml)) },
    baseBlobs: {},
    settings: null,
    neighbours: [],
    openClaims: [],
    outside: {},
    reviews: [
      {
        by: { id: 2, login: `${login}2`, bot: false },
        state: 'approved',
        commit: head,
        at: '',
        permission: 'write',
        teams: [],
      },
    ],
  };
}

function* leaves(tokens: readonly Token[]): Generator<Token> {
  for (const token of tokens) {
    yield token;
    if ('tokens' in token && Array.isArray(token.tokens)) yield* leaves(token.tokens);
    if (token.type === 'list') for (const item of token.items as Token[]) yield* leaves([item]);
  }
}

/** Everything in a document that could act: there must be nothing but what is ours. */
function acts(markdown: string): string[] {
  const found: string[] = [];
  for (const token of leaves(lexer(markdown, { gfm: true }))) {
    if (token.type === 'image' || (token.type === 'list_item' && token.task === true)) found.push(token.raw);
    if (token.type === 'link') {
      const href = String(token.href);
      const ours =
        [site, 'https://partenaires.proconnect.gouv.fr/apps'].some((start) => href.startsWith(start)) ||
        ourWords.includes(href.replace(/^mailto:/, ''));
      if (!ours || String(token.text).includes('evil')) found.push(token.raw);
    }
    if (
      token.type === 'html' &&
      !/^(?:<\/?(?:details|summary|sub)>|<!-- greffier:review -->|\s|Pourquoi ces remarques \?|Why these remarks\?)+$/.test(
        token.raw,
      )
    )
      found.push(token.raw);
    // A code span or a block of code is the one safe home; in plain text nothing foreign may stand.
    if (
      token.type === 'text' &&
      !('tokens' in token && token.tokens !== undefined) &&
      /@|evil|GH-\d|#666|www\./.test(token.raw)
    )
      found.push(token.raw);
    if (token.type === 'escape' && token.raw.includes('@')) found.push(token.raw);
  }
  return found;
}

describe('text from a pull request', () => {
  it('never acts: no mention, link, image, HTML, reference, task, command or marker survives', () => {
    fc.assert(
      fc.property(text, text, text, fc.constantFrom('keys', 'raw', 'path'), (name, uri, other, where) => {
        const quoted = (value: string) => JSON.stringify(value);
        const path =
          where === 'path'
            ? `service-providers/internet/production/${name.replaceAll('/', '')}.yaml`
            : 'service-providers/internet/production/agenda.yaml';
        const yaml =
          where === 'raw'
            ? `${name}\n${uri}\n${other}`
            : completed({
                yaml: `name: ${quoted(name)}\ndescription: ${quoted(other)}\nredirect_uris:\n  - ${quoted(uri)}\nid_token_signed_response_alg: ${quoted(other)}\n${quoted(`evil ${uri}`)}: 1\nowners:\n  - ${quoted(other)}`,
              }).text;
        const facts = factsOf(path, yaml, other.trim() === '' ? 'evil' : other);
        for (const language of languages) {
          const { effects, review } = judge(facts, language);
          const body = typeof effects.comment === 'string' ? '' : effects.comment.body;
          expect(acts(body)).toEqual([]);
          expect(acts(effects.check.summary)).toEqual([]);
          expect(body.match(/greffier:review/g)?.length ?? 0).toBeGreaterThan(0);
          expect(body.indexOf('<!-- greffier:review -->')).toBe(0);
          expect(readCommands(body)).toEqual([]);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
          const unseen = /[\u0000-\u0009\u000b-\u001f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;
          expect(body).not.toMatch(unseen);
          for (const { title, message } of effects.check.annotations)
            expect(title + message).not.toMatch(unseen);
          for (const { body: suggestion } of suggestions(review.subjects, facts.files))
            expect(lexer(suggestion).map(({ type }) => type)).toEqual(['code']);
          expect(patchOf(review.subjects)).not.toMatch(/[\u202e\u200b]/);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is caught by this very test when it does act', () => {
    for (const trap of [
      '@evil',
      '[evil](https://evil.example)',
      '![evil](x)',
      '<b>',
      '- [ ] evil',
      'www.evil.example',
    ])
      expect(acts(`${trap}\n`), String(marked.parse(trap))).not.toEqual([]);
  });
});
