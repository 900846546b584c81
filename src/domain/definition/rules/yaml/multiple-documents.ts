import { textRule } from '#domain/definition/rules/rule';

export const yamlMultipleDocuments = textRule({
  id: 'yaml/multiple-documents',
  severity: 'error',
  title: { fr: 'Un fichier, une définition', en: 'One file, one definition' },
  why: {
    fr: 'Un fichier décrit un seul service, dans un seul réseau et un seul environnement : c’est ce qui permet de lui donner ses propres clés.',
    en: 'A file describes one service, in one network and one environment: this is what lets it have its own keys.',
  },
  messages: {
    several: {
      fr: 'Le fichier contient plusieurs documents YAML, séparés par « --- ». Créez un fichier par service, par réseau et par environnement.',
      en: 'The file holds several YAML documents, separated by “---”. Create one file per service, network and environment.',
    },
  },
  examples: {
    good: [{ yaml: '---\nname: Suivi' }],
    bad: [{ yaml: 'version: 1\n---\nversion: 1\n', whole: true }],
  },
  check({ loaded, text, lines }, report) {
    if (loaded.ok || loaded.failure !== 'multiple-documents') return;
    const first = text.search(/[^\s#-]/);
    const mark = /^(?:---|\.\.\.)/m.exec(text.slice(Math.max(0, first)));
    const offset = loaded.offset > 0 ? loaded.offset : Math.max(0, first) + (mark?.index ?? 0);
    report({
      start: offset,
      end: offset + Math.max(1, lines.textOf(lines.lineAt(offset)).length),
      messageId: 'several',
    });
  },
});
