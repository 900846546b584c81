import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { blobId } from '#infrastructure/github/read/git-objects';
import { readTree } from '#infrastructure/github/read/stored-objects';
import { readArchive } from '#infrastructure/github/read/tarball';

/** A repository at which every request is answered with the same thing. */
function answering(data: unknown): RepositoryClient {
  return {
    client: {
      request: (async () => ({ status: 200, data })) as unknown as RepositoryClient['client']['request'],
    },
    owner: 'org',
    repo: 'registre',
  };
}

describe('what GitHub shows', () => {
  it('takes no part of a tree for the whole', async () => {
    const tree = [{ path: 'a.yaml', mode: '100644', type: 'blob', sha: 'a'.repeat(40) }];
    expect(await readTree(answering({ tree, truncated: false }), 'c')).toHaveLength(1);
    await expect(readTree(answering({ tree, truncated: true }), 'c')).rejects.toThrow(/only a part/);
  });

  it('keeps no more of a file than a definition may have, and names it all the same', async () => {
    const long = Buffer.alloc(3 * 1024 * 1024, 'x');
    const archive = pack();
    archive.entry({ name: 'org-registre-c/long.yaml' }, long);
    archive.entry({ name: 'org-registre-c/court.yaml' }, 'version: 1\n');
    archive.finalize();
    const data = ReadableStream.from(archive.pipe(createGzip()));
    const files = (await readArchive(answering(data), 'c', () => true)) ?? [];
    expect(files.map(({ path, blob, bytes }) => [path, blob, bytes?.length])).toEqual([
      ['long.yaml', blobId(long), 64 * 1024 + 1],
      ['court.yaml', blobId(Buffer.from('version: 1\n')), 11],
    ]);
  });

  it('tells an archive that is too large for a registry from one that cannot be read', async () => {
    const archive = pack();
    const zeros = Buffer.alloc(16 * 1024 * 1024);
    for (let part = 0; part < 9; part += 1) archive.entry({ name: `org-registre-c/${part}.bin` }, zeros);
    archive.finalize();
    const data = ReadableStream.from(archive.pipe(createGzip({ level: 1 })));
    expect(await readArchive(answering(data), 'c', () => true)).toBeUndefined();
  });
});
