/**
 * `npm run bench [-- --large]`: `greffier validate` against `ajv-cli`, which checks the structure only, on the same
 * definitions; whole processes, alternating. With `--large`, also the cost per file from 1,000 to 100,000.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeRegistry } from './sample-registry.ts';

const rounds = 5;
const definitions = 10_000;
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'greffier-bench-'));
const write = (text: string) => process.stdout.write(`${text}\n`);

/** Loaded into every measured process: notes its peak memory as it ends. */
const probe = join(folder, 'probe.mjs');
const noted = join(folder, 'peak');
writeFileSync(
  probe,
  `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(${JSON.stringify(noted)}, String(process.resourceUsage().maxRSS)));
`,
);

interface Run {
  readonly seconds: number;
  /** Peak resident memory, in megabytes. */
  readonly peak: number;
}

function measured(program: string, args: readonly string[]): Run {
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', pathToFileURL(probe).href, program, ...args],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const seconds = (performance.now() - start) / 1_000;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.slice(0, 500)}`);
  return { seconds, peak: Number(readFileSync(noted, 'utf8')) / 1_024 };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

function registryOf(count: number): string {
  const path = join(folder, String(count));
  mkdirSync(path);
  writeRegistry(path, count);
  return path;
}

/** `ajv-cli` 5.0.0, installed aside: nothing else of the project needs it. */
function installedAjv(): string {
  const aside = join(folder, 'ajv');
  mkdirSync(aside);
  writeFileSync(join(aside, 'package.json'), '{"private": true}');
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--save-exact', '--no-audit', '--no-fund', 'ajv-cli@5.0.0'],
    {
      cwd: aside,
      encoding: 'utf8',
    },
  );
  const program = join(aside, 'node_modules/ajv-cli/dist/index.js');
  if (status !== 0 || !existsSync(program))
    throw new Error(`ajv-cli cannot be installed: ${stderr.slice(0, 500)}`);
  return program;
}

const greffier = join(root, 'bin/greffier.js');
const validate = (registry: string) => measured(greffier, ['validate', '--root', registry]);

try {
  const ajv = installedAjv();
  const registry = registryOf(definitions);
  const schema = join(root, 'schemas/service-provider.v1.schema.json');
  const structure = () =>
    measured(ajv, [
      'validate',
      '--spec=draft2020',
      '--strict=false',
      '-s',
      schema,
      '-d',
      join(registry, 'service-providers/**/*.yaml'),
    ]);
  validate(registry);
  structure();
  const ours: Run[] = [];
  const theirs: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(validate(registry));
    theirs.push(structure());
  }
  const seconds = (runs: readonly Run[]) => median(runs.map((run) => run.seconds));
  const peak = (runs: readonly Run[]) => Math.max(...runs.map((run) => run.peak));
  write(`${definitions} definitions, ${rounds} rounds, medians`);
  write(`  greffier validate  ${seconds(ours).toFixed(2)} s  peak ${peak(ours).toFixed(0)} MB`);
  write(`  ajv-cli 5.0.0      ${seconds(theirs).toFixed(2)} s  peak ${peak(theirs).toFixed(0)} MB`);
  write(`  ratio              ${(seconds(ours) / seconds(theirs)).toFixed(2)}`);
  if (process.argv.includes('--large')) {
    const empty = registryOf(0);
    const start = median(Array.from({ length: rounds }, () => validate(empty).seconds));
    write(`cost per file, start-up (${start.toFixed(2)} s) set apart`);
    const costs: number[] = [];
    for (const count of [1_000, 10_000, 100_000]) {
      const path = count === definitions ? registry : registryOf(count);
      const runs = Array.from({ length: 3 }, () => validate(path));
      const each = ((seconds(runs) - start) / count) * 1e6;
      costs.push(each);
      write(`  ${String(count).padStart(7)}  ${each.toFixed(0)} µs a file  peak ${peak(runs).toFixed(0)} MB`);
    }
    const [small = Number.NaN, , large = Number.NaN] = costs;
    write(`  ratio    ${(large / small).toFixed(2)}, a file among 100,000 against one among 1,000`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
