/**
 * The one catalogue of rules: every rule's metadata by id, and the text of its findings in a language and a medium.
 */

import { type Language, languages, type Message } from '#base/i18n/message';
import { interpolate, type Quote } from '#base/i18n/render';
import { definitionRules, structureRules, textRules } from './all.ts';
import type { RuleMetadata } from './rule.ts';

export interface RuleCatalogue {
  /** Every rule, in the order in which they were given. */
  readonly rules: readonly RuleMetadata[];
  /** The rule with an id; undefined when there is none. */
  rule(id: string): RuleMetadata | undefined;
  /**
   * The text of a finding's message (or of the title of its fix).
   *
   * @param quote how foreign text is shown in the medium: `codeSpan` for Markdown, `quoteInBackticks` for a terminal.
   * @throws when no rule has the message's key, or a value is missing: a bug, which tests catch.
   */
  translate(message: Message, language: Language, quote: Quote): string;
}

/** Makes a catalogue of rules; other folders with rules of their own add theirs to `definitionRulesMetadata`. */
export function catalogueOf(rules: readonly RuleMetadata[]): RuleCatalogue {
  const byId = new Map(rules.map((rule) => [rule.id as string, rule]));
  return {
    rules,
    rule: (id) => byId.get(id),
    translate(message, language, quote) {
      const [id = '', messageId = ''] = message.key.split('#');
      const sentence = byId.get(id)?.messages[messageId]?.[language];
      if (sentence === undefined) throw new Error(`No sentence « ${message.key} » in ${language}`);
      return interpolate(sentence, message.values, quote, language);
    },
  };
}

/** Every rule on one definition: rules on the text, on the structure and on the meaning of one file. */
export const definitionRulesMetadata: readonly RuleMetadata[] = [
  ...textRules,
  ...structureRules,
  ...definitionRules,
];

/** The catalogue of these alone. */
export const definitionCatalogue = catalogueOf(definitionRulesMetadata);

/** The names of the values that a sentence asks for. */
export function placeholders(sentence: string): readonly string[] {
  const names = Array.from(sentence.matchAll(/\{([a-z][A-Za-z0-9]*)\}/g), (match) => match[1] ?? '');
  return [...new Set(names)].sort();
}

/** What is missing in a rule's messages, for the test that holds the catalogue together. */
export function missingTranslations(rule: RuleMetadata): readonly string[] {
  const found: string[] = [];
  for (const part of ['title', 'why'] as const)
    for (const language of languages)
      if (rule[part][language].trim() === '') found.push(`${rule.id}: no ${part} in ${language}`);
  for (const [name, message] of Object.entries(rule.messages)) {
    for (const language of languages)
      if (message[language].trim() === '') found.push(`${rule.id}#${name}: nothing in ${language}`);
    if (placeholders(message.fr).join() !== placeholders(message.en).join())
      found.push(`${rule.id}#${name}: other placeholders in French than in English`);
  }
  return found;
}
