/** The machine's own Git, asked what it would have made of the same objects. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStore } from '#demo/github/git/objects';

/** Major and minor version of the machine's Git; undefined without one. */
export function gitVersion(): readonly [number, number] | undefined {
  const { stdout } = spawnSync('git', ['--version'], { encoding: 'utf8' });
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

export const isAtLeast = (minor: number): boolean => {
  const version = gitVersion();
  return version !== undefined && (version[0] > 2 || (version[0] === 2 && version[1] >= minor));
};

/** The merged tree, `conflict`, or `crash` where this Git ends with a failed assertion of its own. */
export type OracleAnswer = string | 'conflict' | 'crash';

/** Only the defaults count, not what the machine or its user have set. */
const env = { PATH: process.env.PATH ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

export class GitOracle {
  readonly #folder = mkdtempSync(join(tmpdir(), 'oracle-'));
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
    execFileSync('git', ['init', '--quiet', '--bare', this.#folder], { env });
  }

  /** What `git merge-tree --write-tree` says of each pair of commits. */
  merge(pairs: readonly (readonly [string, string])[]): OracleAnswer[] {
    this.#objects.flush(join(this.#folder, 'objects'));
    const { stdout, status } = this.#run(
      ['merge-tree', '--stdin', '--no-messages', '--name-only', '-z'],
      pairs.map((pair) => `${pair.join(' ')}\n`).join(''),
    );
    if (status !== 0 && pairs.length === 1) return ['crash'];
    // One that crashes takes the others with it.
    if (status !== 0) return pairs.flatMap((pair) => this.merge([pair]));
    return stdout
      .split('\0\0')
      .slice(0, -1)
      .map((answer) => {
        const [clean, tree = ''] = answer.trim().split('\0');
        return clean === '1' ? tree : 'conflict';
      });
  }

  /** What `git diff-tree` shows between two trees: status, old path, new path. */
  diff(before: string, after: string): string[] {
    this.#objects.flush(join(this.#folder, 'objects'));
    const { stdout } = this.#run(['diff-tree', '-r', '-M', '--name-status', before, after], '');
    return stdout.split('\n').filter((line) => line !== '');
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #run(args: readonly string[], input: string): { stdout: string; status: number | null } {
    const { stdout, status } = spawnSync('git', ['-C', this.#folder, ...args], {
      env,
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return { stdout, status };
  }
}
