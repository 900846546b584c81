/** Whose word counts in the review of what the desk sent: judged as the service judges, on a local GitHub. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applicantOfPull } from '#application/front-desk/applicant-of-pull';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { isPullRequest, type PullRequest } from '#demo/github/state';
import type { Finding } from '#domain/definition/finding';
import { thisEngine } from '../../infrastructure/database/engines.ts';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { camille, DeskWorld, numberOf } from './desk-world.ts';

const organization = '21999900000017';
const owned = (contact: string): string =>
  `\norganization:\n  siret: "${organization}"\ncontacts:\n  technical:\n    - ${contact}\n  support: aide@ville-agenda.fr\nowners:\n  - alice`;

describe('what the desk sent, under review', () => {
  let world: DeskWorld;
  beforeAll(async () => {
    world = await DeskWorld.open(thisEngine);
  });
  beforeEach(() => void world.environment.createRegistry({}));
  afterAll(() => world.close());

  const desk = `greffier[bot]`;
  /** As the service does, with `contents: write` granted to the App. */
  async function decisions(pull: PullRequest): Promise<readonly string[]> {
    const deps = {
      ...world.environment.createDeps(),
      applicantOf: (reading: Parameters<typeof applicantOfPull>[2]) =>
        applicantOfPull(world.requests(), desk, reading),
    };
    const outcome = await reviewPullRequest(deps, pull.number);
    if (outcome.kind !== 'judged') return expect.fail(outcome.kind);
    const findings: readonly Finding[] = outcome.collected.review.files.flatMap((file) => file.findings);
    return findings
      .filter(({ severity, rule }) => severity === 'decision' && /^(?:applicant|change\/owner)/.test(rule))
      .map(({ message }) => message.key);
  }
  const [[path = ''] = []] = Object.entries(serviceFile('agenda'));

  /** Camille asks for a change of a service that has this contact; of a new one without. */
  async function sent(contact?: string, siret: string | null = organization): Promise<PullRequest> {
    const file = serviceFile('agenda', 'internet/integration', owned(contact ?? 'equipe@ville-agenda.fr'));
    if (contact !== undefined) world.environment.createRegistry(file);
    const wanted = `${Object.values(file)[0]}# retouche\n`;
    const { applicant } = camille;
    const number = await world.requests().create({
      id: randomUUID(),
      person: camille.person,
      applicant: { email: applicant.email, ...(siret !== null && { siret }) },
      path,
      wanted,
    });
    await world.bring(numberOf(number));
    const pull = world.proposals().pulls.find(isPullRequest);
    return pull ?? expect.fail('no pull request');
  }

  it('asks nobody about an applicant of the very organization', async () => {
    expect(await decisions(await sent())).toEqual([]);
    expect(world.judged).toHaveLength(1);
  });

  it('asks a person where the organization is another, or is not told', async () => {
    expect(await decisions(await sent(undefined, '13002526500013'))).toEqual([
      'applicant/organization#other',
    ]);
    world.environment.createRegistry({});
    expect(await decisions(await sent(undefined, null))).toEqual(['applicant/organization#untold']);
  });

  it('takes a technical contact of the default branch for an owner', async () => {
    expect(await decisions(await sent(camille.applicant.email.toUpperCase()))).toEqual([]);
  });

  it('takes nobody else for one, though the App itself may write', async () => {
    expect(await decisions(await sent('equipe@ville-agenda.fr'))).toEqual(['change/owner#stranger']);
  });

  it('does not believe the contacts that the change itself brings', async () => {
    world.environment.createRegistry(
      serviceFile('agenda', 'internet/integration', owned('equipe@ville-agenda.fr')),
    );
    const wanted = Object.values(
      serviceFile('agenda', 'internet/integration', owned(camille.applicant.email)),
    )[0];
    const number = await world
      .requests()
      .create({ id: randomUUID(), ...camille, path, wanted: wanted ?? '' });
    await world.bring(numberOf(number));
    const pull = world.proposals().pulls.find(isPullRequest) ?? expect.fail();
    expect(await decisions(pull)).toEqual(['change/owner#stranger']);
  });

  it('ends the consent with the commit of anyone else', async () => {
    const pull = await sent(camille.applicant.email);
    const { bob, repository } = world.environment;
    bob.pushCommit(repository, pull.pull.headRef, { 'service-providers/LISEZMOI.md': 'x' });
    expect(await decisions(pull)).toEqual(['applicant/organization#overtaken', 'change/owner#stranger']);
  });

  it('believes no branch, title or text of a pull request that somebody else opened', async () => {
    const mine = await sent(camille.applicant.email);
    const { alice, bob, repository } = world.environment;
    bob.close(repository, mine);
    const carol = world.environment.github.createUser('carol');
    const fork = carol.fork(repository);
    const forged = carol.openPullRequest(repository, {
      branch: `${mine.pull.headRef}`,
      from: fork,
      title: mine.title,
      body: mine.body ?? '',
      files: {
        [path]: `${repository.git.objects.blob(repository.git.entryAt(repository.git.objects.commit(mine.pull.headSha)?.tree ?? '', path)?.sha ?? '')?.toString('utf8')}# x\n`,
      },
    });
    expect(await decisions(forged)).toEqual(['change/owner#stranger']);
    expect(alice.login).toBe('alice');
  });

  it('believes nobody while it is not written down whose pull request it is', async () => {
    const pull = await sent();
    const request = await world.requests().ofPull(pull.number);
    await world.requests().save(request?.number ?? 0, { pull: null });
    expect(await decisions(pull)).toEqual(['applicant/organization#overtaken']);
  });
});
