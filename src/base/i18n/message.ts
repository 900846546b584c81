/**
 * The languages of Greffier's output, and the form of a message before it is rendered.
 *
 * Code that decides never builds sentences: it names one (`key`) and gives its `values`. The sentence is
 * rendered at the very end, in the reader's language and for the reader's medium.
 */

/** French is the default everywhere; English is always available. */
export const languages = ['fr', 'en'] as const;
export type Language = (typeof languages)[number];

/** The same text in every language. */
export type Bilingual = Readonly<Record<Language, string>>;

/**
 * What a sentence is completed with. A string is foreign text: it is always shown quoted and can never act
 * (see `render`). A number is ours and is shown as it is. A list of strings is shown as quoted items.
 */
export type Values = Readonly<Record<string, string | number | readonly string[]>>;

/**
 * A sentence to be rendered later: plain JSON, so that facts, findings and effects can be stored and compared.
 *
 * @example { key: 'url/https-required#production', values: { value: 'http://a.gouv.fr/cb' } }
 */
export interface Message {
  /** A rule id, `#`, and the name of one of the rule's sentences. */
  readonly key: string;
  readonly values: Values;
}
