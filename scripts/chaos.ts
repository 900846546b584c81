/**
 * `npm run chaos [-- --rounds N --seed S --store sqlite|postgresql --services N --processes N]`: whole stories while the
 * program is killed and everything around it fails, and then a look at whether anything was lost or doubled. Ends with
 * 1 when something was, and prints the seed that shows it. PostgreSQL is the server that TEST_DATABASE_URL names.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { faultKinds } from '../test/chaos/faults.ts';
import { runRound } from '../test/chaos/round.ts';
import { engines } from '../test/infrastructure/database/engines.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    store: { type: 'string', default: 'sqlite' },
    services: { type: 'string', default: '6' },
    processes: { type: 'string' },
    rate: { type: 'string', default: '0.2' },
    seconds: { type: 'string', default: '120' },
    verbose: { type: 'boolean', default: false },
  },
});
const write = (text: string): void => void process.stdout.write(`${text}\n`);
const wanted = values.store === 'postgresql' ? 'postgresql' : 'embedded';
const engine = engines.find(({ name }) => name === wanted);
if (engine === undefined) throw new Error('Name a server of PostgreSQL in TEST_DATABASE_URL');
const processes = Number(values.processes ?? (wanted === 'postgresql' ? 3 : 1));

const totals = new Map<string, number>();
const add = (what: string, count: number): Map<string, number> =>
  totals.set(what, (totals.get(what) ?? 0) + count);
let broken = 0;
for (let round = 0; round < Number(values.rounds); round += 1) {
  const seed = Number(values.seed) + round;
  const outcome = await runRound({
    engine,
    seed,
    services: Number(values.services),
    processes,
    rate: Number(values.rate),
    faultPeriod: Number(values.seconds) * 1000,
    ...(values.verbose ? { report: (line) => write(`  ${line}`) } : {}),
  });
  add('kills', outcome.kills);
  add('requests', outcome.requests);
  for (const [kind, count] of outcome.faults) add(kind, count);
  const faults = [...outcome.faults.values()].reduce((sum, count) => sum + count, 0);
  write(
    `round ${round + 1}, seed ${seed}, ${wanted}: ${outcome.pulls} pull requests, ${outcome.deliveries} deliveries, ` +
      `${outcome.mails} mails, ${outcome.kills} kills, ${faults} faults in ${outcome.requests} requests, ` +
      `${outcome.seconds} s: ${outcome.violations.length === 0 ? 'whole' : 'BROKEN'}`,
  );
  if (outcome.violations.length === 0) continue;
  broken += 1;
  for (const one of outcome.violations) write(`  ${one}`);
  const log = join(tmpdir(), `greffier-chaos-${seed}.log`);
  writeFileSync(log, outcome.log);
  write(`  log: ${log}; again: npm run chaos -- --rounds 1 --seed ${seed} --store ${values.store}`);
}
const faults = faultKinds.map((kind) => `${kind} ${totals.get(kind) ?? 0}`).join(', ');
write(`${values.rounds} rounds, ${totals.get('kills') ?? 0} kills, ${totals.get('requests') ?? 0} requests`);
write(`faults: ${faults}`);
write(broken === 0 ? 'nothing was lost or doubled' : `${broken} rounds broken`);
process.exitCode = broken === 0 ? 0 : 1;
