/**
 * `npm run histories [-- --count N --from SEED | --seed SEED] [--first] [--processes N]`: random histories of a registry are played,
 * and what becomes of the clients is held against the model of docs/authority.md (test/application/histories/). Ends with 1
 * when something happened on nobody's word, and prints the seed and the history, made small. By default the seeds 1 to
 * 1,000, on all processors; `--first` ends at the first that fails.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Histories, inWords } from '../test/application/histories/play.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    step: { type: 'string', default: '1' },
    seed: { type: 'string' },
    first: { type: 'boolean', default: false },
    processes: { type: 'string', default: String(availableParallelism()) },
  },
});
const write = (text: string): void => void process.stdout.write(`${text}\n`);
const processes = values.seed === undefined ? Number(values.processes) : 1;
const count = values.seed === undefined ? Number(values.count) : 1;
const from = Number(values.seed ?? values.from);
const started = performance.now();

if (processes > 1) {
  const own = Array.from({ length: processes }, (_, at) => Math.ceil((count - at) / processes));
  const children = own.map((part, at) => {
    const given = { count: part, from: from + at, step: processes, processes: 1 };
    const options = Object.entries(given).map(([name, value]) => `--${name}=${value}`);
    return fork(import.meta.filename, values.first ? [...options, '--first'] : options);
  });
  const codes = await Promise.all(
    children.map((child) => new Promise<number | null>((resolve) => child.once('exit', resolve))),
  );
  const failed = codes.some((code) => code !== 0);
  const seconds = Math.round((performance.now() - started) / 1000);
  write(
    `${count} histories from seed ${from} in ${seconds} s: ${failed ? 'BROKEN' : 'nobody got what nobody gave'}`,
  );
  process.exitCode = failed ? 1 : 0;
} else {
  const histories = new Histories();
  for (let played = 0; played < count; played += 1) {
    const failed = await histories.play(from + played * Number(values.step));
    if (failed === undefined) continue;
    write(`after ${played + 1} histories, ${inWords(failed)}`);
    process.exitCode = 1;
    if (values.first) break;
  }
  await histories.close();
}
