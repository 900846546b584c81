/** Commands on the rows of a registry whose name in the configuration is not the one that they were first kept under. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serviceFile } from '../application/pull-requests/review-environment.ts';
import { engines } from '../infrastructure/database/engines.ts';
import { firstIds, ServiceStory } from '../main/service-story.ts';
import { greffier } from './console.ts';

describe.each(engines)('commands on a renamed registry, on $name', (engine) => {
  let story: ServiceStory;
  let folder: string;
  beforeEach(async () => {
    story = await ServiceStory.open(engine);
    folder = mkdtempSync(join(tmpdir(), 'greffier-renamed-'));
    for (const [path, text] of Object.entries(Object.assign({}, ...firstIds.map((id) => serviceFile(id)))))
      write(path, String(text));
    for (const name of ['DATABASE_URL', 'GREFFIER_DATA', 'GITHUB_TOKEN']) vi.stubEnv(name, '');
    for (const [name, value] of Object.entries(story.environment())) vi.stubEnv(name, value);
    vi.stubEnv('GREFFIER_CONFIG', join(folder, 'greffier.config.yaml'));
    await story.start();
    await story.settled();
    await story.stop();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await story.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const configure = (named: string) => write('greffier.config.yaml', story.configuration(named));
  const nothingToDo = { code: 0, out: expect.stringMatching(/^Rien à faire/) };

  it('find its rows under its old name, and under the new one when GitHub can be asked', async () => {
    story.alice.renameRepository(story.registry, 'proconnect');
    for (const named of ['org/registre', 'Org/ProConnect']) {
      configure(named);
      expect(await greffier(folder, ['reconcile']), named).toMatchObject(nothingToDo);
    }
    expect(story.clients().made).toBe(4);
  });

  it('do not take a new name for a new registry where GitHub cannot be asked', async () => {
    story.alice.renameRepository(story.registry, 'proconnect');
    configure('org/proconnect');
    vi.stubEnv('APP_ID', '');
    vi.stubEnv('PRIVATE_KEY', '');
    for (const command of ['plan', 'reconcile'])
      expect(await greffier(folder, [command]), command).toMatchObject({
        code: 2,
        err: expect.stringContaining('ne connaît pas `org/proconnect`, mais `org/registre`'),
      });
    await story.start('org/proconnect');
    await story.settled();
    await story.stop();
    expect(await greffier(folder, ['plan'])).toMatchObject(nothingToDo);
  });

  it('say of its cells under the new name, too, that their server moved', async () => {
    story.alice.renameRepository(story.registry, 'proconnect');
    await story.start('org/proconnect');
    await story.settled();
    await story.stop();
    const moved = story.configuration('org/proconnect').replace('127.0.0.1', 'localhost');
    write('greffier.config.yaml', moved);
    expect((await greffier(folder, ['plan'])).out).toContain('greffier store moved internet/integration');
    const { code, out } = await greffier(folder, ['store', 'moved', 'internet/integration']);
    expect(out).toContain('La mise en service reprend');
    expect(code).toBe(0);
    expect((await greffier(folder, ['plan'])).out).not.toContain('greffier store moved');
  });

  it('leave the clients alone when another repository has the name, until the operator says that it is the one', async () => {
    story.alice.deleteRepository(story.registry);
    const other = story.createRegistry('org/registre');
    configure('org/registre');
    expect(await greffier(folder, ['reconcile'])).toMatchObject({
      code: 2,
      err: expect.stringContaining(`appartiennent au dépôt numéro \`${story.registry.id}\``),
    });
    const listed = await greffier(folder, ['store', 'registries']);
    expect(listed.out).toBe(`${story.registry.id}  \`org/registre\`  \`org/registre\`\n`);
    const told = await greffier(folder, ['store', 'registries', '--format=json']);
    expect(JSON.parse(told.out)).toEqual([
      { id: story.registry.id, registry: 'org/registre', name: 'org/registre' },
    ]);
    expect(await greffier(folder, ['store', 'keys', '--format=json'])).toMatchObject({ code: 2 });
    expect(await greffier(folder, ['store', 'bind', 'org/registre', '12x'])).toMatchObject({ code: 2 });
    // A name with a slip in it would take the repository, and leave the clients behind.
    expect(await greffier(folder, ['store', 'bind', 'org/registe', String(other.id)])).toEqual({
      code: 2,
      out: '',
      err: 'Le magasin ne sait rien du registre `org/registe` : rien n’a été changé. Il connaît `org/registre`.\n',
    });
    expect((await greffier(folder, ['store', 'registries'])).out).toBe(listed.out);
    const bound = await greffier(folder, ['store', 'bind', 'org/registre', String(other.id)]);
    expect(bound).toMatchObject({ code: 0, out: expect.stringContaining(`\`${other.id}\``) });
    expect(await greffier(folder, ['reconcile'])).toMatchObject(nothingToDo);
    const trail = (await greffier(folder, ['log'])).out.trim().split('\n');
    expect(trail.map((line): unknown => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ what: 'bound', id: String(other.id), before: String(story.registry.id) }),
    );
  });
});
