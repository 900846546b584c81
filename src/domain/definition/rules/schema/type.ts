import { pointerParts } from '#domain/definition/parse/pointer';
import { structureRule } from '#domain/definition/rules/rule';
import { schemaAt } from '#domain/definition/schema/schema-check';
import { hasStructureProblems, lastKeyOf, problemsOfKind, quotedValue } from './problems.ts';

/** The yes and no of people, as a boolean. */
function booleanOf(value: unknown): boolean | undefined {
  if (typeof value !== 'string') return value === 1 ? true : value === 0 ? false : undefined;
  const word = value.trim().toLowerCase();
  if (['oui', 'vrai', 'yes', 'true', 'y', 'o', 'on', '1'].includes(word)) return true;
  if (['non', 'faux', 'no', 'false', 'n', 'off', '0'].includes(word)) return false;
  return undefined;
}

/** The items of a list that was written as one string: one a line, or between commas, semicolons or spaces. */
function itemsOf(value: string): readonly string[] {
  return value
    .split(/[\s,;]+/)
    .map((item) => item.replace(/^[-*•]+$/, ''))
    .filter((item) => item !== '');
}

export const schemaType = structureRule({
  id: 'schema/type',
  severity: 'error',
  title: { fr: 'Chaque valeur a le bon type', en: 'Each value has the right type' },
  why: {
    fr: 'Une liste, un texte, un nombre et un oui/non ne s’écrivent pas de la même façon. Une valeur du mauvais type ne serait pas comprise.',
    en: 'A list, a text, a number and a yes/no are not written the same way. A value of the wrong type would not be understood.',
  },
  messages: {
    empty: {
      fr: 'La clé {key} n’a pas de valeur. Donnez-en une, ou retirez la ligne si la clé n’est pas nécessaire.',
      en: 'The key {key} has no value. Give it one, or remove the line if the key is not needed.',
    },
    emptyItem: {
      fr: 'Un élément de la liste {key} est vide. Complétez-le ou retirez-le.',
      en: 'An item of the list {key} is empty. Complete it or remove it.',
    },
    list: {
      fr: 'La clé {key} attend une liste : mettez {value} sur la ligne suivante, derrière un tiret.',
      en: 'The key {key} expects a list: put {value} on the next line, after a hyphen.',
    },
    several: {
      fr: 'Un élément de liste par valeur : {count} valeurs se suivent ici, {values}. Mettez chacune sur sa ligne, derrière un tiret.',
      en: 'One list item per value: {count} values follow each other here, {values}. Put each on its own line, after a hyphen.',
    },
    boolean: {
      fr: 'La clé {key} attend true (oui) ou false (non), sans guillemets, et non {value}.',
      en: 'The key {key} expects true (yes) or false (no), without quotes, and not {value}.',
    },
    text: {
      fr: 'La clé {key} attend un texte. YAML lit ici {value} comme un nombre ou un vrai/faux : mettez-le entre guillemets.',
      en: 'The key {key} expects a text. YAML reads {value} here as a number or a true/false: put it in quotes.',
    },
    oneText: {
      fr: 'La clé {key} attend un seul texte, et non une liste ou un groupe de clés.',
      en: 'The key {key} expects a single text, not a list or a group of keys.',
    },
    itemText: {
      fr: 'Chaque élément de la liste {key} est un texte, et non une liste ou un groupe de clés. Écrivez une valeur par tiret.',
      en: 'Each item of the list {key} is a text, not a list or a group of keys. Write one value per hyphen.',
    },
    mapping: {
      fr: 'La clé {key} attend un groupe de clés, décalées de deux espaces à la ligne suivante : {known}.',
      en: 'The key {key} expects a group of keys, indented by two spaces on the next line: {known}.',
    },
    scope: {
      fr: 'Chaque scope optionnel s’écrit avec sa raison : « - scope: … » puis, dessous, « justification: … ». Ici se trouve {value}.',
      en: 'Each optional scope is written with its reason: “- scope: …” and below it “justification: …”. Here stands {value}.',
    },
    root: {
      fr: 'Le fichier doit être une suite de lignes « clé: valeur », avec une espace après les deux-points. Partez du modèle que donne greffier new.',
      en: 'The file must be a series of “key: value” lines, with a space after the colon. Start from the template that greffier new gives.',
    },
    toList: { fr: 'En faire une liste', en: 'Make it a list' },
    write: { fr: 'Écrire {value}', en: 'Write {value}' },
    quote: { fr: 'Mettre entre guillemets', en: 'Put in quotes' },
    remove: { fr: 'Retirer la ligne', en: 'Remove the line' },
  },
  examples: {
    good: [{ yaml: 'private_sector: true' }],
    bad: [
      {
        yaml: 'redirect_uris: https://subventions.agence-fictive.gouv.fr/oidc/callback',
        messageIds: ['list'],
      },
      {
        yaml: 'redirect_uris: https://subventions.agence-fictive.gouv.fr/a, https://subventions.agence-fictive.gouv.fr/b',
        messageIds: ['several'],
      },
      { yaml: 'private_sector: oui', messageIds: ['boolean'] },
      { yaml: 'private_sector: "true"', messageIds: ['boolean'] },
      { yaml: 'name: 2026', messageIds: ['text'] },
      { yaml: 'name: [Suivi]', messageIds: ['oneText'] },
      { yaml: 'name:', messageIds: ['empty'] },
      { yaml: 'organization: "13099990700012"', messageIds: ['mapping'] },
      { yaml: 'optional_scopes:\n  - siren', messageIds: ['scope'] },
      { yaml: '- version: 1', whole: true, messageIds: ['root'] },
      {
        yaml: 'redirect_uris:\n  - url: https://subventions.agence-fictive.gouv.fr/cb',
        messageIds: ['itemText'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/cb\n  -',
        messageIds: ['emptyItem'],
      },
    ],
  },
  concerns: hasStructureProblems,
  check(parsed, report) {
    const { problems } = parsed;
    for (const { pointer, expected, value } of problemsOfKind(problems, 'type')) {
      const key = lastKeyOf(pointer);
      const item = /\/\d+$/.test(pointer);
      if (pointer === '') report({ pointer, messageId: 'root' });
      else if (value === null && item)
        report({
          pointer,
          messageId: 'emptyItem',
          values: { key },
          fix: { title: 'remove', correction: { kind: 'remove' } },
        });
      else if (value === null) report({ pointer, at: 'key', messageId: 'empty', values: { key } });
      else if (expected === 'array') {
        if (typeof value === 'object' || schemaAt([...pointerParts(pointer), '0'])?.type !== 'string') {
          report({ pointer, messageId: 'list', values: { key, value: quotedValue(value) } });
          continue;
        }
        const items = itemsOf(
          typeof value === 'string' ? value : (parsed.writtenAt(pointer) ?? quotedValue(value)),
        );
        const fix = { title: 'toList', correction: { kind: 'list', items } } as const;
        if (items.length > 1)
          report({ pointer, messageId: 'several', values: { count: items.length, values: items }, fix });
        else
          report({
            pointer,
            messageId: 'list',
            values: { key, value: quotedValue(value) },
            ...(items.length === 1 && { fix }),
          });
      } else if (expected === 'boolean') {
        const answer = booleanOf(value);
        const values = { key, value: quotedValue(value) };
        if (answer === undefined) report({ pointer, messageId: 'boolean', values });
        else
          report({
            pointer,
            messageId: 'boolean',
            values,
            fix: {
              title: 'write',
              values: { value: String(answer) },
              correction: { kind: 'set', value: answer },
            },
          });
      } else if (expected === 'object') {
        const known = Object.keys(schemaAt(pointerParts(pointer))?.properties ?? {});
        if (key === 'optional_scopes')
          report({ pointer, messageId: 'scope', values: { value: quotedValue(value) } });
        else report({ pointer, messageId: 'mapping', values: { key, known } });
      } else if (typeof value === 'object')
        report({ pointer, messageId: item ? 'itemText' : 'oneText', values: { key } });
      else {
        const text = parsed.writtenAt(pointer);
        const values = { key, value: text ?? quotedValue(value) };
        if (text === undefined) report({ pointer, messageId: 'text', values });
        else
          report({
            pointer,
            messageId: 'text',
            values,
            fix: { title: 'quote', correction: { kind: 'set', value: text } },
          });
      }
    }
  },
});
