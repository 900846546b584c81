/** How long, and for what, the word of an applicant counts: judged as the service judges, on a local GitHub. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applicantOfPull } from '#application/front-desk/applicant-of-pull';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import { isPullRequest, type PullRequest } from '#demo/github/state';
import { thisEngine } from '../../infrastructure/database/engines.ts';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { camille, DeskWorld, numberOf } from './desk-world.ts';

const ofCity = (contact: string): string =>
  `\norganization:\n  siret: "21999900000017"\ncontacts:\n  technical:\n    - ${contact}\n  support: aide@ville-agenda.fr`;

describe('the word of an applicant', () => {
  let world: DeskWorld;
  beforeAll(async () => {
    world = await DeskWorld.open(thisEngine);
  });
  beforeEach(() => void world.environment.createRegistry({}));
  afterAll(() => world.close());

  async function decisions(pull: PullRequest): Promise<readonly string[]> {
    const deps = {
      ...world.environment.createDeps(),
      applicantOf: (reading: Parameters<typeof applicantOfPull>[2]) =>
        applicantOfPull(world.requests(), 'greffier[bot]', reading),
    };
    const outcome = await reviewPullRequest(deps, pull.number);
    if (outcome.kind !== 'judged') return expect.fail(outcome.kind);
    return outcome.collected.review.files
      .flatMap((file) => file.findings)
      .filter(({ severity, rule }) => severity === 'decision' && /^(?:applicant|change\/owner)/.test(rule))
      .map(({ message }) => message.key);
  }

  /** Camille asks for a change of a service that has these owners and this contact. */
  async function sent(contact: string, owners = '\nowners:\n  - alice') {
    const file = serviceFile('agenda', 'internet/integration', `${ofCity(contact)}${owners}`);
    world.environment.createRegistry(file);
    const [[path, text] = ['', '']] = Object.entries(file);
    const wanted = `${text}# retouche\n`;
    const number = numberOf(await world.requests().create({ id: randomUUID(), ...camille, path, wanted }));
    await world.bring(number);
    const pull = world.proposals().pulls.find(isPullRequest) ?? expect.fail('no pull request');
    return { number, pull, wanted };
  }

  it('ends with the withdrawal, before GitHub hears of it', async () => {
    const { number, pull } = await sent(camille.applicant.email);
    expect(await decisions(pull)).toEqual([]);
    await world.requests().withdraw(camille.person, number);
    expect(await decisions(pull)).toEqual(['applicant/organization#overtaken', 'change/owner#stranger']);
  });

  it('does not come back when somebody opens again what was withdrawn', async () => {
    const { number, pull } = await sent(camille.applicant.email);
    await world.requests().withdraw(camille.person, number);
    await world.bring(number);
    const { bob, repository } = world.environment;
    repository.git.refs.set(`refs/heads/${pull.pull.headRef}`, pull.pull.headSha);
    bob.reopen(repository, pull);
    expect(pull.state).toBe('open');
    expect(await decisions(pull)).toEqual(['applicant/organization#overtaken', 'change/owner#stranger']);
  });

  it('is for the last thing that was sent, not for what it corrects', async () => {
    const { number, pull, wanted } = await sent(camille.applicant.email);
    await world.requests().correct({ ...camille, wanted: `${wanted}# encore\n` }, number);
    expect(await decisions(pull)).toEqual(['applicant/organization#overtaken', 'change/owner#stranger']);
    await world.bring(number);
    expect(await decisions(pull)).toEqual([]);
  });

  it('is no consent to a change of somebody else’s service, though it has no owners', async () => {
    const { pull } = await sent('equipe@ville-agenda.fr', '');
    expect(await decisions(pull)).toEqual(['change/owner#desk']);
  });

  it('is consent to a change of one’s own, though it has no owners', async () => {
    const { pull } = await sent(camille.applicant.email, '');
    expect(await decisions(pull)).toEqual([]);
  });
});
