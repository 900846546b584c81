import { lexer, marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { languages } from '#base/i18n/message';
import { completeExample } from '#domain/definition/rules/complete-example';
import { parseCommands } from '#domain/review/commands/parse';
import { fixedFiles, patchOf, suggestions } from '#domain/review/evaluate/fixes';
import { replay } from '#domain/review/evaluate/replay';
import { blobFact } from '#domain/review/facts/blob-fact';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { fc } from '../../fast-check.ts';
import { findActiveContent, hostileText, invisibleCharacters } from '../../hostile-text.ts';

const head = 'a'.repeat(40);
const site = 'https://github.com/org/registre';
const ourLinks = [
  site,
  'https://partenaires.proconnect.gouv.fr/apps',
  'https://annuaire-entreprises.data.gouv.fr/etablissement/13099990700012',
];

function factsOf(path: string, yaml: string, login: string, legalName: string): PullRequestFacts {
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
    outside: {
      [path]: {
        siret: {
          ok: true,
          at: '',
          value: { found: true, legalName, legalForm: login, ceased: false },
        },
      },
    },
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

describe('text from a pull request', () => {
  it('never acts: no mention, link, image, HTML, reference, task, command or marker survives', () => {
    fc.assert(
      fc.property(
        hostileText,
        hostileText,
        hostileText,
        fc.constantFrom('keys', 'raw', 'path'),
        (name, uri, other, where) => {
          const quoted = (value: string) => JSON.stringify(value);
          const path =
            where === 'path'
              ? `service-providers/internet/production/${name.replaceAll('/', '')}.yaml`
              : 'service-providers/internet/production/agenda.yaml';
          const yaml =
            where === 'raw'
              ? `${name}\n${uri}\n${other}`
              : completeExample({
                  yaml: `name: ${quoted(name)}\ndescription: ${quoted(other)}\nredirect_uris:\n  - ${quoted(uri)}\nid_token_signed_response_alg: ${quoted(other)}\n${quoted(`evil ${uri}`)}: 1\nowners:\n  - ${quoted(other)}`,
                }).text;
          const facts = factsOf(path, yaml, other.trim() === '' ? 'evil' : other, name);
          for (const language of languages) {
            const { effects, review } = replay(facts, language);
            const body = typeof effects.comment === 'string' ? '' : effects.comment.body;
            expect(findActiveContent(body, ourLinks)).toEqual([]);
            expect(findActiveContent(effects.check.summary, ourLinks)).toEqual([]);
            expect(body.match(/greffier:review/g)?.length ?? 0).toBeGreaterThan(0);
            expect(body.indexOf('<!-- greffier:review -->')).toBe(0);
            expect(parseCommands(body)).toEqual([]);
            expect(body).not.toMatch(invisibleCharacters);
            for (const { title, message } of effects.check.annotations)
              expect(title + message).not.toMatch(invisibleCharacters);
            for (const { body: suggestion } of suggestions(fixedFiles(review.files), facts.files))
              expect(lexer(suggestion).map(({ type }) => type)).toEqual(['code']);
            expect(patchOf(fixedFiles(review.files))).not.toMatch(/[\u202e\u200b]/);
          }
        },
      ),
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
      expect(findActiveContent(`${trap}\n`), String(marked.parse(trap))).not.toEqual([]);
  });
});
