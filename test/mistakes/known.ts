/**
 * What is not right yet: the cases that are known to fail, each with the criteria. The list only shrinks. A rule is changed
 * for some files and spoils what it says of others, which nobody sees in nearly nine hundred cases; and a case that came
 * right must stay so, hence it leaves the list at once.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Criterion, criteria, type Judgement } from './judge.ts';

/** By slug. */
export type Known = Readonly<Record<string, readonly Criterion[]>>;

const file = join(import.meta.dirname, 'known.json');

export function readKnown(): Known | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Known) : undefined;
}

/** One case a line, so that a change of the list is read case by case. */
export function writeKnown(known: Known): void {
  const lines = Object.entries(known)
    .filter(([, failed]) => failed.length > 0)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([slug, failed]) => {
      const inOrder = criteria.filter((criterion) => failed.includes(criterion));
      return `  ${JSON.stringify(slug)}: [${inOrder.map((one) => JSON.stringify(one)).join(', ')}]`;
    });
  writeFileSync(file, lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`);
}

export function failuresOf(judgements: readonly Judgement[]): Known {
  return Object.fromEntries(judgements.map(({ slug, failed }) => [slug, [...failed]]));
}

export interface Comparison {
  /** The cases that fail and are not listed. */
  readonly worse: readonly string[];
  /** The cases that are listed and do not fail, or are no longer there. */
  readonly better: readonly string[];
}

function slugsWith(known: Known, criterion: Criterion): ReadonlySet<string> {
  return new Set(Object.keys(known).filter((slug) => known[slug]?.includes(criterion)));
}

export function compare(judgements: readonly Judgement[], known: Known): ReadonlyMap<Criterion, Comparison> {
  const failures = failuresOf(judgements);
  return new Map(
    criteria.map((criterion) => {
      const [now, listed] = [slugsWith(failures, criterion), slugsWith(known, criterion)];
      return [criterion, { worse: [...now.difference(listed)], better: [...listed.difference(now)] }];
    }),
  );
}
