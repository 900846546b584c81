import { structureRule } from '#domain/definition/rules/rule';
import { hasStructureProblems, problemsOfKind, quotedValue } from './problems.ts';

export const schemaVersion = structureRule({
  id: 'schema/version',
  severity: 'error',
  title: { fr: 'La version du format est 1', en: 'The version of the format is 1' },
  why: {
    fr: 'La version dit avec quelles règles lire le fichier. Ce n’est pas celle de votre application.',
    en: 'The version says by which rules to read the file. It is not that of your application.',
  },
  messages: {
    other: {
      fr: 'La version {value} n’existe pas. Écrivez « version: 1 », sans guillemets : c’est la version du format, pas celle de votre application.',
      en: 'The version {value} does not exist. Write “version: 1”, without quotes: it is the version of the format, not that of your application.',
    },
    write: { fr: 'Écrire version: 1', en: 'Write version: 1' },
  },
  examples: { good: [{ yaml: 'version: 1' }], bad: [{ yaml: 'version: "1"' }, { yaml: 'version: 2' }] },
  concerns: hasStructureProblems,
  check(parsed, report) {
    const { problems } = parsed;
    for (const { pointer, value } of problemsOfKind(problems, 'version')) {
      const text = parsed.writtenAt(pointer) ?? quotedValue(value);
      const scalar = typeof value !== 'object' || value === null;
      const base = { pointer, messageId: 'other', values: { value: text } } as const;
      if (!scalar) report(base);
      else report({ ...base, fix: { title: 'write', correction: { kind: 'set', value: 1 } } });
    }
  },
});
