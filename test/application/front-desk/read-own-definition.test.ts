import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOwnDefinition } from '#application/front-desk/read-own-definition';
import { ReviewStore } from '#application/mirror/review-store';
import { aStore } from '../../infrastructure/identity-providers/store.ts';
import { serviceFile } from '../pull-requests/review-environment.ts';

const [[path, text] = ['', '']] = Object.entries(serviceFile('agenda', 'internet/integration'));
const contact = /technical:\s+- (\S+)/.exec(text)?.[1] ?? '';
const others = text.replaceAll(contact, 'autre@ville-agenda.fr');

describe('a definition of the default branch, for someone at the desk', () => {
  const blobs = new Map([
    ['now', text],
    ['before', `${text}# avant\n`],
    ['others', others],
  ]);
  let store: ReviewStore;
  beforeAll(async () => {
    store = new ReviewStore(await aStore());
    await store.saveBlobs(new Map(Array.from(blobs, ([id, one]) => [id, Buffer.from(one)])));
    const file = { path, mode: 'file', claims: null } as const;
    for (const [repo, blob] of [
      ['org/registre', 'now'],
      ['org/autre', 'others'],
    ] as const) {
      await store.database.insertInto('registry_commits').values({ repo, commit: 'c1' }).execute();
      await store.database
        .insertInto('registry_files')
        .values({ ...file, repo, blob })
        .execute();
    }
  });
  afterAll(() => store.database.destroy());
  const read = (email: string, before?: string, at = path) =>
    readOwnDefinition(store, 'org/registre', at, email, before);

  it('is told to its technical contacts, with the version that they read before', async () => {
    expect(await read(contact)).toEqual({ kind: 'own', text, commit: 'c1', blob: 'now' });
    expect(await read(contact, 'before')).toMatchObject({ before: `${text}# avant\n` });
    expect(await read(contact, undefined, path.replace('agenda', 'autre'))).toEqual({ kind: 'free' });
  });

  it('is what any process read last', async () => {
    const at = store.database.updateTable('registry_files').where('repo', '=', 'org/registre');
    await at.set({ blob: 'before' }).execute();
    expect(await read(contact)).toMatchObject({ blob: 'before' });
    await at.set({ blob: 'now' }).execute();
  });

  it('is told to nobody else, and no version of somebody else’s to anyone', async () => {
    expect(await read('autre@ville-agenda.fr', 'others')).toEqual({ kind: 'taken' });
    expect(await read(contact, 'others')).not.toHaveProperty('before');
    expect(await read(contact, 'unknown')).not.toHaveProperty('before');
  });
});
