/**
 * `npm run bench [-- --large]`: `greffier validate` against `ajv-cli`, which checks the structure only, on the same
 * definitions; whole processes, alternating. First as people write them (49 layouts, half with a warning), then all in one
 * plain layout with nothing to say about. With `--large`, also the cost per file from 1,000 to 100,000, and of one file.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Source } from '#domain/definition/parse/source';
import { validate as validateFile } from '#domain/definition/read-definition';
import { mixedDefinition, sampleDefinition, writeRegistry } from './sample-registry.ts';

const rounds = 5;
const definitions = 10_000;
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'greffier-bench-'));
const write = (text: string) => process.stdout.write(`${text}\n`);

/** Loaded into every measured process: notes its peak memory, and the time that processors spent on it, as it ends. */
const probe = join(folder, 'probe.mjs');
const noted = join(folder, 'peak');
writeFileSync(
  probe,
  `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(${JSON.stringify(noted)}, JSON.stringify(process.resourceUsage())));
`,
);

interface Run {
  readonly seconds: number;
  /** Of processors, which count what ran beside: on a machine with other work, this is what to compare. */
  readonly processor: number;
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
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(
    readFileSync(noted, 'utf8'),
  ) as NodeJS.ResourceUsage;
  return { seconds, processor: (userCPUTime + systemCPUTime) / 1e6, peak: maxRSS / 1_024 };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

type Definition = typeof sampleDefinition;

function registryOf(name: string, count: number, definition: Definition): string {
  const path = join(folder, `${name}-${count}`);
  mkdirSync(path);
  writeRegistry(path, count, definition);
  return path;
}

/** How many of the first files have a finding, and how many take a reader of all of YAML. */
function kindsOf(count: number, definition: Definition): { readonly found: number; readonly other: number } {
  const encoder = new TextEncoder();
  let [found, other] = [0, 0];
  for (let index = 0; index < count; index++) {
    const { path, text } = definition(index);
    const file = { path, bytes: encoder.encode(text) };
    if (validateFile(file).findings.length > 0) found++;
    if (!new Source(file).plain) other++;
  }
  return { found, other };
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

const seconds = (runs: readonly Run[]) => median(runs.map((run) => run.seconds));
const processor = (runs: readonly Run[]) => median(runs.map((run) => run.processor));
const peak = (runs: readonly Run[]) => Math.max(...runs.map((run) => run.peak));
const schema = join(root, 'schemas/service-provider.v1.schema.json');

function compare(ajv: string, name: string, definition: Definition): void {
  const registry = registryOf(name, definitions, definition);
  const files = join(registry, 'service-providers/**/*.yaml');
  const structure = () =>
    measured(ajv, ['validate', '--spec=draft2020', '--strict=false', '-s', schema, '-d', files]);
  validate(registry);
  structure();
  const ours: Run[] = [];
  const theirs: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(validate(registry));
    theirs.push(structure());
  }
  const { found, other } = kindsOf(definitions, definition);
  write(
    `${definitions} definitions, ${name} (${found} with a finding, ${other} for the readers of all of YAML)`,
  );
  write(`  ${rounds} rounds, medians`);
  for (const [name, runs] of [
    ['greffier validate', ours],
    ['ajv-cli 5.0.0    ', theirs],
  ] as const)
    write(
      `  ${name}  ${seconds(runs).toFixed(2)} s  processors ${processor(runs).toFixed(2)} s  peak ${peak(runs).toFixed(0)} MB`,
    );
  write(
    `  ratio              ${(seconds(ours) / seconds(theirs)).toFixed(2)}    processors ${(processor(ours) / processor(theirs)).toFixed(2)}    load ${loadavg()[0]?.toFixed(1)}`,
  );
}

function costs(): void {
  const one = registryOf('one', 1, mixedDefinition);
  const single = Array.from({ length: rounds }, () => validate(one).seconds);
  write(`one file, cold: ${median(single).toFixed(2)} s`);
  const empty = registryOf('none', 0, mixedDefinition);
  const start = median(Array.from({ length: rounds }, () => validate(empty).seconds));
  write(`cost per file as people write them, start-up (${start.toFixed(2)} s) set apart`);
  const each: number[] = [];
  for (const count of [1_000, 10_000, 100_000]) {
    const path = registryOf('growing', count, mixedDefinition);
    const runs = Array.from({ length: 3 }, () => validate(path));
    const cost = ((seconds(runs) - start) / count) * 1e6;
    each.push(cost);
    write(`  ${String(count).padStart(7)}  ${cost.toFixed(0)} µs a file  peak ${peak(runs).toFixed(0)} MB`);
  }
  const [small = Number.NaN, , large = Number.NaN] = each;
  write(`  ratio    ${(large / small).toFixed(2)}, a file among 100,000 against one among 1,000`);
}

try {
  const ajv = installedAjv();
  compare(ajv, 'as people write them', mixedDefinition);
  compare(ajv, 'in one plain layout', sampleDefinition);
  if (process.argv.includes('--large')) costs();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
