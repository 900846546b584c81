import { maxFileBytes } from '#domain/definition/parse/source';
import { textRule } from '#domain/definition/rules/rule';

export const fileSize = textRule({
  id: 'file/size',
  severity: 'error',
  title: { fr: 'Le fichier fait au plus 64 Kio', en: 'The file is at most 64 KiB' },
  why: {
    fr: 'Une définition tient en une page. Un fichier beaucoup plus gros est une erreur de copie, et coûterait cher à lire à chaque vérification.',
    en: 'A definition fits on a page. A much bigger file is a copying mistake, and would be costly to read at each check.',
  },
  messages: {
    size: {
      fr: 'Le fichier fait {size} octets ; le maximum est de {most}. Gardez un seul service par fichier.',
      en: 'The file is {size} bytes long; the maximum is {most}. Keep one service per file.',
    },
  },
  examples: {
    good: [{ yaml: 'name: Suivi' }],
    bad: [{ yaml: `# ${'x'.repeat(maxFileBytes)}\n`, whole: true }],
  },
  check({ size, decoding }, report) {
    if (!decoding.ok && decoding.kind === 'too-large')
      report({ start: 0, end: 0, messageId: 'size', values: { size, most: maxFileBytes } });
  },
});
