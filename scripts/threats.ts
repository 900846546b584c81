/**
 * Takes each protection of the threat model away, in a copy of the project, and sees the test that stands for it fail, which
 * passes with it: one that leans on others of its file fails by itself, and would show nothing.
 * `npm run threats` tries them all; `npm run threats -- WORD` those whose file, test or threat holds the word. Exit code 1
 * when a test still passes without what it should show.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threatActors } from './threats/actors.ts';
import type { Proof } from './threats/model.ts';

const root = join(import.meta.dirname, '..');
const copied = [
  'src',
  'demo',
  'test',
  'schemas',
  'templates',
  'scripts',
  'bin',
  'docs',
  'app.yml',
  'action.yml',
  '.pre-commit-hooks.yaml',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
const word = process.argv[2]?.toLowerCase() ?? '';

type Outcome = 'failed' | 'passed' | 'no test';

/** What is read of vitest's report. */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** Runs one test of the copy. */
function outcomeOf(folder: string, { test, title }: Proof): Promise<Outcome> {
  // A title may hold the values of a table; what comes before them is enough.
  const name = (title.split(/%[sj]/)[0] ?? title).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const limits = ['--testTimeout=20000', '--hookTimeout=120000'];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [vitest, 'run', test, '-t', name, '--reporter=json', `--outputFile=${report}`, ...limits],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      () => {
        if (!existsSync(report)) return resolve('no test');
        const results = JSON.parse(readFileSync(report, 'utf8')) as Report;
        // Only a test that ran and failed shows something: a file that could not be read, or a timeout of the machine's
        // own making before any test, does not.
        const broken = results.testResults.some(({ assertionResults }) =>
          assertionResults.some(({ status }) => status === 'failed'),
        );
        if (broken) resolve('failed');
        else resolve(results.numPassedTests > 0 ? 'passed' : 'no test');
      },
    );
  });
}

const folder = mkdtempSync(join(tmpdir(), 'greffier-threats-'));
/** What each test comes to by itself, nothing being taken away. */
const whole = new Map<string, Outcome>();
let wrong = 0;
let tried = 0;
try {
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const { name, threats } of threatActors) {
    const chosen = threats.filter(({ threat, proofs }) =>
      JSON.stringify([threat, proofs]).toLowerCase().includes(word),
    );
    if (chosen.length > 0) process.stdout.write(`\n${name}\n`);
    for (const { threat, proofs } of chosen) {
      process.stdout.write(`  ${threat}\n`);
      for (const proof of proofs) {
        const named = `${proof.test} › ${proof.title}`;
        const sound = whole.get(named) ?? (await outcomeOf(folder, proof));
        whole.set(named, sound);
        const file = join(folder, proof.file);
        const text = readFileSync(file, 'utf8');
        writeFileSync(
          file,
          text.replace(proof.line, () => proof.without),
        );
        const outcome = text.includes(proof.line) ? await outcomeOf(folder, proof) : 'no test';
        writeFileSync(file, text);
        tried += 1;
        if (outcome !== 'failed' || sound !== 'passed') wrong += 1;
        const mark =
          sound !== 'passed'
            ? `✗ ${sound} by itself, with`
            : outcome === 'failed'
              ? '✓ red without'
              : `✗ ${outcome} without`;
        process.stdout.write(`    ${mark} ${proof.file}: ${named}\n`);
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`\n${tried} protections taken away, ${tried - wrong} seen to be missed\n`);
process.exitCode = wrong === 0 ? 0 : 1;
