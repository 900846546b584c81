/** That the local GitHub merges as Git does: against Git itself on random histories, and by example. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changedFilesBetween } from '#demo/github/git/changes';
import { applyCommit, mergeCommits } from '#demo/github/git/merge/merge-commits';
import { ObjectStore, type Signature } from '#demo/github/git/objects';
import { type FileChanges, GitRepository } from '#demo/github/git/repository';
import { GitOracle, isAtLeast } from './git-oracle.ts';
import { asFiles, randomFrom, randomHistory, type Snapshot } from './merge-histories.ts';

/** Another start tries other histories. */
const firstSeed = Number(process.env.MERGE_SEED ?? 1);
const histories = 500;

const objects = new ObjectStore();
const git = new GitRepository(objects);
const someone: Signature = { name: 'Alice', email: 'alice@localhost', date: new Date(0) };

function commit(files: FileChanges, ...parents: readonly string[]): string {
  const tree = git.writeFiles(undefined, files);
  return objects.writeCommit({ tree, parents, author: someone, committer: someone, message: 'x' });
}

const commitSnapshot = (snapshot: Snapshot, ...parents: readonly string[]): string =>
  commit(asFiles(snapshot), ...parents);

const seeds = Array.from({ length: histories }, (_, at) => firstSeed + at);

describe.skipIf(!isAtLeast(38))('like the machine’s own Git', () => {
  let oracle: GitOracle;
  beforeAll(() => {
    oracle = new GitOracle(objects);
  });
  afterAll(() => oracle.close());

  /** Merges each pair both ways; answers the seeds where they differ, and how many Git merged. */
  function compare(pairs: readonly (readonly [seed: number, ours: string, theirs: string])[]) {
    const answers = oracle.merge(pairs.map(([, ours, theirs]) => [ours, theirs]));
    const differing = pairs.filter(([, ours, theirs], at) => {
      const answer = answers[at];
      return answer !== 'crash' && answer !== (mergeCommits(git, ours, theirs) ?? 'conflict');
    });
    const merged = answers.filter((answer) => answer !== 'conflict' && answer !== 'crash').length;
    return { differing: differing.map(([seed]) => seed), merged };
  }

  it('merges what was renamed, moved, edited, replaced and removed on both sides', () => {
    const pairs = seeds.map((seed) => {
      // Before 2.44 Git left a last line without an end out of its search for renames.
      const { base, ours, theirs } = randomHistory(seed, !isAtLeast(44));
      const before = commitSnapshot(base);
      return [seed, commitSnapshot(ours, before), commitSnapshot(theirs, before)] as const;
    });
    const { differing, merged } = compare(pairs);
    expect(differing).toEqual([]);
    // Of both kinds there are many.
    expect(merged).toBeGreaterThan(histories / 4);
    expect(merged).toBeLessThan((histories * 9) / 10);
  });

  it('merges texts in which the same lines come again and again', () => {
    const pairs = seeds.map((seed) => {
      const random = randomFrom(seed);
      const line = () => `${Math.floor(random() * 7)}\n`;
      const base = Array.from({ length: 4 + Math.floor(random() * 16) }, line);
      const edit = () => {
        const lines = [...base];
        for (let edits = 1 + Math.floor(random() * 2); edits > 0; edits--)
          lines.splice(
            Math.floor(random() * (lines.length + 1)),
            Math.floor(random() * 3),
            ...Array.from({ length: Math.floor(random() * 3) }, line),
          );
        const text = lines.join('');
        return { f: random() < 0.1 ? text.slice(0, -1) : text };
      };
      const before = commit({ f: base.join('') });
      return [seed, commit(edit(), before), commit(edit(), before)] as const;
    });
    const { differing, merged } = compare(pairs);
    expect(differing).toEqual([]);
    expect(merged).toBeGreaterThan(histories / 8);
  });

  it('merges histories that were merged into each other both ways', () => {
    const pairs = seeds.flatMap((seed) => {
      const first = randomHistory(seed);
      const before = commitSnapshot(first.base);
      const [left, right] = [commitSnapshot(first.ours, before), commitSnapshot(first.theirs, before)];
      // Where these conflict, Git merges on over the conflict markers, and the local GitHub does not.
      const tree = mergeCommits(git, left, right);
      if (tree === undefined || tree === objects.commit(before)?.tree) return [];
      const edited = (path: string, ...parents: readonly string[]) => {
        const [some] = git.files(tree).filter(({ mode }) => mode.startsWith('100'));
        const text = some === undefined ? '' : objects.blob(some.sha)?.toString('utf8');
        const changes = {
          [path]: 'neuf\n',
          ...(some === undefined ? {} : { [some.path]: `${path}\n${text}` }),
        };
        const changed = git.writeFiles(tree, changes);
        return objects.writeCommit({
          tree: changed,
          parents,
          author: someone,
          committer: someone,
          message: 'x',
        });
      };
      return [[seed, edited('un', left, right), commitTree(tree, right, left)] as const];
    });
    const { differing, merged } = compare(pairs);
    expect(differing).toEqual([]);
    expect(merged).toBeGreaterThan(100);
  });

  it('shows renames in a comparison', () => {
    const letters = { added: 'A', removed: 'D', modified: 'M', renamed: 'R' } as const;
    const differing = seeds.slice(0, 100).filter((seed) => {
      const { base, ours } = randomHistory(seed);
      const [before, after] = [
        git.writeFiles(undefined, asFiles(base)),
        git.writeFiles(undefined, asFiles(ours)),
      ];
      const shown = changedFilesBetween(git, before, after).map(({ status, path, previousPath }) =>
        [letters[status], ...(previousPath === undefined ? [] : [previousPath]), path].join('\t'),
      );
      const wanted = oracle.diff(before, after).map((line) => line.replace(/^R\d+/, 'R').replace(/^T/, 'M'));
      const inOrder = (lines: readonly string[]) => lines.toSorted().join('\n');
      return inOrder(shown) !== inOrder(wanted);
    });
    expect(differing).toEqual([]);
  });
});

