/** What is said of clients that exist already, from the catalogues in `templates/`. */
import type { Language, Message } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { type SentencesOf, type Translator, translator } from '#base/i18n/translator';
import { catalogueAsTyped } from '#base/invocation';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import en from '#templates/import.en.json' with { type: 'json' };
import fr from '#templates/import.fr.json' with { type: 'json' };

export type ImportMessageKey = SentencesOf<keyof typeof fr & keyof typeof en>;

export function importTranslator(language: Language): Translator<ImportMessageKey> {
  return translator<ImportMessageKey>(
    catalogueAsTyped(language === 'fr' ? fr : en),
    language,
    quoteInBackticks,
  );
}

/** How many of each there were, without those of which there was none; the first, where there was nothing at all. */
export function countsInWords(
  t: Translator<ImportMessageKey>,
  counts: readonly (readonly [key: ImportMessageKey, count: number])[],
): string {
  const some = counts.filter(([, count]) => count > 0);
  return (some.length > 0 ? some : counts.slice(0, 1)).map(([key, count]) => t(key, { count })).join(', ');
}

/** Whose words a reason needs: of a list, which a CSV completes; of the form, whose export has a column for each answer. */
export type ToldBy = 'list' | 'form';

/** The import's own sentence for what a rule says, which speaks of lines of a file that is not there yet. */
function ownSentence({ key }: Message, by: ToldBy): ImportMessageKey | undefined {
  const said = by === 'form' ? 'said-of-form' : 'said';
  const [rule = ''] = key.split('#');
  return [`${said}.${key}`, `${said}.${rule}`].find((one): one is ImportMessageKey => one in fr);
}

/** Whether a person mends it in a column of `--complete`. */
export function isOfCompletion(message: Message): boolean {
  return ownSentence(message, 'list')?.includes('#') === true;
}

/** A reason, whether a rule says it (`rule#name`) or the import itself. */
export function reasonText(message: Message, language: Language, by: ToldBy): string {
  const own = ownSentence(message, by) ?? (message.key.includes('#') ? undefined : message.key);
  if (own === undefined) return catalogue.translate(message, language, quoteInBackticks);
  return importTranslator(language)(own as ImportMessageKey, message.values);
}
