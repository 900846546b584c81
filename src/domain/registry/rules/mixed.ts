import { changeRule } from './rule.ts';

/** Definitions and the machinery that evaluates them, in one change. */
export const mixedChange = changeRule({
  id: 'change/mixed',
  severity: 'error',
  title: {
    fr: 'Des définitions et d’autres fichiers changent ensemble',
    en: 'Definitions and other files change together',
  },
  why: {
    fr: 'Une demande qui change à la fois des services et les réglages, les automatismes ou le code du registre ne peut pas être relue sereinement : l’un peut cacher l’autre.',
    en: 'A change to services together with the registry’s settings, workflows or code cannot be reviewed with confidence: one may hide the other.',
  },
  messages: {
    mixed: {
      fr: 'Cette demande change des définitions et aussi {files}. Faites deux demandes : l’une pour les définitions, l’autre pour le reste.',
      en: 'This change touches definitions and also {files}. Make two pull requests: one for the definitions, one for the rest.',
    },
  },
  check(changes, { otherPaths }, report) {
    const files = otherPaths.filter(isMachinery).sort();
    const [first] = files;
    if (changes.length > 0 && first !== undefined)
      report(first, { pointer: '', messageId: 'mixed', values: { files } });
  },
  examples: {
    good: [
      { before: 'name: Agenda', yaml: 'name: Agenda associatif', context: { otherPaths: ['README.md'] } },
    ],
    bad: [
      {
        before: 'name: Agenda',
        yaml: 'name: Agenda associatif',
        context: { otherPaths: ['.github/workflows/controle.yml'] },
      },
      {
        before: 'name: Agenda',
        yaml: 'name: Agenda associatif',
        context: { otherPaths: ['.github/greffier.yaml', 'README.md'] },
      },
    ],
  },
});

/** Everything but text and pictures for people: what GitHub reads, and what could run. */
function isMachinery(path: string): boolean {
  if (path.startsWith('.github/')) return true;
  if (/(?:^|\/)CODEOWNERS$/.test(path)) return true;
  return !/(?:\.(?:md|markdown|txt|rst|adoc|png|jpe?g|gif|svg|webp|pdf)|(?:^|\/)(?:LICEN[CS]E|NOTICE|AUTHORS))$/i.test(
    path,
  );
}
