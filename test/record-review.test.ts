/** Recording a real pull request as a case: whole, from the local GitHub, and of nobody. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { recordReview } from '../scripts/record-review.ts';
import { outcomeFiles, verdictSummary } from '../scripts/recorded-review.ts';
import { redactFacts } from '../scripts/redaction.ts';
import { ReviewEnvironment } from './application/pull-requests/review-environment.ts';

const cases = join(import.meta.dirname, 'reviews');
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as PullRequestFacts;

const definition = `# Suivi par Camille Durand, poste 0561223344
version: 1
name: Guichet Rocambole
network: internet
environment: production
organization:
  siret: 219 999 000 00017
datapass: H48213
description: Permet de consulter le grimoire de Rocambole
contacts:
  technical:
    - Camille.Durand@rocambole-sur-mer.fr
    - camille.durand+pc@gmail.com
  support: aide@rocambole-sur-mer.fr
redirect_uris:
  - http://guichet.rocambole-sur-mer.fr/oidc/grimoire?dossier=4711
  - https://guichet.rocambole-sur-mer.fr/oidc/retour#privé
post_logout_redirect_uris:
  - https://guichet.rocambole-sur-mer.fr/au-revoir
id_token_signed_response_alg: rs256
userinfo_signed_response_alg: RS256
private_sectr: false
client_secret: ${'0123456789abcdef'.repeat(4)}
owners:
  - camille-durand-dsi
`;

/** What must not be found in a recording, in whatever case. */
const private_ = [
  'camille',
  'durand',
  'rocambole',
  'grimoire',
  'guichet',
  'zorglub',
  'montorgueil',
  '0561223344',
  '4711',
  '48213',
  '219 999 000',
  '00017',
  '0123456789abcdef',
];

describe('a recorded review', () => {
  let environment: ReviewEnvironment;
  const folder = mkdtempSync(join(tmpdir(), 'greffier-recorded-'));
  beforeAll(async () => {
    environment = await ReviewEnvironment.open();
  });
  afterAll(async () => {
    expect(environment.apiProblems()).toEqual([]);
    await environment.close();
    rmSync(folder, { recursive: true });
  });

  const processEnvironment = () => ({
    GITHUB_TOKEN: environment.bob.token,
    GHE_HOST: new URL(environment.github.api).host,
    GHE_PROTOCOL: 'http',
  });
  const path = 'service-providers/internet/production/guichet-rocambole.yaml';
  const repo = () => `${environment.repository.owner.login}/${environment.repository.name}`;

  it('is that of a real pull request, gathered by the service, of nobody, and gives the same verdict', async () => {
    const camille = environment.github.createUser('camille-durand-dsi', 'Camille Durand');
    const zorglub = environment.github.createUser('zorglub75');
    environment.createRegistry({ [path]: definition.replace('rs256', 'RS256') });
    const pull = camille.openPullRequest(environment.repository, {
      branch: 'rocambole',
      title: 'Le guichet de la rue Montorgueil',
      files: { [path]: definition },
    });
    zorglub.approve(environment.repository, pull, 'Vu avec Montorgueil');
    environment.github.calls.clear();
    const asked = { pull: `${repo()}#${pull.number}`, environment: processEnvironment(), folder };
    const recording = await recordReview({ ...asked, name: 'guichet' });
    expect(recording).toMatchObject({ ok: true, folder: join(folder, 'guichet') });
    expect(environment.github.calls.writes()).toBe(0);
    const place = join(folder, 'guichet');
    const files = readdirSync(place);
    expect(files.sort()).toEqual(['comment.en.md', 'comment.fr.md', 'effects.json', 'facts.json']);
    for (const file of files) {
      const text = readFileSync(join(place, file), 'utf8').toLowerCase();
      for (const word of [...private_, environment.repository.owner.login.toLowerCase(), pull.pull.headSha])
        expect(text, `${file}: ${word}`).not.toContain(word);
    }

    const facts = read(join(place, 'facts.json'));
    for (const [file, content] of Object.entries(outcomeFiles(facts)))
      expect(readFileSync(join(place, file), 'utf8'), file).toBe(content);
    const rules = verdictSummary(facts).join('\n');
    for (const rule of [
      'siret/format error',
      'email/case warning',
      'email/plus warning',
      'email/personal warning',
      'url/https-required error',
      'url/fragment error',
      'description/infinitive error',
      'schema/enum error',
      'schema/unknown-key error',
      'file/secret error',
    ])
      expect(rules).toContain(rule);

    expect(await recordReview({ ...asked, name: 'guichet' })).toMatchObject({ ok: false });
  });

  it('keeps who is who: reviewers, owners, the author', async () => {
    const owner = environment.github.createUser('haddock-marine');
    const good = definition
      .replace('219 999 000 00017', '"21999900000017"')
      .replace('Permet de consulter', 'Consulter')
      .replace('http:', 'https:')
      .replace('#privé', '')
      .replace('rs256', 'RS256')
      .replace('private_sectr', 'private_sector')
      .replace(/client_secret: .*\n/, '')
      .replace('camille-durand-dsi', owner.login);
    environment.createRegistry({ [path]: good });
    const pull = environment.alice.openPullRequest(environment.repository, {
      branch: 'b',
      title: 'x',
      files: {
        [path]: good.replace('userinfo_signed_response_alg: RS256', 'userinfo_signed_response_alg: ES256'),
      },
    });
    owner.approve(environment.repository, pull);
    const recording = await recordReview({
      pull: `${repo()}#${pull.number}`,
      name: 'proprietaire',
      environment: processEnvironment(),
      folder,
    });
    expect(recording).toMatchObject({ ok: true });
    const text = readFileSync(join(folder, 'proprietaire/facts.json'), 'utf8');
    expect(text).not.toContain('haddock');
    expect(read(join(folder, 'proprietaire/facts.json')).reviews).toMatchObject([
      { by: { id: 102 }, state: 'approved', at: '2026-03-02T10:00:00.000Z' },
    ]);
    const [review] = read(join(folder, 'proprietaire/facts.json')).reviews;
    expect(text).toContain(String.raw`owners:\n  - ${review?.by.login}`);
  });

  it.each([
    ['a pull request that is none', { pull: 'org' }, /owner\/name#12/],
    ['a name that is none', { name: '../ailleurs' }, /no name of a case/],
    ['no token', { environment: {} }, /GITHUB_TOKEN/],
  ])('is refused with %s', async (_what, more, reason) => {
    const recording = await recordReview({
      pull: 'org/registre#1',
      environment: processEnvironment(),
      folder,
      ...more,
    });
    expect(recording).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });

  it('is refused, in words, when there is no such pull request', async () => {
    environment.createRegistry({});
    const recording = await recordReview({ pull: `${repo()}#77`, environment: processEnvironment(), folder });
    expect(recording).toMatchObject({
      ok: false,
      reason: expect.stringContaining('there is no pull request'),
    });
  });

  /** Words without which a verdict is another one: those that look like others, and letters of another alphabet. */
  const needed: Readonly<Record<string, readonly string[]>> = {
    'confusable-name': ['mer', 'mér'],
    'hostile-text': ['img', 'src', 'script', 'details'],
  };
  const large = ['over-three-hundred-definitions', 'sixty-faulty'];

  it.each(readdirSync(cases).filter((name) => !large.includes(name)))('keeps the verdict of %s', (name) => {
    const facts = read(join(cases, name, 'facts.json'));
    const taken = redactFacts(facts, needed[name]);
    expect(redactFacts(facts, needed[name])).toEqual(taken);
    expect(verdictSummary(taken)).toEqual(verdictSummary(facts));
  });
});
