import { describe, expect, it } from 'vitest';
import { readOwnDefinition } from '#application/front-desk/read-own-definition';
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
  const mirror = {
    commit: async () => 'c1',
    now: () => ({ commit: 'c1', files: new Map([[path, { blob: 'now' }]]) }),
  } as unknown as Parameters<typeof readOwnDefinition>[0];
  const store = {
    blobs: async (ids: readonly string[]) =>
      new Map(ids.flatMap((id) => (blobs.has(id) ? [[id, Buffer.from(blobs.get(id) ?? '')] as const] : []))),
  };
  const read = (email: string, before?: string, at = path) =>
    readOwnDefinition(mirror, store, at, email, before);

  it('is told to its technical contacts, with the version that they read before', async () => {
    expect(await read(contact)).toEqual({ kind: 'own', text, commit: 'c1', blob: 'now' });
    expect(await read(contact, 'before')).toMatchObject({ before: `${text}# avant\n` });
    expect(await read(contact, undefined, path.replace('agenda', 'autre'))).toEqual({ kind: 'free' });
  });

  it('is told to nobody else, and no version of somebody else’s to anyone', async () => {
    expect(await read('autre@ville-agenda.fr', 'others')).toEqual({ kind: 'taken' });
    expect(await read(contact, 'others')).not.toHaveProperty('before');
    expect(await read(contact, 'unknown')).not.toHaveProperty('before');
  });
});
