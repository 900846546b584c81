/**
 * `npm run fuzz [-- SECONDS [SEED]]`: damages definitions in every way it knows for a while, and prints what it saw.
 * Ends with 1 when a promise was broken, and shows the text that broke it.
 */

import { cellNames } from '#base/config/cells';
import { definitionsFolder } from '#domain/definition/cell';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { hostileTexts } from './hostile-texts.ts';
import { mutateText, seededRandom } from './mutate-text.ts';
import { checkFixes, checkReading } from './reading-invariants.ts';
import { sampleDefinition } from './sample-registry.ts';

const seconds = Number(process.argv[2] ?? 20);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const random = seededRandom(seed);
const write = (text: string) => process.stdout.write(`${text}\n`);

/** What is damaged: the skeletons, definitions such as real ones, and every rule's bad examples. */
const originals = [
  ...cellNames.map((cell) => completeExample({ yaml: '', cell })),
  ...Array.from({ length: 40 }, (_, index) => sampleDefinition(index)),
  ...catalogue.rules.flatMap(({ examples }) => [...examples.bad, ...examples.good].map(completeExample)),
].filter(({ path, text }) => path.startsWith(definitionsFolder) && text.length < 20_000);

/** What reading a text costs: the least of a few times, since the first ones pay for what the engine learns. */
function costOf(text: string): number {
  const path = `${definitionsFolder}/internet/production/exemple.yaml`;
  const bytes = new TextEncoder().encode(text);
  const times = Array.from({ length: 5 }, () => {
    const start = spent();
    readDefinition({ path, bytes });
    return spent() - start;
  });
  return Math.min(...times);
}

const until = performance.now() + seconds * 1_000;
const rules = new Map<string, number>();
let texts = 0;
let clean = 0;
let slowest = { milliseconds: 0, text: '' };
/** Milliseconds of the processor that this thread took: what else the machine does has no part in it. */
const spent = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};
let broken = 0;
while (performance.now() < until) {
  const original = originals[Math.floor(random() * originals.length)];
  if (original === undefined) break;
  const text = mutateText(original.text, random);
  texts++;
  const start = spent();
  let faults: readonly string[];
  try {
    const { reading, broken: found } = checkReading(original.path, text, catalogue);
    if (spent() - start > slowest.milliseconds) {
      const milliseconds = costOf(text);
      if (milliseconds > slowest.milliseconds) slowest = { milliseconds, text };
    }
    if (reading.findings.length === 0) clean++;
    for (const { rule } of reading.findings) rules.set(rule, (rules.get(rule) ?? 0) + 1);
    faults = texts % 4 === 0 ? [...found, ...checkFixes(original.path, text)] : found;
  } catch (error) {
    faults = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  if (faults.length > 0 && ++broken <= 3) {
    write(`\nBroken promise: ${[...new Set(faults)].join('; ')}\n${original.path}\n${JSON.stringify(text)}`);
  }
}
const most = [...rules].sort(([, one], [, other]) => other - one).slice(0, 8);
write(`seed ${seed}: ${texts} damaged definitions in ${seconds} s, ${clean} of them without a finding`);
write(
  `${rules.size} different rules spoke; most often ${most.map(([rule, count]) => `${rule} ${count}`).join(', ')}`,
);
write(`slowest: ${slowest.milliseconds.toFixed(1)} ms of processor for ${slowest.text.length} characters`);
const costs = hostileTexts.map(([name, text]) => ({ name, milliseconds: costOf(text) }));
const worst = costs.sort((one, other) => other.milliseconds - one.milliseconds).slice(0, 3);
write(
  `${costs.length} hostile texts of up to 64 KiB; the worst: ${worst
    .map(({ name, milliseconds }) => `${name} ${milliseconds.toFixed(1)} ms`)
    .join(', ')}; memory of the process at most ${(process.resourceUsage().maxRSS / 1_024).toFixed(0)} MB`,
);
write(`broken promises: ${broken}`);
process.exitCode = broken === 0 ? 0 : 1;
