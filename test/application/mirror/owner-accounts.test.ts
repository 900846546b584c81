/** The owners of a definition, as the accounts that they are: whole stories on the local GitHub. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import type { PullRequest } from '#demo/github/state';
import { ReviewEnvironment, serviceFile } from '../pull-requests/review-environment.ts';

const change = '\nuserinfo_signed_response_alg: ES256';
const ownedBy = (...logins: readonly string[]) =>
  `\nowners:\n${logins.map((login) => `  - ${login}`).join('\n')}`;

describe('the owners of a definition, on GitHub', () => {
  let environment: ReviewEnvironment;
  let count = 0;
  beforeAll(async () => {
    environment = await ReviewEnvironment.open();
  });
  afterAll(async () => {
    expect(environment.apiProblems()).toEqual([]);
    await environment.close();
  });
  beforeEach(() => {
    count += 1;
    environment.createRegistry({});
  });

  const person = (name: string) => environment.github.createUser(`${name}-${count}`);
  const follow = () => rereviewAffected(environment.deps, async () => undefined);
  async function verdict(pull: PullRequest): Promise<string> {
    await reviewPullRequest(environment.deps, pull.number);
    return String(
      environment.repository.checkRuns.findLast(({ headSha }) => headSha === pull.pull.headSha)?.conclusion,
    );
  }
  const merge = (files: Record<string, string>) =>
    environment.bob.pushCommit(environment.repository, 'main', files);

  it('do not keep the registry from being read when the store has no place for them', async () => {
    const odd = `\nowners:\n  - "a\\0b"\n  - ${randomBytes(9_000).toString('hex')}`;
    merge(serviceFile('agenda', 'internet/integration', odd));
    const pull = environment.propose(serviceFile('annuaire', 'internet/integration', ''));
    expect(await verdict(pull)).toBe('success');
  });

  it('are looked up once, when the default branch names them', async () => {
    const camille = person('camille');
    merge(serviceFile('agenda', 'internet/integration', ownedBy(camille.login, `absent-${count}`)));
    await follow();
    environment.github.calls.clear();
    await follow();
    expect(environment.github.calls.count('GET /users/{username}')).toBe(0);
    const pull = environment.propose(
      serviceFile('agenda', 'internet/integration', ownedBy(camille.login) + change),
    );
    await reviewPullRequest(environment.deps, pull.number);
    expect(environment.github.calls.count('GET /users/{username}')).toBe(0);
    const outcome = await reviewPullRequest(environment.deps, pull.number);
    expect(outcome).toMatchObject({
      collected: {
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
    merge(serviceFile('agenda', 'internet/integration', ownedBy(login)));
    await follow();
    camille.rename(`${login}-ministere`);
    const other = environment.github.createUser(login);
    const files = serviceFile('agenda', 'internet/integration', ownedBy(login) + change);
    expect(await verdict(environment.propose(files, camille))).toBe('success');
    expect(await verdict(environment.propose(files, other))).toBe('action_required');
    const asked = environment.propose(files, environment.alice);
    expect(await verdict(asked)).toBe('action_required');
    other.approve(environment.repository, asked);
    expect(await verdict(asked)).toBe('action_required');
    camille.approve(environment.repository, asked);
    expect(await verdict(asked)).toBe('success');
  });

  it('stay who they are where the definition is moved, and nobody inherits a login by a new one that names it', async () => {
    const camille = person('camille');
    const { login } = camille;
    merge(serviceFile('agenda', 'internet/integration', ownedBy(login)));
    await follow();
    camille.rename(`${login}-ministere`);
    const other = environment.github.createUser(login);
    const folder = 'service-providers/internet/integration';
    environment.bob.pushCommit(environment.repository, 'main', {
      [`${folder}/agenda.yaml`]: null,
      ...serviceFile('calendrier', 'internet/integration', ownedBy(login)),
    });
    await follow();
    const files = serviceFile('calendrier', 'internet/integration', ownedBy(login) + change);
    expect(await verdict(environment.propose(files, other))).toBe('action_required');
    expect(await verdict(environment.propose(files, camille))).toBe('success');
    // As a promotion writes it: whom the login meant there is not whom it would mean here.
    merge(serviceFile('annuaire', 'internet/integration', ownedBy(login)));
    await follow();
    const copy = serviceFile('annuaire', 'internet/integration', ownedBy(login) + change);
    expect(await verdict(environment.propose(copy, other))).toBe('action_required');
    expect(await verdict(environment.propose(copy, camille))).toBe('action_required');
  });

  it('consent by their last word on the very commit', async () => {
    const camille = person('camille');
    merge(serviceFile('agenda', 'internet/integration', ownedBy(camille.login)));
    await follow();
    const pull = environment.propose(
      serviceFile('agenda', 'internet/integration', ownedBy(environment.alice.login)),
    );
    expect(await verdict(pull)).toBe('action_required');
    camille.approve(environment.repository, pull);
    expect(await verdict(pull)).toBe('success');
    camille.review(environment.repository, pull, 'REQUEST_CHANGES', 'Pas encore.');
    expect(await verdict(pull)).toBe('action_required');
    const again = camille.approve(environment.repository, pull);
    expect(await verdict(pull)).toBe('success');
    camille.review(environment.repository, pull, 'COMMENT', 'Une remarque.');
    expect(await verdict(pull)).toBe('success');
    environment.bob.dismiss(environment.repository, pull, again);
    expect(await verdict(pull)).toBe('action_required');
    environment.bob.approve(environment.repository, pull);
    expect(await verdict(pull)).toBe('success');
  });
});
