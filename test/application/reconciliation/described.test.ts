/** What the public catalogue says of a service is what was agreed to, and not what somebody pushed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicCatalogue } from '#application/front-desk/catalogue';
import { serviceFile } from '../pull-requests/review-environment.ts';
import { RegistryWorld } from './registry-world.ts';

const cell = 'internet/production';

describe('what anyone is told of a service', () => {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await RegistryWorld.open();
  });
  afterAll(() => world.close());

  const file = (name: string, description: string): Record<string, string> => {
    const [[path, text] = ['', '']] = Object.entries(serviceFile('agenda', cell));
    return {
      [path]: text
        .replace('name: Service agenda', `name: ${name}`)
        .replace(/^description: .*$/m, `description: ${description}`),
    };
  };
  async function told() {
    const { store, deps } = world.environment;
    const { services } = await publicCatalogue(store.db, deps.repo)();
    return services.map(({ name, description }) => `${name}: ${description}`);
  }
  async function merged(files: Record<string, string>, approved: boolean): Promise<void> {
    const { environment } = world;
    const pull = environment.propose(files);
    if (approved) environment.bob.approve(environment.repository, pull);
    await world.review(pull);
    environment.bob.merge(environment.repository, pull);
    await world.reconcile();
  }

  it('is what was applied, while another name waits for a word', async () => {
    const { environment } = world;
    world.begin(file('Agenda', 'Réserver une salle'));
    await world.reconcile();
    expect(await told()).toEqual(['Agenda: Réserver une salle']);
    environment.bob.pushCommit(environment.repository, 'main', file('Impôts', 'Payer ses impôts ici'));
    for (const sweep of [false, true]) await world.reconcile(sweep);
    expect(Object.keys(world.clients())).toEqual(['Agenda']);
    expect(await told()).toEqual(['Agenda: Réserver une salle']);
    environment.bob.pushCommit(environment.repository, 'main', file('Agenda', 'Réserver une salle'));
    await world.reconcile();
    await merged(file('Agenda communal', 'Réserver un terrain'), true);
    expect(await told()).toEqual(['Agenda communal: Réserver un terrain']);
  });

  it('is the description that was approved, though no client changes for it', async () => {
    const { environment } = world;
    world.begin(file('Agenda', 'Réserver une salle'));
    await world.reconcile();
    environment.bob.pushCommit(environment.repository, 'main', file('Agenda', 'Payer ses impôts ici'));
    for (const sweep of [false, true]) await world.reconcile(sweep);
    expect(await told()).toEqual(['Agenda: Réserver une salle']);
    await merged(file('Agenda', 'Payer ses impôts là'), false);
    expect(await told()).toEqual(['Agenda: Réserver une salle']);
    await merged(file('Agenda', 'Réserver un terrain'), true);
    expect(await told()).toEqual(['Agenda: Réserver un terrain']);
  });

  it('is not what a commit within the request said that was approved at its end', async () => {
    const { environment } = world;
    world.begin(file('Agenda', 'Réserver une salle'));
    const { bob, repository } = environment;
    await world.reconcile();
    const pull = environment.propose(file('Agenda', 'Payer ses impôts ici'));
    const within = pull.pull.headSha;
    environment.alice.pushCommit(repository, pull.pull.headRef, file('Agenda', 'Réserver un terrain'));
    bob.approve(repository, pull);
    await world.review(pull);
    bob.merge(repository, pull);
    bob.pushObject(repository, 'main', within);
    for (const sweep of [false, true]) await world.reconcile(sweep);
    expect(await told()).toEqual(['Agenda: Réserver une salle']);
  });
});
