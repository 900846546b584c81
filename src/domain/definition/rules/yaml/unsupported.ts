import { textRule } from '#domain/definition/rules/rule';
import { certainLayout } from './certain-layout.ts';

export const yamlUnsupported = textRule({
  id: 'yaml/unsupported',
  severity: 'error',
  title: { fr: 'Ni ancres, ni alias, ni types, ni fusion', en: 'No anchors, aliases, tags or merge keys' },
  why: {
    fr: 'Ces fonctions de YAML cachent ce que dit le fichier et peuvent en faire un piège pour les outils qui le lisent. Une définition s’écrit en clair.',
    en: 'These features of YAML hide what the file says and can make it a trap for the tools that read it. A definition is written plainly.',
  },
  messages: {
    anchor: {
      fr: 'YAML lit {value} comme une ancre, ce qui n’est pas accepté. Écrivez la valeur en toutes lettres ; si c’est un texte, mettez-le entre guillemets.',
      en: 'YAML reads {value} as an anchor, which is not accepted. Write the value in full; if it is a text, put it in quotes.',
    },
    alias: {
      fr: 'YAML lit {value} comme un alias, ce qui n’est pas accepté. Écrivez la valeur en toutes lettres ; si c’est un texte, mettez-le entre guillemets.',
      en: 'YAML reads {value} as an alias, which is not accepted. Write the value in full; if it is a text, put it in quotes.',
    },
    tag: {
      fr: 'YAML lit {value} comme un type, ce qui n’est pas accepté. Retirez-le ; si c’est un texte, mettez-le entre guillemets.',
      en: 'YAML reads {value} as a tag, which is not accepted. Remove it; if it is a text, put it in quotes.',
    },
    merge: {
      fr: 'La clé de fusion {value} n’est pas acceptée. Recopiez les clés voulues.',
      en: 'The merge key {value} is not accepted. Copy the keys you want.',
    },
  },
  suppresses: ['schema/unknown-key'],
  examples: {
    good: [{ yaml: 'name: "&co"' }],
    bad: [
      { yaml: 'name: &n Suivi', messageIds: ['anchor'] },
      { yaml: 'redirect_uris:\n  - *.agence-fictive.gouv.fr', messageIds: ['alias'] },
      { yaml: 'name: !!str Suivi', messageIds: ['tag'] },
      { yaml: '<<: {name: Suivi}', messageIds: ['merge'] },
    ],
  },
  check(source, report) {
    const { loaded, tokens } = source;
    if (!loaded.ok && loaded.failure !== 'unsupported') return;
    const explained = certainLayout(source).corrections;
    for (const { start, text, scalar } of tokens) {
      const end = start + text.length;
      const line = source.lines.lineAt(start);
      if (explained.some(({ first, last }) => first <= line && line <= last)) continue;
      const values = { value: text };
      if (scalar && text === '<<') report({ start, end, messageId: 'merge', values });
      if (scalar) continue;
      if (text.startsWith('&')) report({ start, end, messageId: 'anchor', values });
      else if (text.startsWith('*')) report({ start, end, messageId: 'alias', values });
      else if (text.startsWith('!')) report({ start, end, messageId: 'tag', values });
    }
  },
});
