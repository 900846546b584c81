import { keyText } from '#domain/definition/parse/source-map';
import { isMap, isScalar } from '#domain/definition/parse/yaml-parsers';
import { textRule } from '#domain/definition/rules/rule';

export const yamlDuplicateKey = textRule({
  id: 'yaml/duplicate-key',
  severity: 'error',
  title: { fr: 'Chaque clé apparaît une seule fois', en: 'Each key appears once' },
  why: {
    fr: 'Quand une clé apparaît deux fois, la plupart des outils ne gardent que la dernière, sans le dire : une partie de vos URLs disparaîtrait.',
    en: 'When a key appears twice, most tools keep only the last one, without saying so: some of your URLs would vanish.',
  },
  messages: {
    twice: {
      fr: 'La clé {key} apparaît deux fois (lignes {first} et {second}). Gardez-en une seule, en regroupant les valeurs.',
      en: 'The key {key} appears twice (lines {first} and {second}). Keep one only, with all the values.',
    },
  },
  suppresses: ['yaml/ambiguous'],
  examples: {
    good: [{ yaml: 'name: Suivi' }],
    bad: [{ yaml: 'version: 1\nname: A\nname: B\n', whole: true }],
  },
  check(source, report) {
    if (!source.loaded.ok || !source.loaded.duplicates) return;
    for (const placed of source.map.nodes.values()) {
      if (!isMap(placed.node)) continue;
      const first = new Map<string, number>();
      for (const pair of placed.node.items) {
        const range = isScalar(pair.key) ? pair.key.range : undefined;
        if (range === undefined || range === null) continue;
        const key = keyText(pair);
        const line = source.lines.lineAt(range[0]);
        const before = first.get(key);
        if (before === undefined) first.set(key, line);
        else
          report({
            start: range[0],
            end: range[1],
            messageId: 'twice',
            values: { key, first: before, second: line },
          });
      }
    }
  },
});
