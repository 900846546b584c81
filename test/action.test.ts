/** The action, the workflow of a registry and the hooks: what is written in them, and their steps run as a runner would. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { completeExample } from '#domain/definition/rules/complete-example';

const root = join(import.meta.dirname, '..');
const read = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'));

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
const action = read('action.yml') as {
  inputs: Record<string, { default: string }>;
  runs: { using: string; steps: Step[] };
};
const workflow = read('templates/registry/.github/workflows/greffier.yml') as {
  permissions: object;
  jobs: { definitions: { steps: Step[] } };
};

describe('greffier as an action', () => {
  let registry: string;
  const git = (...args: string[]) => execFileSync('git', ['-C', registry, ...args], { stdio: 'pipe' });
  const head = () => String(git('rev-parse', 'HEAD')).trim();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(registry, path)), { recursive: true });
    writeFileSync(join(registry, path), text);
  };
  const path = 'service-providers/internet/production/suivi.yaml';
  const definition = (yaml = '') => completeExample({ yaml, cell: 'internet/production' }).text;

  beforeEach(() => {
    registry = mkdtempSync(join(tmpdir(), 'greffier-action-'));
    git('init', '-q', '-b', 'main');
    git('config', 'user.email', 'a@example.org');
    git('config', 'user.name', 'a');
    write(path, definition());
    git('add', '.');
    git('commit', '-qm', 'one');
  });
  afterEach(() => rmSync(registry, { recursive: true, force: true }));

  /** Runs the last step: expressions are put in where a runner puts them. */
  function run(inputs: Readonly<Record<string, string>> = {}, event = 'push', sha = head()) {
    const step = action.runs.steps.at(-1) ?? {};
    const value = (text: string) =>
      text
        .replace(/\$\{\{ github\.action_path \}\}/, root)
        .replace(/\$\{\{ github\.event_name \}\}/, event)
        .replace(/\$\{\{ github\.sha \}\}/, sha)
        .replace(
          /\$\{\{ inputs\.(\w+) \}\}/,
          (_all, name: string) => inputs[name] ?? action.inputs[name]?.default ?? '',
        );
    const summary = join(registry, '..', `summary-${process.pid}.md`);
    writeFileSync(summary, '');
    const environment = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, text]) => [name, value(text)]),
    );
    const node = dirname(process.execPath);
    const ran = spawnSync('bash', ['-eo', 'pipefail', '-c', step.run ?? ''], {
      cwd: registry,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      env: { PATH: `${node}:${process.env.PATH}`, GITHUB_STEP_SUMMARY: summary, ...environment },
    });
    const told = readFileSync(summary, 'utf8');
    rmSync(summary);
    return { code: ran.status, out: ran.stdout, err: ran.stderr, summary: told };
  }

  it('passes a registry in which nothing is wrong', () => {
    const { code, out, summary } = run();
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(summary).toContain('Rien à redire');
  });

  it('annotates, sums up and fails, whatever is written in a file', () => {
    write(path, definition("name: 'A </pre><img src=x> ::error::B'\nprivate_sector: oui"));
    const { code, out, summary } = run({ lang: 'en' });
    expect(code).toBe(1);
    expect(out).toMatch(/^::error file=service-providers\/internet\/production\/suivi\.yaml,line=\d+/m);
    expect(
      out
        .trimEnd()
        .split('\n')
        .every((line) => line.startsWith('::')),
    ).toBe(true);
    expect(summary.match(/<[^>]*>/g)).toEqual(['<pre>', '</pre>']);
    expect(summary).toContain('schema/type');
  });

  it('judges the change of a pull request, from the result of merging it', () => {
    git('checkout', '-qb', 'proposal');
    git('mv', path, path.replace('suivi', 'autre'));
    git('commit', '-qm', 'two');
    git('checkout', '-q', 'main');
    git('merge', '-q', '--no-ff', '-m', 'merge', 'proposal');
    expect(run({}, 'pull_request').out).toContain('change%2Frenamed'.replace('%2F', '/'));
    expect(run({}, 'push').out).not.toContain('change/renamed');
    expect(run({ base: 'HEAD^1' }).out).toContain('change/renamed');
  });

  it('does not pass a pull request whose change it cannot tell', () => {
    const words = /fetch-depth/;
    // Checked out without what it is merged into: nothing tells what changed.
    const seen = run({}, 'pull_request');
    expect([seen.code, seen.err]).toEqual([2, expect.stringMatching(words)]);
    expect(seen.out + seen.summary).toMatch(words);
    // Of what its author pushed, a merge of their own, the first parent is what they chose.
    git('checkout', '-qb', 'proposal');
    git('mv', path, path.replace('suivi', 'autre'));
    git('commit', '-qm', 'two');
    git('checkout', '-qb', 'aside', 'main');
    git('commit', '-q', '--allow-empty', '-m', 'three');
    git('checkout', '-q', 'proposal');
    git('merge', '-q', '--no-ff', '-m', 'theirs', 'aside');
    const theirs = run({}, 'pull_request', 'f'.repeat(40));
    expect([theirs.code, theirs.err]).toEqual([2, expect.stringMatching(words)]);
    expect(run({ base: 'main' }, 'pull_request', 'f'.repeat(40)).out).toContain('change/renamed');
  });

  it('does not take the target of a pull request for what is proposed', () => {
    git('commit', '-q', '--allow-empty', '-m', 'two');
    const target = run({}, 'pull_request_target');
    expect([target.code, target.out]).toEqual([2, expect.stringMatching(/pull_request/)]);
    expect(run({ base: 'HEAD^1' }, 'pull_request_target').code).toBe(0);
  });

  it('sums up no more than GitHub shows', () => {
    for (let count = 0; count < 60; count++)
      write(path.replace('suivi', `faux-${count}`), `x: ["${'é'.repeat(200)}"]\n`.repeat(150));
    const { code, summary } = run();
    expect(code).toBe(1);
    expect(Buffer.byteLength(summary)).toBeLessThan(2 ** 20);
    expect(summary.trimEnd().endsWith('</pre>')).toBe(true);
  });

  it('takes what it is given as values, and never as a part of the script', () => {
    for (const text of ['$(touch pwned)', '"; touch pwned; "', '`touch pwned`', '--help']) {
      expect(run({ root: text }).code).not.toBe(0);
      run({ base: text });
      run({ lang: text });
    }
    expect(existsSync(join(registry, 'pwned'))).toBe(false);
    for (const { run: script = '' } of action.runs.steps) expect(script).not.toContain('${{');
  });

  it('cannot run where there is no registry', () => {
    expect(run({ root: 'absent' }).code).toBe(2);
  });

  it('makes no check of the name that branch protection asks of the App', () => {
    expect(Object.keys(workflow.jobs)).not.toContain('greffier');
  });

  it('uses others’ actions by commit, and asks to read and no more', () => {
    const used = [...action.runs.steps, ...workflow.jobs.definitions.steps].flatMap(({ uses }) => uses ?? []);
    for (const one of used.filter((name) => !name.startsWith('greffier/')))
      expect(one).toMatch(/@[0-9a-f]{40}$/);
    expect(workflow.permissions).toEqual({ contents: 'read' });
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(used).toContain(`greffier/greffier@v${version}`);
  });

  const hooks = read('.pre-commit-hooks.yaml') as {
    entry: string;
    language: string;
    files: string;
    pass_filenames: boolean;
  }[];

  /** An older Node than greffier wants, as machines have it; `npm ci` puts the right one beside the packages. */
  function oldMachine(): string {
    const bin = join(registry, '..', `old-${process.pid}`);
    rmSync(bin, { recursive: true, force: true });
    mkdirSync(bin);
    writeFileSync(join(bin, 'node'), '#!/bin/sh\n[ "$1" = -p ] && echo false && exit\nexit 99\n', {
      mode: 0o755,
    });
    const npm = `#!/bin/sh\necho "$@" >> ${bin}/npm-calls\nmkdir -p node_modules/.bin\nln -s ${process.execPath} node_modules/.bin/node\n`;
    writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 });
    onTestFinished(() => rmSync(bin, { recursive: true, force: true }));
    return bin;
  }

  /** As pre-commit starts a hook of the kind `script`: in the registry, from its clone of this repository. */
  function hook(entry: string, clone: string, bin: string) {
    const [script = '', ...args] = entry.split(' ');
    return spawnSync(join(clone, script), args, {
      cwd: registry,
      encoding: 'utf8',
      env: { PATH: `${bin}:${process.env.PATH}` },
    });
  }

  it('has hooks for pre-commit that run on a machine with an older Node', () => {
    const bin = oldMachine();
    for (const { entry, language, files, pass_filenames: names } of hooks) {
      expect(new RegExp(files).test(path)).toBe(true);
      // A package that is installed from Git is not compiled: the sources are what runs.
      expect([language, names]).toEqual(['script', false]);
      const ran = hook(entry, root, bin);
      expect(ran.status, ran.stderr).toBe(0);
    }
    expect(existsSync(join(bin, 'npm-calls'))).toBe(false);
  });

  it('installs for its hooks what they need, once, and leaves nothing half done', () => {
    const bin = oldMachine();
    const clone = join(registry, '..', `clone-${process.pid}`);
    rmSync(clone, { recursive: true, force: true });
    onTestFinished(() => rmSync(clone, { recursive: true, force: true }));
    for (const one of ['scripts/hook.sh', 'package.json', 'package-lock.json'])
      cpSync(join(root, one), join(clone, one), { recursive: true });
    mkdirSync(join(clone, 'bin'));
    writeFileSync(join(clone, 'bin', 'greffier.js'), 'console.log(process.argv.slice(2).join(" "))');
    for (const { entry } of hooks) {
      const ran = hook(entry, clone, bin);
      expect(ran.stdout.trim(), ran.stderr).toBe(entry.split(' ')[1]);
    }
    const calls = readFileSync(join(bin, 'npm-calls'), 'utf8').trim().split('\n');
    expect(calls).toEqual(['ci --omit=dev --ignore-scripts --no-audit --no-fund']);
    expect(readdirSync(clone).sort()).toEqual([
      'bin',
      'node_modules',
      'package-lock.json',
      'package.json',
      'scripts',
    ]);
  });
});
