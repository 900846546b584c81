import { maxDepth, maxParts } from '#domain/definition/parse/source';
import { textRule } from '#domain/definition/rules/rule';

export const yamlNesting = textRule({
  id: 'yaml/nesting',
  severity: 'error',
  title: { fr: 'Une structure simple', en: 'A simple structure' },
  why: {
    fr: 'Une définition a trois niveaux et une trentaine de champs. Une structure bien plus profonde ou plus large n’en est pas une, et sert parfois à bloquer les outils qui la lisent.',
    en: 'A definition has three levels and some thirty keys. A much deeper or wider structure is not one, and is sometimes meant to block the tools that read it.',
  },
  messages: {
    deep: {
      fr: 'Les listes et groupes sont imbriqués sur plus de {most} niveaux. Une définition en a trois : reprenez le modèle.',
      en: 'Lists and groups are nested more than {most} levels deep. A definition has three: go back to the template.',
    },
    keys: {
      fr: 'Le fichier a plus de {most} champs et éléments de liste. Une définition en a une trentaine : reprenez le modèle.',
      en: 'The file has more than {most} keys and list items. A definition has some thirty: go back to the template.',
    },
  },
  examples: {
    good: [{ yaml: 'name: "[[[[[[[[[[[[[[[["' }],
    bad: [
      { yaml: `name: ${'['.repeat(40)}${']'.repeat(40)}`, messageIds: ['deep'] },
      {
        yaml: Array.from({ length: 900 }, (_, index) => `key${index}: 1`).join('\n'),
        whole: true,
        messageIds: ['keys'],
      },
    ],
  },
  check({ loaded }, report) {
    if (loaded.ok) return;
    const { offset: start } = loaded;
    if (loaded.failure === 'too-deep')
      report({ start, end: start + 1, messageId: 'deep', values: { most: maxDepth } });
    else if (loaded.failure === 'too-many-parts')
      report({ start, end: start, messageId: 'keys', values: { most: maxParts } });
  },
});
