/** Both stories of the demo, with the real bot in a process of its own, and things that go wrong on the way. */
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { technicalContact } from '#demo/definitions';
import { type DemoEnvironment, startEnvironment } from '#demo/environment';
import { isPullRequest } from '#demo/github/state';
import { addresses } from '#demo/next-steps';
import { agent } from '#demo/people';
import { Presenter } from '#demo/presenter/presenter';
import { runStory, type StoryHook } from '#demo/story';
import { TextBrowser } from '#demo/text-browser';
import { crawl } from './crawl.ts';

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
  // Sacha's client was made and closed twice, before and after the renaming: one mail each, whatever came twice.
  const mails = environment?.mailbox.mails.map(({ to, subject }) => `${to.join()} ${subject}`) ?? [];
  const received = (who: string, news: string) =>
    mails.filter((mail) => mail.startsWith(who) && mail.includes(news)).length;
  for (const news of ['vos clés', 'est désactivé'])
    expect(received(technicalContact, news), mails.join('\n')).toBe(2);
  for (const news of ['un message pour vous', 'acceptée', 'vos clés'])
    expect(received(agent.email, news), mails.join('\n')).toBe(1);
  // One pull request of the desk, whatever came twice.
  const pulls = [...(environment?.registry.issues.values() ?? [])].filter(isPullRequest);
  expect(pulls.filter(({ author }) => author.type === 'Bot')).toHaveLength(1);
  // No secret was shown on the screen, nor written in the log; nothing of the screen acts on a terminal.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(screen).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  for (const secret of environment?.openid.secrets() ?? []) {
    expect(screen).not.toContain(secret);
    expect(environment?.bot.log).not.toContain(secret);
  }
  await everyLinkLeadsToAPage(environment);
}, 120_000);

/** Also of comments, mails, checks and what is printed: as Camille sees them. */
async function everyLinkLeadsToAPage(of: DemoEnvironment | undefined): Promise<void> {
  if (of === undefined) return;
  const camille = new TextBrowser();
  await camille.press(await camille.open(new URL('/connexion', of.bot.url)));
  const from = addresses(of).map(([, url]) => url);
  // For operators only.
  const { opened, dead, elsewhere } = await crawl(
    from.filter((url) => !url.endsWith('/suivi')),
    camille,
  );
  expect(dead).toEqual([]);
  const kinds = ['demandes', 'pull', 'issues', 'blob', 'tree', 'commit', 'runs', 'handover'];
  for (const kind of kinds)
    expect(
      opened.some((url) => url.includes(`/${kind}/`)),
      kind,
    ).toBe(true);
  // Nothing but the State's own pages, and the addresses of the services themselves.
  const hosts = elsewhere
    .map((url) => new URL(url))
    .filter(({ protocol, hostname }) => {
      return protocol !== 'https:' || !/(?:\.gouv\.fr|\.ville-de-montfictif\.fr)$/.test(hostname);
    });
  expect(hosts.map(String)).toEqual([]);
}
