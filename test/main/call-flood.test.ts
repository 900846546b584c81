/** Somebody who pushes without end to their own pull request, each of which is a review: what is left for everybody else. */
import { expect, it } from 'vitest';
import { serviceFile } from '../application/pull-requests/review-environment.ts';
import { thisEngine } from '../infrastructure/database/engines.ts';
import { ServiceStory, until } from './service-story.ts';

/** Calls of an hour, of which fifty are kept for what cannot wait. */
const requests = 300;

it('are spent half at most on who pushes without end: the others are reviewed, and what they merge is made', async () => {
  const story = await ServiceStory.open(thisEngine, { requests });
  try {
    await story.start();
    await story.settled();
    const { registry, github, alice } = story;
    const mallory = github.createUser('mallory');
    const judged = () => story.logged('judged').length;
    const share = 'an account has had its share of the calls of the hour';
    const waits = () => story.logged(share).length > 0;
    const paused = () => story.logged('GitHub asks for patience').length > 0;
    const files = (n: number) => serviceFile('flot', 'internet/integration', `\n# ${n}`);
    mallory.openPullRequest(registry, { branch: 'flot', title: 'Flot', files: files(0) });
    for (let n = 1; n <= 100 && !waits() && !paused(); n++) {
      const before = judged();
      mallory.pushCommit(registry, 'flot', files(n));
      await until('a push is judged, or waits', () => judged() > before || waits() || paused());
    }
    expect({ waits: waits(), paused: paused() }).toEqual({ waits: true, paused: false });
    const asked = github.calls.count();
    for (let n = 1; n <= 8; n++)
      mallory.openPullRequest(registry, { branch: `flot-${n}`, title: `Flot ${n}`, files: files(n) });
    await github.webhooks.settled();
    await until('each of those waits too', () => story.logged(share).length > 8);
    expect(github.calls.count() - asked).toBe(0);
    const left = await story.measure('greffier_github_calls_remaining');
    // Half, but for what the last review took.
    const [remaining = 0, ...others] = Object.values(left);
    expect(others).toEqual([]);
    expect(requests / 2 - remaining).toBeLessThan(20);
    const branch = 'ecole';
    const pull = alice.openPullRequest(registry, { branch, title: branch, files: serviceFile('ecole') });
    await until('another one is judged', () => pull.labels.has('ready'));
    alice.merge(registry, pull);
    await until('its client is made', () => story.clients().names.includes('ecole'));
    expect(paused()).toBe(false);
  } finally {
    await story.close();
  }
});
