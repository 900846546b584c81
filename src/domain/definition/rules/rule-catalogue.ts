/**
 * The one catalogue of sentences: every rule's card by id, and what its findings say in a language and a medium.
 */

import type { Language } from '#base/i18n/message';
import { languages, type Message } from '#base/i18n/message';
import { fill, type Quote } from '#base/i18n/render';
import { definitionRules, textRules, treeRules } from './all.ts';
import type { RuleCard } from './rule.ts';

export interface Catalogue {
  /** Every card, in the order in which they were given. */
  readonly cards: readonly RuleCard[];
  /** The card of a rule id; undefined for an id that no card has. */
  card(id: string): RuleCard | undefined;
  /**
   * Says a finding's message (or the title of its fix).
   *
   * @param quote how foreign text is shown in the medium: `codeSpan` for Markdown, `quoted` for a terminal.
   * @throws when no card has the message's key, or a value is missing: a bug, which tests catch.
   */
  say(message: Message, language: Language, quote: Quote): string;
}

/** Makes a catalogue of cards; rooms that have rules of their own join theirs to `definitionCards`. */
export function catalogueOf(cards: readonly RuleCard[]): Catalogue {
  const byId = new Map(cards.map((card) => [card.id as string, card]));
  return {
    cards,
    card: (id) => byId.get(id),
    say(message, language, quote) {
      const [id = '', words = ''] = message.key.split('#');
      const sentence = byId.get(id)?.words[words]?.[language];
      if (sentence === undefined) throw new Error(`No sentence « ${message.key} » in ${language}`);
      return fill(sentence, message.values, quote);
    },
  };
}

/** The cards of this room: rules on the text, on the structure and on the meaning of one file. */
export const definitionCards: readonly RuleCard[] = [...textRules, ...treeRules, ...definitionRules];

/** The names of the values that a sentence asks for. */
export function placeholders(sentence: string): readonly string[] {
  const names = Array.from(sentence.matchAll(/\{([a-z][A-Za-z0-9]*)\}/g), (match) => match[1] ?? '');
  return [...new Set(names)].sort();
}

/** What is wrong with a card's words, for the test that holds the catalogue together. */
export function gaps(card: RuleCard): readonly string[] {
  const found: string[] = [];
  for (const part of ['title', 'why'] as const)
    for (const language of languages)
      if (card[part][language].trim() === '') found.push(`${card.id}: no ${part} in ${language}`);
  for (const [name, words] of Object.entries(card.words)) {
    for (const language of languages)
      if (words[language].trim() === '') found.push(`${card.id}#${name}: nothing in ${language}`);
    if (placeholders(words.fr).join() !== placeholders(words.en).join())
      found.push(`${card.id}#${name}: other placeholders in French than in English`);
  }
  return found;
}
