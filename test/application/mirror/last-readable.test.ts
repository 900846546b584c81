/** A definition of the default branch that cannot be read: its owners and contacts stay who they were. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rereviewAffected } from '#application/pull-requests/rereview-affected';
import { reviewPullRequest } from '#application/pull-requests/review-pull-request';
import type { FileChanges } from '#demo/github/git/repository';
import type { PullRequest } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { ReviewEnvironment, serviceFile } from '../pull-requests/review-environment.ts';

const path = 'service-providers/internet/integration/agenda.yaml';
const broken = 'version: 1\nname: Agenda\n  owners: [nobody]\n';
const contact = (address: string) =>
  `\ncontacts:\n  technical:\n    - ${address}\n  support: aide@ville-agenda.fr`;

/** What can stand where a definition is, without being one. */
function unreadable(text: string): readonly (readonly [string, FileChanges[string]])[] {
  return [
    ['broken YAML', broken],
    ['a definition with errors', text.replace(/^owners:(?:\n {2}- .*)+/m, 'owners: personne')],
    [
      'a link whose text is a definition',
      { content: text.replace(/^ {2}- .*-[0-9]+$/m, '  - intrus'), mode: '120000' },
    ],
    ['a submodule', { sha: '1f0e7a3c5d9b2468ace013579bdf02468ace1357', mode: '160000' }],
    ['a file that is too large', `# ${'x'.repeat(70_000)}\n`],
    ['bytes that are no text', Buffer.from([0xc3, 0x28, 0x0a])],
  ];
}

describe('a definition that cannot be read on the default branch', () => {
  let environment: ReviewEnvironment;
  let count = 0;
  let camille: GitHubUser;
  beforeAll(async () => {
    environment = await ReviewEnvironment.open();
  });
  afterAll(async () => {
    expect(environment.apiProblems()).toEqual([]);
    await environment.close();
  });
  beforeEach(() => {
    count += 1;
    camille = environment.github.createUser(`camille-${count}`);
    environment.createRegistry({});
  });

  const push = (files: FileChanges) => environment.bob.pushCommit(environment.repository, 'main', files);
  const follow = () => rereviewAffected(environment.deps, async () => undefined);
  const service = (more = '') =>
    serviceFile('agenda', 'internet/integration', `\nowners:\n  - ${camille.login}${more}`);
  async function judged(pull: PullRequest): Promise<{ conclusion: string; said: readonly string[] }> {
    const outcome = await reviewPullRequest(environment.deps, pull.number);
    if (outcome.kind !== 'judged') throw new Error(outcome.kind);
    const { review } = outcome.collected;
    const said = review.files.flatMap(({ findings }) => findings).map(({ message }) => message.key);
    return { conclusion: review.conclusion, said: said.filter((key) => key.startsWith('change/')).sort() };
  }
  const mended = contact('equipe@ville-agenda.fr');

  it.each(unreadable('').map(([what], index) => [what, index] as const))(
    'has the owners and contacts of its last version that could be: %s',
    async (_what, index) => {
      push(service(mended));
      await follow();
      const [text = ''] = Object.values(service(mended));
      push({ [path]: unreadable(text)[index]?.[1] ?? '' });
      await follow();
      const taken = service(contact('intrus@ville-agenda.fr'));
      expect(await judged(environment.propose(taken))).toEqual({
        conclusion: 'action_required',
        said: ['change/contact#added', 'change/owner#stranger'],
      });
      // As after a restart, with all of the registry read anew.
      await environment.store.db.deleteFrom('registry_commits').execute();
      environment.deps = environment.createDeps();
      expect((await judged(environment.propose(taken))).conclusion).toBe('action_required');
      // Its owner mends it without asking anyone.
      expect(await judged(environment.propose(service(mended), camille))).toEqual({
        conclusion: 'success',
        said: [],
      });
    },
  );

  it('keeps the accounts of its owners too: nobody inherits a login meanwhile', async () => {
    push(service(mended));
    await follow();
    push({ [path]: broken });
    await follow();
    const login = camille.login;
    camille.rename(`${login}-ministere`);
    const other = environment.github.createUser(login);
    const files = serviceFile('agenda', 'internet/integration', `\nowners:\n  - ${login}${mended}`);
    expect((await judged(environment.propose(files, other))).said).toEqual(['change/owner#recycled']);
    expect((await judged(environment.propose(files, camille))).conclusion).toBe('success');
  });

  it('is left to a person, where nothing of it was ever known', async () => {
    push({ [path]: broken });
    await follow();
    expect(await judged(environment.propose(service(mended)))).toEqual({
      conclusion: 'action_required',
      said: ['change/contact#added', 'change/owner#unknown'],
    });
    expect((await judged(environment.propose(service(mended), environment.bob))).said).toEqual([
      'change/contact#added',
    ]);
  });

  it('may be removed by its owner as usual, and by nobody else', async () => {
    push(service(mended));
    await follow();
    push({ [path]: broken });
    await follow();
    expect((await judged(environment.propose({ [path]: null }))).said).toEqual([
      'change/owner#stranger',
      'change/removed#removed',
    ]);
  });

  it('still holds the addresses that its client has', async () => {
    push(service(mended));
    await follow();
    push({ [path]: broken });
    await follow();
    const [text = ''] = Object.values(serviceFile('agenda'));
    const pull = environment.propose({ [path.replace('agenda', 'autre')]: text });
    expect((await judged(pull)).conclusion).toBe('failure');
  });
});
