import { describe, expect, it } from 'vitest';
import { isDefinitionPath, mayBeStray, rightPath } from '#domain/definition/definition-path';
import { suggestedFileName } from '#domain/definition/file-name';
import { completeExample } from '#domain/definition/rules/complete-example';
import { strayFinding } from '#domain/definition/stray';
import { replay } from '#domain/review/evaluate/replay';
import { blobFact } from '#domain/review/facts/blob-fact';
import type { FileFact, PullRequestFacts } from '#domain/review/facts/facts';

const cell = 'service-providers/internet/production';
const { text } = completeExample({ yaml: '' });
const bytes = new TextEncoder().encode(text);

describe('what a definition is', () => {
  it.each(['.gitkeep', 'README.md', '.DS_Store', '.gitattributes', 'CODEOWNERS'])(
    'leaves %s alone that stands among definitions',
    (name) => {
      expect(isDefinitionPath(`${cell}/${name}`)).toBe(false);
      expect(mayBeStray(`${cell}/${name}`)).toBe(false);
    },
  );

  it.each(['agenda.yaml', 'agenda.yml', 'Agenda.yaml', 'agenda', 'readme.yaml', 'agenda.docx'])(
    'takes %s for one, so that a bad name is told',
    (name) => expect(isDefinitionPath(`${cell}/${name}`)).toBe(true),
  );
});

describe('a definition at the wrong place', () => {
  it.each([
    ['agenda.yaml', `${cell}/agenda.yaml`],
    ['modeles/Agenda des élus.yml', `${cell}/agenda-des-elus.yaml`],
    ['service-provider/internet/production/agenda.yaml', `${cell}/agenda.yaml`],
    ['Service-Providers/Internet/Production/agenda.yaml', `${cell}/agenda.yaml`],
    ['docs/agenda.yaml.txt', `${cell}/agenda.yaml`],
  ])('%s is told where it belongs', (path, proposal) => {
    expect(strayFinding({ path, bytes })).toMatchObject({
      rule: 'file/path',
      severity: 'error',
      message: { key: 'file/path#move', values: { proposal } },
    });
  });

  it.each([
    ['agenda.yaml', 'version: 1\nname: Agenda\n'],
    ['compose.yaml', 'services:\n  a:\n    image: b\n'],
    ['.github/agenda.yaml', text],
    ['agenda.md', text],
    ['modeles/internet-production.yaml', text.replace('13099990700012', '00000000000000')],
  ])('%s is none, or a model', (path, content) => {
    expect(strayFinding({ path, bytes: new TextEncoder().encode(content) })).toBeUndefined();
  });

  it('is told by its folders what it does not say itself', () => {
    expect(rightPath('services/Réseau/Internet/Intégration/x y.yaml', {})).toBe(
      'service-providers/internet/integration/x-y.yaml',
    );
    expect(rightPath('agenda.yaml', {})).toBeUndefined();
  });

  it('has a name that keeps its letters', () => {
    expect(suggestedFileName('Œuvres et Lætitia.yaml.txt')).toBe('oeuvres-et-laetitia.yaml');
  });
});

describe('a pull request', () => {
  const review = (...files: readonly FileFact[]) => {
    const facts: PullRequestFacts = {
      version: 1,
      repository: { fullName: 'org/registre', url: 'https://github.com/org/registre' },
      pull: {
        number: 12,
        author: { id: 1, login: 'camille', bot: false },
        head: 'a'.repeat(40),
        base: 'c'.repeat(40),
        draft: false,
        open: true,
        fork: false,
        intoDefaultBranch: true,
      },
      files,
      filesComplete: true,
      blobs: { b: blobFact(bytes), e: blobFact(new Uint8Array()) },
      baseBlobs: {},
      settings: null,
      neighbours: [],
      openClaims: [],
      outside: {},
      reviews: [],
    };
    return replay(facts).review;
  };

  it('with a definition at the root is not green', () => {
    const { conclusion, general } = review({
      path: 'agenda.yaml',
      status: 'added',
      blob: 'b',
      changedLines: [[1, 9]],
    });
    expect(conclusion).toBe('failure');
    expect(general.map(({ rule, path }) => [rule, path])).toEqual([['file/path', 'agenda.yaml']]);
  });

  it('that removes the .gitkeep of the template removes nothing', () => {
    expect(review({ path: `${cell}/.gitkeep`, status: 'removed', changedLines: [] })).toMatchObject({
      outcome: 'nothing',
      conclusion: 'success',
    });
  });
});
