import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobId, hashOfId, type TreeFile, treeId } from '#infrastructure/github/read/git-objects';

/** The judge is Git itself. */
describe('names of Git objects', () => {
  let folder = '';
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@example.org', ...words], {
      encoding: 'utf8',
    }).trim();

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'greffier-objects-'));
    git('init', '--quiet');
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    // Folders sort as if their names ended with a slash: `a.txt` comes before `a/`.
    for (const path of ['a.txt', 'a/b/été.yaml', 'a/z', 'a0', 'script'])
      writeFileSync(join(folder, path), `${path}\n`);
    chmodSync(join(folder, 'script'), 0o755);
    symlinkSync('a.txt', join(folder, 'link'));
    git('add', '--all');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are those that Git gives', () => {
    const files: TreeFile[] = ['script', 'a0', 'a/z', 'link', 'a/b/été.yaml', 'a.txt'].map((path) => ({
      path,
      mode: path === 'link' ? 'symlink' : path === 'script' ? 'executable' : 'file',
      blob: blobId(path === 'link' ? Buffer.from('a.txt') : readFileSync(join(folder, path))),
    }));
    expect(files.find(({ path }) => path === 'a0')?.blob).toBe(git('hash-object', 'a0'));
    expect(treeId(files)).toBe(git('write-tree'));
    expect(treeId(files.slice(1))).not.toBe(git('write-tree'));
  });

  it('are made with the hash that the repository uses', () => {
    const other = join(folder, 'sha256');
    mkdirSync(other);
    execFileSync('git', ['-C', other, 'init', '--quiet', '--object-format=sha256']);
    writeFileSync(join(other, 'a'), 'text\n');
    const id = execFileSync('git', ['-C', other, 'hash-object', 'a'], { encoding: 'utf8' }).trim();
    expect(blobId(Buffer.from('text\n'), hashOfId(id))).toBe(id);
    expect(hashOfId(blobId(Buffer.from('text\n')))).toBe('sha1');
    expect(hashOfId(undefined)).toBe('sha1');
  });
});
