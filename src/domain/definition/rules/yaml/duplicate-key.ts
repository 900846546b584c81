import type { Node, Pair, YAMLMap } from 'yaml';
import type { Source } from '#domain/definition/parse/source';
import { keyText } from '#domain/definition/parse/source-map';
import { isMap, isScalar, isSeq } from '#domain/definition/parse/yaml-parsers';
import { textRule } from '#domain/definition/rules/rule';

export const yamlDuplicateKey = textRule({
  id: 'yaml/duplicate-key',
  severity: 'error',
  title: { fr: 'Chaque champ apparaît une seule fois', en: 'Each key appears once' },
  why: {
    fr: 'Quand un champ apparaît deux fois, la plupart des outils ne gardent que la dernière, sans le dire : une partie de vos URL disparaîtrait.',
    en: 'When a key appears twice, most tools keep only the last one, without saying so: some of your URLs would vanish.',
  },
  messages: {
    twice: {
      fr: 'Le champ {key} apparaît deux fois (lignes {first} et {second}). Gardez-en un seul, en regroupant les valeurs.',
      en: 'The key {key} appears twice (lines {first} and {second}). Keep one only, with all the values.',
    },
    same: {
      fr: 'Le champ {key} apparaît deux fois avec la même valeur (lignes {first} et {second}). Retirez la ligne {second}.',
      en: 'The key {key} appears twice with the same value (lines {first} and {second}). Remove line {second}.',
    },
    pasted: {
      fr: 'Le fichier recommence ligne {second} : il a été collé deux fois. Ne gardez qu’un des deux exemplaires.',
      en: 'The file starts again on line {second}: it was pasted twice. Keep one of the two copies only.',
    },
    remove: { fr: 'Retirer ce qui est en double', en: 'Remove what is there twice' },
  },
  suppresses: ['yaml/ambiguous'],
  examples: {
    good: [{ yaml: 'name: Suivi' }],
    bad: [
      { yaml: 'version: 1\nname: A\nname: B\n', whole: true, messageIds: ['twice'] },
      { yaml: 'version: 1\nname: A\nname: A\n', whole: true, messageIds: ['same'] },
      {
        yaml: 'version: 1\nname: A\nnetwork: rie\nversion: 1\nname: A\nnetwork: rie\n',
        whole: true,
        messageIds: ['pasted'],
      },
    ],
  },
  check(source, report) {
    if (!source.loaded.ok || !source.loaded.duplicates) return;
    const { text, lines } = source;
    for (const mapping of mappingsOf(source.map.document.contents)) {
      const first = new Map<string, KeyPlace>();
      const twice: (readonly [KeyPlace, KeyPlace])[] = [];
      for (const pair of mapping.items) {
        const own = placeOf(source, pair);
        if (own === undefined) continue;
        const before = first.get(own.key);
        if (before === undefined) first.set(own.key, own);
        else twice.push([before, own]);
      }
      const [[one, other] = []] = twice;
      if (one === undefined || other === undefined) continue;
      if (twice.length > 2 && twice.length === first.size) {
        const copy = text.slice(other.start);
        const isSame = text.slice(0, other.start).trimEnd().endsWith(copy.trimEnd());
        report({
          start: other.start,
          end: other.end,
          messageId: 'pasted',
          values: { second: other.line },
          ...(isSame && {
            fix: {
              title: 'remove',
              edits: [{ start: lines.startOf(other.line), end: text.length, text: '' }],
            },
          }),
        });
        continue;
      }
      for (const [before, { key, start, end, line, last, written }] of twice) {
        const isSame = before.written === written && before.written !== '';
        const from = lines.startOf(line);
        const isAlone = text.slice(from, start).trim() === '';
        report({
          start,
          end,
          messageId: isSame ? 'same' : 'twice',
          values: { key, first: before.line, second: line },
          ...(isSame &&
            isAlone && {
              fix: { title: 'remove', edits: [{ start: from, end: lines.startOf(last + 1), text: '' }] },
            }),
        });
      }
    }
  },
});

/** The mappings in a node, itself included, in the order of the text. */
function* mappingsOf(node: unknown): Generator<YAMLMap<unknown, unknown>> {
  if (isSeq(node)) for (const item of node.items) yield* mappingsOf(item);
  if (!isMap(node)) return;
  yield node;
  for (const { value } of node.items) yield* mappingsOf(value);
}

interface KeyPlace {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** The last line of its value. */
  readonly last: number;
  /** Its value, as it is written. */
  readonly written: string;
}

function placeOf(source: Source, pair: Pair): KeyPlace | undefined {
  const range = isScalar(pair.key) ? pair.key.range : undefined;
  if (range === undefined || range === null) return undefined;
  const [start, end] = range;
  const value = (pair.value as Node | null)?.range;
  const written =
    value === undefined || value === null ? '' : source.text.slice(value[0], value[1]).trimEnd();
  const line = source.lines.lineAt(start);
  const last =
    value === undefined || value === null
      ? line
      : source.lines.lineAt(value[0] + Math.max(0, written.length - 1));
  return { key: keyText(pair), start, end, line, last, written };
}
