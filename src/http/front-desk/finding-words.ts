/** What a finding says at the desk: of a field, in the words of the form. */

import { type Html, sentenceHtml } from '#base/html';
import { frenchSpaces } from '#base/i18n/french-spaces';
import { escapeInvisible } from '#base/i18n/invisible';
import type { Language, Message } from '#base/i18n/message';
import { codeSpan } from '#base/i18n/render';
import { typedMessage } from '#domain/definition/typed-message';
import type { FieldFinding } from '#domain/front-desk/judge';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { type FrontDeskKey, frontDeskKey, type Words } from './words.ts';

/**
 * Rules whose sentences speak of files and of YAML, which the person never sees: what they find in a definition that the
 * form wrote is said in the desk's own words, or in general. What people paste into a field is said as the rule says it.
 */
const ofFiles = /^(?:file\/(?!placeholder$|hidden-character$|encoding$)|yaml\/|schema\/)/;

/** The desk's own sentence for a message: of this one, or of all of its rule. */
function ownSentence(message: Message): FrontDeskKey | undefined {
  const [rule = '', name = ''] = message.key.split('#');
  // What another version found and kept may have no words any more.
  const isKnown = catalogue.rule(rule)?.messages[name] !== undefined;
  return (
    frontDeskKey(`said.${message.key}`) ??
    frontDeskKey(`said.${rule}`) ??
    (ofFiles.test(rule) || !isKnown ? 'said.other' : undefined)
  );
}

export function messageHtml(t: Words, finding: Message): Html {
  const message = typedMessage(finding);
  const own = ownSentence(message);
  if (own !== undefined) return t(own, codeValues(message.values));
  const sentence = catalogue.translate(message, t.lang, codeSpan);
  return sentenceHtml(t.lang === 'fr' ? frenchSpaces(sentence) : sentence);
}

/** The same as plain text, for JSON and for places where there is no HTML. */
export function messageText(t: Words, finding: Message): string {
  const message = typedMessage(finding);
  const own = ownSentence(message);
  const quote = quotes[t.lang];
  if (own !== undefined) return t.text(own, message.values);
  const sentence = catalogue.translate(message, t.lang, quote).replaceAll('`', '');
  return t.lang === 'fr' ? frenchSpaces(sentence) : sentence;
}

const quotes: Readonly<Record<Language, (foreign: string) => string>> = {
  fr: (foreign) => `« ${escapeInvisible(foreign)} »`,
  en: (foreign) => `“${escapeInvisible(foreign)}”`,
};

/** What is foreign stands in code, as in the sentences of the rules. */
function codeValues(values: Message['values']): Readonly<Record<string, Html | number>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number'
        ? value
        : sentenceHtml((typeof value === 'string' ? [value] : value.slice(0, 12)).map(codeSpan).join(', ')),
    ]),
  );
}

/** `2ᵉ ligne`. */
export function lineWords(t: Words, line: number): string {
  return line === 1 ? t.text('line.first') : t.text('line.other', { line });
}

/** Of several findings, those that refuse and those that inform. */
export function errorsOf(findings: readonly FieldFinding[]): readonly FieldFinding[] {
  return findings.filter(({ severity }) => severity === 'error');
}