function commitTree(tree: string, ...parents: readonly string[]): string {
  return objects.writeCommit({ tree, parents, author: someone, committer: someone, message: 'x' });
}

describe('a merge', () => {
  const text = (...lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => `ligne ${from + at}`);
  const whole = text(...numbered(1, 12));

  /** The files of the merge, or `conflict`. */
  function merge(base: FileChanges, ours: FileChanges, theirs: FileChanges) {
    const before = commit(base);
    return filesOf(mergeCommits(git, commit(ours, before), commit(theirs, before)));
  }

  function filesOf(tree: string | undefined) {
    if (tree === undefined) return 'conflict';
    return Object.fromEntries(
      git
        .files(tree)
        .map(({ path, sha, mode }) => [path, mode === '100644' ? objects.blob(sha)?.toString('utf8') : mode]),
    );
  }

  const edited = text('autre', ...numbered(2, 12));
  const editedToo = text(...numbered(1, 11), 'autre aussi');

  it('brings to the new path what the other side did to the old one', () => {
    expect(merge({ 'a/f': whole }, { 'b/f': whole }, { 'a/f': edited })).toEqual({ 'b/f': edited });
    expect(merge({ 'a/f': whole }, { 'a/f': edited }, { 'b/g': editedToo })).toEqual({
      'b/g': text('autre', ...numbered(2, 11), 'autre aussi'),
    });
  });

  it('follows a file whose name only changed its case', () => {
    expect(merge({ Nom: whole }, { nom: whole }, { Nom: edited })).toEqual({ nom: edited });
  });

  it('takes what is less than half alike for another file', () => {
    const other = text(...numbered(1, 5), ...numbered(101, 108));
    expect(merge({ a: whole }, { b: other }, { a: edited })).toBe('conflict');
    expect(merge({ a: whole }, { b: other }, { a: whole })).toEqual({ b: other });
  });

  it('conflicts when both sides rename a file otherwise, or one deletes it', () => {
    expect(merge({ a: whole }, { b: whole }, { c: whole })).toBe('conflict');
    expect(merge({ a: whole, z: '' }, { b: whole, z: '' }, { z: '' })).toBe('conflict');
    expect(merge({ a: whole }, { b: whole }, { b: whole })).toEqual({ b: whole });
    expect(merge({ a: whole, z: '' }, { a: edited, z: '' }, { z: '' })).toBe('conflict');
  });

  it('conflicts when both sides put different files at one path', () => {
    expect(merge({}, { a: 'un\n' }, { a: 'deux\n' })).toBe('conflict');
    expect(merge({}, { a: 'un\n' }, { a: 'un\n' })).toEqual({ a: 'un\n' });
    expect(merge({ x: whole }, { a: whole }, { x: whole, a: 'autre\n' })).toBe('conflict');
  });

  it('conflicts where one side put a file into a folder that the other renamed', () => {
    const inFolder = { 'a/1': whole, 'a/2': 'deux\n' };
    const moved = { 'b/1': whole, 'b/2': 'deux\n' };
    expect(merge(inFolder, moved, { ...inFolder, 'a/3': 'trois\n' })).toBe('conflict');
    expect(merge(inFolder, { ...moved, 'a/4': 'quatre\n' }, { ...inFolder, 'a/3': 'trois\n' })).toEqual({
      ...moved,
      'a/3': 'trois\n',
      'a/4': 'quatre\n',
    });
  });

  it('conflicts when a file comes where a folder stays', () => {
    expect(merge({ z: '' }, { z: '', a: 'un\n' }, { z: '', 'a/b': 'deux\n' })).toBe('conflict');
    expect(merge({ a: 'un\n' }, { a: 'un\n' }, { 'a/b': 'deux\n' })).toEqual({ 'a/b': 'deux\n' });
  });

  it('conflicts when changes overlap or touch, and not when a line is between them', () => {
    const at = (line: number, put: string) => {
      const lines = numbered(1, 12);
      lines[line - 1] = put;
      return { f: text(...lines) };
    };
    expect(merge({ f: whole }, at(4, 'x'), at(4, 'y'))).toBe('conflict');
    expect(merge({ f: whole }, at(4, 'x'), at(5, 'y'))).toBe('conflict');
    expect(merge({ f: whole }, at(4, 'x'), at(6, 'y'))).toEqual({
      f: text(...numbered(1, 3), 'x', 'ligne 5', 'y', ...numbered(7, 12)),
    });
    expect(merge({ f: whole }, at(4, 'x'), at(4, 'x'))).toEqual(at(4, 'x'));
  });

  it('never mixes binary files, nor the targets of links', () => {
    expect(merge({ f: '\0a\nb\nc\n' }, { f: '\0A\nb\nc\n' }, { f: '\0a\nb\nC\n' })).toBe('conflict');
    const link = (target: string): FileChanges => ({ f: { content: target, mode: '120000' } });
    expect(merge(link('a'), link('b'), link('c'))).toBe('conflict');
    expect(merge(link('a'), link('b'), link('a'))).toEqual({ f: '120000' });
  });

  it('keeps a mode that one side changed, beside an edit of the other', () => {
    const executable: FileChanges = { f: { content: whole, mode: '100755' } };
    expect(merge({ f: whole }, executable, { f: edited })).toEqual({ f: '100755' });
    expect(merge({ f: whole }, { f: { content: 'cible', mode: '120000' } }, { f: edited })).toBe('conflict');
  });

  it('keeps bytes that are no UTF-8', () => {
    const bytes = (...lines: readonly string[]) => Buffer.from(text(...lines), 'latin1');
    const before = commit({ f: bytes('é', 'b', 'c') });
    const tree = mergeCommits(
      git,
      commit({ f: bytes('é', 'b', 'ç') }, before),
      commit({ f: bytes('è', 'b', 'c') }, before),
    );
    const entry = git.entryAt(tree ?? '', 'f');
    expect(objects.blob(entry?.sha ?? '')).toEqual(bytes('è', 'b', 'ç'));
  });

  it('of histories with nothing in common is a conflict', () => {
    expect(filesOf(mergeCommits(git, commit({ a: '1' }), commit({ b: '2' })))).toBe('conflict');
  });

  it('applies one commit elsewhere, following renames', () => {
    const before = commit({ a: whole });
    const change = commit({ a: edited }, before);
    const onto = git.writeFiles(undefined, { b: whole });
    expect(filesOf(applyCommit(git, change, onto))).toEqual({ b: edited });
  });
});
