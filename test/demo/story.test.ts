/** The whole story of the demo, with the real bot in a process of its own, and things that go wrong on the way. */
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type DemoEnvironment, startEnvironment } from '#demo/environment';
import { Presenter } from '#demo/presenter/presenter';
import { runStory, type StoryHook } from '#demo/story';

const entry = join(import.meta.dirname, '../../src/cli/cli.ts');
let environment: DemoEnvironment | undefined;
let screen = '';

afterEach(async () => {
  await environment?.stop();
  environment = undefined;
});

async function play(
  prepare: (environment: DemoEnvironment) => void,
  hooks: Partial<Record<StoryHook, (environment: DemoEnvironment) => Promise<void>>> = {},
): Promise<readonly string[]> {
  screen = '';
  environment = await startEnvironment({ entry, language: 'fr' });
  prepare(environment);
  const presenter = new Presenter({
    write: (text) => (screen += text),
    coloured: false,
    width: 100,
    pause: 0,
  });
  await runStory({ environment, presenter, language: 'fr', hooks });
  const missed = presenter.observations.filter(({ seen }) => !seen).map(({ what }) => what);
  if (missed.length > 0) process.stderr.write(`${screen}\n${environment.bot.log.slice(-8_000)}\n`);
  return missed;
}

it('is whole when every delivery comes twice and the bot is killed between merge and provisioning', async () => {
  const missed = await play(({ github }) => github.faults.injectDeliveryRandomly(1, ['duplicate']), {
    async afterMerge({ bot }) {
      await bot.kill();
      await bot.start();
    },
  });
  expect(missed).toEqual([]);
  // One comment of each kind on each pull request, one check a head, one mail a person and event: nothing doubled.
  for (const pull of environment?.registry.issues.values() ?? []) {
    const firstLines = pull.comments
      .filter(({ author }) => author.type === 'Bot')
      .map(({ body }) => body.split('\n')[0])
      .filter((line) => line?.startsWith('<!-- greffier:'));
    expect(new Set(firstLines).size, `#${pull.number}`).toBe(firstLines.length);
  }
  const heads = environment?.registry.checkRuns.map(({ headSha, name }) => `${name} ${headSha}`) ?? [];
  expect(new Set(heads).size).toBe(heads.length);
  // Two clients were made and closed, before and after the renaming: one mail each, whatever came twice.
  const subjects = environment?.mailbox.mails.map(({ subject }) => subject) ?? [];
  for (const news of ['vos clés', 'est désactivé'])
    expect(
      subjects.filter((subject) => subject.includes(news)),
      subjects.join('\n'),
    ).toHaveLength(2);
  // No secret was shown on the screen, nor written in the log.
  for (const secret of environment?.openid.secrets() ?? []) {
    expect(screen).not.toContain(secret);
    expect(environment?.bot.log).not.toContain(secret);
  }
}, 120_000);
