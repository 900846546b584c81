/** The owners of a definition, as the accounts that they are: whole stories on the local GitHub. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { followDefaultBranch } from '#application/pull-requests/rereview-affected';
import { reviewPull } from '#application/pull-requests/review-pull-request';
import type { PullRequest } from '#demo/github/state';
import { Stage, service } from '../pull-requests/review-stage.ts';

const change = '\nuserinfo_signed_response_alg: ES256';
const ownedBy = (...logins: readonly string[]) =>
  `\nowners:\n${logins.map((login) => `  - ${login}`).join('\n')}`;

describe('the owners of a definition, on GitHub', () => {
  let stage: Stage;
  let count = 0;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(async () => {
    expect(stage.problems()).toEqual([]);
    await stage.close();
  });
  beforeEach(() => {
    count += 1;
    stage.registry({});
  });

  const person = (name: string) => stage.github.createPerson(`${name}-${count}`);
  const follow = () => followDefaultBranch(stage.room, async () => undefined);
  async function verdict(pull: PullRequest): Promise<string> {
    await reviewPull(stage.room, pull.number);
    return String(
      stage.repository.checkRuns.findLast(({ headSha }) => headSha === pull.pull.headSha)?.conclusion,
    );
  }
  const merge = (files: Record<string, string>) => stage.bob.pushCommit(stage.repository, 'main', files);

  it('are looked up once, when the default branch names them', async () => {
    const camille = person('camille');
    merge(service('agenda', 'internet/integration', ownedBy(camille.login, `absent-${count}`)));
    await follow();
    stage.github.calls.clear();
    await follow();
    expect(stage.github.calls.count('GET /users/{username}')).toBe(0);
    const pull = stage.propose(service('agenda', 'internet/integration', ownedBy(camille.login) + change));
    await reviewPull(stage.room, pull.number);
    expect(stage.github.calls.count('GET /users/{username}')).toBe(0);
    const outcome = await reviewPull(stage.room, pull.number);
    expect(outcome).toMatchObject({
      gathered: {
        facts: {
          ownerAccounts: {
            'service-providers/internet/integration/agenda.yaml': {
              [camille.login]: camille.account.id,
              [`absent-${count}`]: null,
            },
          },
        },
      },
    });
  });

  it('stay who they are when they change their login, and nobody inherits it', async () => {
    const camille = person('camille');
    const login = camille.login;
    merge(service('agenda', 'internet/integration', ownedBy(login)));
    await follow();
    camille.rename(`${login}-ministere`);
    const other = stage.github.createPerson(login);
    const files = service('agenda', 'internet/integration', ownedBy(login) + change);
    expect(await verdict(stage.propose(files, camille))).toBe('success');
    expect(await verdict(stage.propose(files, other))).toBe('action_required');
    const asked = stage.propose(files, stage.alice);
    expect(await verdict(asked)).toBe('action_required');
    other.approve(stage.repository, asked);
    expect(await verdict(asked)).toBe('action_required');
    camille.approve(stage.repository, asked);
    expect(await verdict(asked)).toBe('success');
  });

  it('consent by their last word on the very commit', async () => {
    const camille = person('camille');
    merge(service('agenda', 'internet/integration', ownedBy(camille.login)));
    await follow();
    const pull = stage.propose(service('agenda', 'internet/integration', ownedBy(stage.alice.login)));
    expect(await verdict(pull)).toBe('action_required');
    camille.approve(stage.repository, pull);
    expect(await verdict(pull)).toBe('success');
    camille.review(stage.repository, pull, 'REQUEST_CHANGES', 'Pas encore.');
    expect(await verdict(pull)).toBe('action_required');
    const again = camille.approve(stage.repository, pull);
    expect(await verdict(pull)).toBe('success');
    camille.review(stage.repository, pull, 'COMMENT', 'Une remarque.');
    expect(await verdict(pull)).toBe('success');
    stage.bob.dismiss(stage.repository, pull, again);
    expect(await verdict(pull)).toBe('action_required');
    stage.bob.approve(stage.repository, pull);
    expect(await verdict(pull)).toBe('success');
  });
});
