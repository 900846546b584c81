/** Registries in which nothing is yet, through the whole service: a full sweep, commands, and the first definition. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceFile } from '../application/pull-requests/review-environment.ts';
import { engines } from '../infrastructure/database/engines.ts';
import { ServiceStory } from './service-story.ts';

describe.each(engines)('a registry in which nothing is yet, on $name', (engine) => {
  let story: ServiceStory;
  beforeEach(async () => {
    story = await ServiceStory.open(engine);
  });
  afterEach(() => story.close());

  /** What was tried again, given up or said at a level that somebody is to look at. */
  const troubles = async () => {
    const jobs = await story.measure('greffier_jobs_total');
    const unjudged = await story.measure('greffier_unjudged_total');
    return {
      jobs: Object.keys(jobs).filter((labels) => !labels.includes('outcome="done"')),
      unjudged: Object.values(unjudged).filter((count) => count > 0),
      said: story.lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40),
    };
  };
  const none = { jobs: [], unjudged: [], said: [] };

  it.each([
    ['only a read me', { 'README.md': '# Registre\n' }],
    ['an empty file of settings', { '.github/greffier.yaml': '' }],
    [
      'settings that are a comment',
      { '.github/greffier.yaml': '# rien\n', 'service-providers/.gitkeep': '' },
    ],
  ] as readonly (readonly [string, Record<string, string>])[])(
    'with %s is swept whole, and takes its first definition',
    async (_what, files) => {
      story.registry.git.refs.set(
        'refs/heads/main',
        story.registry.git.commitFiles([], files, 'Début', author),
      );
      await story.start();
      await story.sweep();
      expect(await troubles()).toEqual(none);
      await story.add('agenda');
      expect(story.clients().names).toEqual(['agenda']);
      await story.sweep();
      expect(await troubles()).toEqual(none);
    },
  );

  it('without a commit is swept whole, hears commands, and takes its first commit', async () => {
    const { registry, alice } = story;
    // All is pushed away, and a pull request of before is still there.
    const pull = alice.openPullRequest(registry, { branch: 'x', title: 'x', files: serviceFile('ecole') });
    registry.git.refs.clear();
    await story.start();
    await story.sweep();
    const issue = alice.openIssue(registry, 'Bonjour');
    alice.comment(registry, issue, '/greffier help');
    alice.comment(registry, issue, '/greffier confirm abcdef');
    alice.comment(registry, pull, '/greffier check');
    await story.settled();
    const place = { installation: story.context.registry.installation, repo: 'org/registre' };
    await story.context.jobs.enqueue(
      [
        { kind: 'review', payload: { ...place, number: pull.number } },
        { kind: 'reconcile', payload: place },
        { kind: 'rejudge', payload: place },
      ],
      { request: 'asked-by-hand' },
    );
    await story.settled();
    expect(await troubles()).toEqual(none);
    alice.close(registry, pull);
    registry.git.refs.set(
      'refs/heads/main',
      registry.git.commitFiles([], { 'README.md': 'x\n', ...serviceFile('agenda') }, 'Début', author),
    );
    await story.sweep();
    expect(story.clients().names).toEqual(['agenda']);
    expect(await troubles()).toEqual(none);
  });
});

const author = { name: 'Alice', email: 'alice@example.fr', date: new Date('2026-01-05T09:00:00Z') };
