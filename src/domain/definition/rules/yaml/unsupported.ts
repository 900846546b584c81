import type { Source } from '#domain/definition/parse/source';
import { textRule } from '#domain/definition/rules/rule';
import { schemaAt } from '#domain/definition/schema/schema-check';
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
      fr: 'YAML prend {value} pour une de ses commandes, à cause du signe `&`. Si c’est le début d’un texte, mettez celui-ci entre guillemets : {proposal}.',
      en: 'YAML takes {value} for a command of its own, because of the sign `&`. If it begins a text, put that in quotes: {proposal}.',
    },
    alias: {
      fr: 'YAML prend {value} pour une de ses commandes, à cause du signe `*`. Si c’est le début d’un texte, mettez celui-ci entre guillemets : {proposal}.',
      en: 'YAML takes {value} for a command of its own, because of the sign `*`. If it begins a text, put that in quotes: {proposal}.',
    },
    wildcard: {
      fr: '{value} contient un joker, `*`, qui n’est pas possible : ProConnect compare chaque URL au caractère près. Écrivez-les toutes, en entier.',
      en: 'The wildcard `*` of {value} is not possible: ProConnect compares each URL character by character. Write all of them, complete.',
    },
    tag: {
      fr: 'YAML prend {value} pour une de ses commandes, à cause du signe `!`. Retirez-la ; si c’est le début d’un texte, mettez celui-ci entre guillemets : {proposal}.',
      en: 'YAML takes {value} for a command of its own, because of the sign `!`. Remove it; if it begins a text, put that in quotes: {proposal}.',
    },
    tagOfTool: {
      fr: 'Retirez {value}, que YAML prend pour une de ses commandes : écrivez {correction}. Seulement si {value} doit vraiment se lire dans le texte, mettez le tout entre guillemets : {proposal}.',
      en: 'Remove {value}, which YAML takes for a command of its own: write {correction}. Only if {value} is really to be read in the text, put the whole in quotes: {proposal}.',
    },
    complex: {
      fr: 'YAML lit {value} au début d’une ligne comme un champ d’un autre genre, ce qui n’est pas accepté. Écrivez simplement « champ: valeur ».',
      en: 'YAML reads {value} at the start of a line as a key of another kind, which is not accepted. Just write “key: value”.',
    },
    remove: { fr: 'Retirer {value}', en: 'Remove {value}' },
    merge: {
      fr: 'YAML prend {value} pour une de ses commandes, qui reprend des champs écrits ailleurs. Retirez cette ligne et écrivez ces champs ici, en entier.',
      en: 'YAML takes {value} for a command of its own, which brings fields from elsewhere. Remove this line and write these fields here, in full.',
    },
  },
  suppresses: ['schema/unknown-key'],
  examples: {
    good: [{ yaml: 'name: "&co"' }],
    bad: [
      { yaml: 'name: &n Suivi', messageIds: ['anchor'] },
      { yaml: 'redirect_uris:\n  - *.agence-fictive.gouv.fr', messageIds: ['wildcard'] },
      { yaml: 'name: *Suivi', messageIds: ['alias'] },
      { yaml: 'name: !!str Suivi', messageIds: ['tagOfTool'] },
      { yaml: 'name: !Suivi des aides', messageIds: ['tag'] },
      { yaml: '<<: {name: Suivi}', messageIds: ['merge'] },
      { yaml: '? name\n: Suivi', messageIds: ['complex'] },
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
      // What is only a name for the value, or says that it is a text, can go; else the sign may belong to the value.
      const rest = source.text.slice(end, source.lines.startOf(line) + source.lines.textOf(line).length);
      const isIdle =
        /^[ \t]+[^\s#&*!]/.test(rest) &&
        (text.startsWith('&') ? /^&[a-z]/.test(text) && isOfChoice(source, line) : text === '!!str');
      const fix = {
        title: 'remove',
        values,
        edits: [{ start, end: end + rest.search(/\S/), text: '' }],
      } as const;
      const withFix = isIdle ? { fix } : {};
      const said = { value: text, proposal: JSON.stringify(`${text}${rest.replace(/\s+#.*$/, '')}`.trim()) };
      if (text.startsWith('&')) report({ start, end, messageId: 'anchor', values: said, ...withFix });
      else if (text.startsWith('*'))
        report({ start, end, messageId: isPartOfUrl(text) ? 'wildcard' : 'alias', values: said });
      else if (text.startsWith('!') && /^!(?:!|[a-z])/.test(text) && rest.trim() !== '') {
        const correction = `${source.lines.textOf(line).slice(0, start - source.lines.startOf(line))}${rest.trim()}`;
        const values = { ...said, correction: correction.trim() };
        report({ start, end, messageId: 'tagOfTool', values, ...withFix });
      } else if (text.startsWith('!')) report({ start, end, messageId: 'tag', values: said, ...withFix });
      else if (text === '?') report({ start, end, messageId: 'complex', values });
    }
  },
});

/** Keys of which the value is one of a few: nothing else than that value can be meant. */
function isOfChoice({ lines }: Source, line: number): boolean {
  const key = /^([a-z_]+):/.exec(lines.textOf(line))?.[1] ?? '';
  return schemaAt([key])?.enum !== undefined;
}

/** `*.gouv.fr`, `*`: what someone writes who wants any host. */
function isPartOfUrl(text: string): boolean {
  return text === '*' || /^\*+[./:]/.test(text);
}
