/** Turns what the rules of this room say into findings of the files that they say it of. */
import type { Finding } from '../definition/finding.ts';
import { type DefinitionFile, findingWithoutText, readDefinition } from '../definition/read.ts';
import type { Reading } from '../definition/reading.ts';
import type { RuleCard } from '../definition/rule.ts';
import type { Notice } from './rule.ts';
import { registryCards } from './rules.ts';

const cards: ReadonlyMap<string, RuleCard> = new Map(registryCards.map((card) => [card.id, card]));

/**
 * Reads a file together with what is said of it by those who know more than the file: the findings of both, each at
 * its place, in order; where one is the cause of another, only the cause.
 */
export function readWithNotices(file: DefinitionFile, notices: readonly Notice[]): Reading {
  const others = notices.flatMap(({ path, rule, report }) => {
    const card = cards.get(rule);
    return path === file.path && card !== undefined ? [{ card, report }] : [];
  });
  return readDefinition(file, others);
}

/** What is said of files of which there is no text to point at: they were removed, or are no definitions. */
export function findingsWithoutText(notices: readonly Notice[]): readonly Finding[] {
  return notices.flatMap(({ path, rule, report }) => {
    const card = cards.get(rule);
    return card === undefined ? [] : [findingWithoutText(path, { card, report })];
  });
}
