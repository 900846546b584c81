/** The examples of a rule as people are shown them: under which words, and with what the rule looks at besides. */
import type { Bilingual } from '#base/i18n/message';
import type { Severity } from '#domain/definition/finding';
import type { Example } from './rule.ts';

/** Above the examples in which a rule finds something: only what an error finds is refused. */
export const foundIn: Readonly<Record<Severity, Bilingual>> = {
  error: { fr: 'À ne pas écrire :', en: 'Not to be written:' },
  decision: { fr: 'Ce qui demande une décision :', en: 'What asks for a decision:' },
  warning: { fr: 'Ce qui est à vérifier :', en: 'What is to be checked:' },
  info: { fr: 'Ce qui est signalé :', en: 'What is pointed out:' },
};

/** Above the others. */
export const nothingFound: Bilingual = { fr: 'Ce qui convient :', en: 'What is fine:' };

/** Its YAML, under the path of the file where that is what is wrong or right. */
export function shownExample({ yaml, path }: Example): string {
  const text = yaml.trimEnd();
  return path === undefined || text === '' ? text : `# ${path}\n${text}`;
}
