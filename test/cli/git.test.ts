import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGitBase } from '#cli/registry/git';
import { commitAll, git, newFolder, newRepository, write } from './git-repository.ts';

async function base(folder: string, ref: string) {
  const opened = await openGitBase(folder, ref);
  if (!opened.ok) throw new Error(`no base: ${opened.messageId}`);
  return opened.base;
}

const text = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString();

describe('the base of a change', () => {
  it('is compared with what stands on disk: committed, staged, written and new files', async () => {
    const folder = newRepository({
      'a.yaml': 'a1',
      'b.yaml': 'b1',
      'c.yaml': 'c1',
      'd é.yaml': 'd1',
      e: 'e1',
    });
    write(folder, { 'a.yaml': 'a2' });
    const second = commitAll(folder, 'second');
    write(folder, { 'b.yaml': 'b2', 'new/one.yaml': 'n1', 'ignored.log': 'x', '.gitignore': '*.log' });
    git(folder, 'add', 'b.yaml');
    write(folder, { 'd é.yaml': 'd2' });
    rmSync(join(folder, 'c.yaml'));
    const { changed, commit } = await base(folder, 'main~1');
    expect(commit).toBe(git(folder, 'rev-parse', 'main~1'));
    expect(changed.filter(({ tracked }) => !tracked).map(({ path }) => path)).toEqual([
      '.gitignore',
      'new/one.yaml',
    ]);
    expect(changed.map(({ path, before }) => [path, text(before?.bytes)])).toEqual([
      ['.gitignore', undefined],
      ['a.yaml', 'a1'],
      ['b.yaml', 'b1'],
      ['c.yaml', 'c1'],
      ['d é.yaml', 'd1'],
      ['new/one.yaml', undefined],
    ]);
    expect((await base(folder, second)).changed.map(({ path }) => path)).not.toContain('a.yaml');
  });

  it('does not take for a change what happened on the base branch meanwhile', async () => {
    const folder = newRepository({ 'a.yaml': 'a1' });
    git(folder, 'checkout', '-q', '-b', 'topic');
    write(folder, { 'mine.yaml': 'm' });
    commitAll(folder, 'mine');
    git(folder, 'checkout', '-q', 'main');
    write(folder, { 'theirs.yaml': 't', 'a.yaml': 'a2' });
    commitAll(folder, 'theirs');
    git(folder, 'checkout', '-q', 'topic');
    expect((await base(folder, 'main')).changed.map(({ path }) => path)).toEqual(['mine.yaml']);
  });

  it('reads any file as it was, and never more than a definition can hold', async () => {
    const folder = newRepository({ 'kept.yaml': 'k', 'big.bin': 'x'.repeat(200_000), 'deep/er.yaml': 'd' });
    write(folder, { 'big.bin': 'small' });
    const { read, changed } = await base(folder, 'HEAD');
    expect(text((await read('deep/er.yaml'))?.bytes)).toBe('d');
    expect(await read('absent.yaml')).toBeUndefined();
    expect(await read('deep')).toBeUndefined();
    expect(changed.map(({ before }) => before?.bytes.length)).toEqual([64 * 1024 + 1]);
  });

  it('tells links from files, and looks at the root of the registry only', async () => {
    const folder = newRepository({ 'registry/a.yaml': 'a1', 'outside.yaml': 'o1' });
    symlinkSync('/etc/passwd', join(folder, 'registry/link.yaml'));
    commitAll(folder, 'link');
    write(folder, { 'outside.yaml': 'o2', 'registry/a.yaml': 'a2' });
    rmSync(join(folder, 'registry/link.yaml'));
    const { changed, read } = await base(join(folder, 'registry'), 'HEAD');
    expect(changed.map(({ path, before }) => [path, before?.link])).toEqual([
      ['a.yaml', false],
      ['link.yaml', true],
    ]);
    expect(text((await read('link.yaml'))?.bytes)).toBe('/etc/passwd');
  });

  it('sees what was changed at the very second of the index, to as many bytes', async () => {
    const folder = newRepository({ 'a.yaml': 'a1' });
    git(folder, 'config', 'core.trustCtime', 'false');
    const second = 1_700_000_000;
    utimesSync(join(folder, 'a.yaml'), second, second);
    git(folder, 'update-index', '--refresh');
    write(folder, { 'a.yaml': 'a2' });
    for (const path of ['a.yaml', '.git/index']) utimesSync(join(folder, path), second, second);
    expect((await base(folder, 'main')).changed.map(({ path }) => path)).toEqual(['a.yaml']);
  });

  it('is there before anything was added', async () => {
    const folder = newRepository({ 'a.yaml': 'a1' });
    rmSync(join(folder, '.git/index'));
    expect((await base(folder, 'main')).changed.map(({ path }) => path)).toEqual(['a.yaml']);
  });

  it('writes nothing to the repository', async () => {
    const folder = newRepository({ 'a.yaml': 'a1' });
    const before = git(folder, 'hash-object', join(folder, '.git/index'));
    write(folder, { 'a.yaml': 'a1' });
    // Touched, and at another second than the index knows of.
    utimesSync(join(folder, 'a.yaml'), 1, 1);
    expect((await base(folder, 'main')).changed).toEqual([]);
    expect(git(folder, 'hash-object', join(folder, '.git/index'))).toBe(before);
  });
});

describe('when there is no base', () => {
  it('says so of an unknown ref, and takes no ref for an option', async () => {
    const folder = newRepository({ 'a.yaml': 'a1' });
    for (const ref of ['nulle-part', '--output=/tmp/x', '', 'main:a.yaml'])
      expect(await openGitBase(folder, ref)).toEqual({ ok: false, messageId: 'unknown', values: { ref } });
  });

  it('says so of a folder that is in no repository', async () => {
    const folder = newFolder();
    expect(await openGitBase(folder, 'main')).toEqual({
      ok: false,
      messageId: 'repository',
      values: { root: folder },
    });
  });

  it('says so of a shallow clone', async () => {
    const origin = newRepository({ 'a.yaml': 'a1' });
    git(origin, 'checkout', '-q', '-b', 'topic');
    write(origin, { 'a.yaml': 'a2' });
    commitAll(origin, 'second');
    const clone = newFolder();
    execFileSync('git', ['clone', '-q', '--depth', '1', '-b', 'topic', `file://${origin}`, clone], {
      stdio: 'ignore',
    });
    expect(await openGitBase(clone, 'HEAD~1')).toEqual({
      ok: false,
      messageId: 'shallow',
      values: { ref: 'HEAD~1' },
    });
    git(clone, 'fetch', '-q', '--depth', '1', 'origin', 'main:main');
    expect(await openGitBase(clone, 'main')).toEqual({
      ok: false,
      messageId: 'shallow',
      values: { ref: 'main' },
    });
  });
});
