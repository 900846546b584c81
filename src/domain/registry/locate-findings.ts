/** Turns what the rules of this room say into findings of the files that they say it of. */
import type { Finding } from '#domain/definition/finding';
import type { Reading } from '#domain/definition/parse/reading';
import { type DefinitionFile, findingWithoutText, readDefinition } from '#domain/definition/read-definition';
import type { RuleCard } from '#domain/definition/rules/rule';
import { registryCards } from './rules/all.ts';
import type { Notice } from './rules/rule.ts';

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
