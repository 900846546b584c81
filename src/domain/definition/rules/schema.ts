/** Rules on the structure: what the JSON Schema asks, said in words for the person who filled the file in. */

import type { Tree } from '#domain/definition/parse/parsed-definition';
import { parts } from '#domain/definition/parse/pointer';
import type { Problem } from '#domain/definition/schema/schema-check';
import { isMapping, schemaAt } from '#domain/definition/schema/schema-check';
import { missingWords } from './missing-words.ts';
import { type Report, treeRule } from './rule.ts';

type Of<K extends Problem['kind']> = Extract<Problem, { kind: K }>;

function only<K extends Problem['kind']>(problems: readonly Problem[], kind: K): readonly Of<K>[] {
  return problems.filter((problem): problem is Of<K> => problem.kind === kind);
}

/** A value as a person would quote it: scalars as they are, the rest by its kind. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return Array.isArray(value) ? '[…]' : '{…}';
  return String(value);
}

/** The key that a pointer leads to, list positions left out. */
function keyOf(pointer: string): string {
  return parts(pointer).findLast((part) => !/^\d+$/.test(part)) ?? '';
}

/** Whether the schema has anything to say of the structure. */
function isFaulty({ problems, unknownKeys }: Tree): boolean {
  return problems.length > 0 || unknownKeys.length > 0;
}

export const unknownKey = treeRule({
  id: 'schema/unknown-key',
  severity: 'error',
  title: { fr: 'Seules les clés connues sont acceptées', en: 'Only known keys are accepted' },
  why: {
    fr: 'Une clé mal écrite serait ignorée en silence : votre service serait créé sans ce que vous avez demandé.',
    en: 'A misspelt key would be silently ignored: your service would be created without what you asked for.',
  },
  words: {
    nearest: {
      fr: 'Clé inconnue {key}. Vouliez-vous écrire {proposal} ?',
      en: 'Unknown key {key}. Did you mean {proposal}?',
    },
    taken: {
      fr: 'Clé inconnue {key}. La clé {proposal} existe déjà dans le fichier : regroupez-y les valeurs et retirez {key}.',
      en: 'Unknown key {key}. The key {proposal} is already in the file: put the values there and remove {key}.',
    },
    misplaced: {
      fr: 'La clé {key} n’a pas sa place ici : écrivez-la {proposal} sous {parent}, décalée de deux espaces.',
      en: 'The key {key} does not belong here: write it {proposal} under {parent}, indented by two spaces.',
    },
    issued: {
      fr: 'La clé {key} ne se demande pas : ProConnect la fournit. Retirez cette ligne.',
      en: 'The key {key} is not asked for: ProConnect issues it. Remove this line.',
    },
    lookedUp: {
      fr: 'La clé {key} ne se demande pas : elle est retrouvée à partir du SIRET. Retirez cette ligne.',
      en: 'The key {key} is not asked for: it is looked up from the SIRET. Remove this line.',
    },
    fixed: {
      fr: 'La clé {key} ne se règle pas : ProConnect impose cette valeur à tous les services. Retirez cette ligne.',
      en: 'The key {key} cannot be set: ProConnect imposes this value on every service. Remove this line.',
    },
    unknown: {
      fr: 'Clé inconnue {key}. Les clés possibles ici sont {known}.',
      en: 'Unknown key {key}. The keys possible here are {known}.',
    },
    rename: { fr: 'Écrire {proposal}', en: 'Write {proposal}' },
    move: { fr: 'Ranger sous {parent}', en: 'Put under {parent}' },
    remove: { fr: 'Retirer la ligne', en: 'Remove the line' },
  },
  silences: ['schema/missing-key'],
  examples: {
    good: [{ yaml: 'name: Suivi' }],
    bad: [
      {
        yaml: 'redirect_uris: undefined\nredirect_uri:\n  - https://subventions.agence-fictive.gouv.fr/oidc/callback',
        says: ['nearest'],
      },
      { yaml: 'nom: Suivi des aides', says: ['taken'] },
      { yaml: 'organization: undefined\nsiret: "13099990700012"', says: ['misplaced'] },
      { yaml: 'client_id: 3f2a', says: ['issued'] },
      { yaml: 'forme_juridique: EPA', says: ['lookedUp'] },
      { yaml: 'grant_types: authorization_code', says: ['fixed'] },
      { yaml: 'couleur: bleu', says: ['unknown'] },
    ],
  },
  concerns: isFaulty,
  check(tree, report) {
    const { unknownKeys } = tree;
    for (const { pointer, key, in: holder, meaning, adopted } of unknownKeys) {
      const base = { pointer, at: 'key' } as const;
      if (meaning.kind === 'rename') {
        const values = { key, proposal: meaning.key };
        const mend = { kind: 'rename', key: meaning.key } as const;
        if (adopted)
          report({
            ...base,
            words: 'nearest',
            values,
            fix: { title: 'rename', values: { proposal: meaning.key }, mend },
          });
        else report({ ...base, words: 'taken', values });
      } else if (meaning.kind === 'nest') {
        const values = { key, proposal: meaning.key, parent: meaning.parent };
        const mend = { kind: 'nest', parent: meaning.parent, key: meaning.key } as const;
        if (adopted)
          report({
            ...base,
            words: 'misplaced',
            values,
            fix: { title: 'move', values: { parent: meaning.parent }, mend },
          });
        else report({ ...base, words: 'misplaced', values });
      } else if (meaning.kind === 'unknown') {
        const known = Object.keys(schemaAt(parts(holder))?.properties ?? {});
        const present = tree.valueAt(holder);
        const possible = known.filter((name) => !isMapping(present) || !Object.hasOwn(present, name));
        report({ ...base, words: 'unknown', values: { key, known: possible.length > 0 ? possible : known } });
      } else {
        const words = meaning.kind === 'looked-up' ? 'lookedUp' : meaning.kind;
        report({ ...base, words, values: { key }, fix: { title: 'remove', mend: { kind: 'remove' } } });
      }
    }
  },
});

export const missingKey = treeRule<string>({
  id: 'schema/missing-key',
  severity: 'error',
  title: { fr: 'Les clés nécessaires sont présentes', en: 'The necessary keys are present' },
  why: {
    fr: 'Chaque clé nécessaire répond à une question sans laquelle votre service ne peut pas être créé, ou ne marcherait pas. La production en demande quelques-unes de plus, et le RIE une.',
    en: 'Each necessary key answers a question without which your service cannot be created, or would not work. Production asks for a few more, and the RIE for one.',
  },
  words: missingWords,
  examples: {
    good: [
      {
        yaml: 'datapass: undefined\ndescription: undefined\nprivate_sector: undefined',
        cell: 'internet/integration',
      },
    ],
    bad: [
      { yaml: 'name: undefined', says: ['name'] },
      { yaml: 'contacts: undefined', says: ['contacts'] },
      { yaml: 'datapass: undefined', says: ['datapass'] },
      { yaml: 'description: undefined', says: ['description'] },
      { yaml: 'private_sector: undefined', says: ['private_sector'] },
      {
        yaml: 'contacts:\n  technical:\n    - exploitation@agence-fictive.gouv.fr',
        says: ['support'],
      },
      { yaml: 'ip_addresses: undefined', cell: 'rie/integration', says: ['ip_addresses'] },
      { yaml: 'version: undefined', says: ['version'] },
      { yaml: 'network: undefined', says: ['network'] },
    ],
  },
  concerns: isFaulty,
  check({ problems, place }, report) {
    for (const problem of only(problems, 'missing-key')) {
      const { pointer, key } = problem;
      const base: Report = { pointer, words: key in missingWords ? key : 'other', values: { key } };
      const value =
        key === 'version'
          ? 1
          : key === 'network'
            ? place?.network
            : key === 'environment'
              ? place?.environment
              : undefined;
      if (value === undefined || pointer !== '') report(base);
      else
        report({
          ...base,
          fix: {
            title: 'add',
            values: { line: `${key}: ${value}` },
            mend: { kind: 'add', pointer, key, value },
          },
        });
    }
  },
});

/** The yes and no of people, as a boolean. */
function answerOf(value: unknown): boolean | undefined {
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

export const type = treeRule({
  id: 'schema/type',
  severity: 'error',
  title: { fr: 'Chaque valeur a le bon type', en: 'Each value has the right type' },
  why: {
    fr: 'Une liste, un texte, un nombre et un oui/non ne s’écrivent pas de la même façon. Une valeur du mauvais type ne serait pas comprise.',
    en: 'A list, a text, a number and a yes/no are not written the same way. A value of the wrong type would not be understood.',
  },
  words: {
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
      { yaml: 'redirect_uris: https://subventions.agence-fictive.gouv.fr/oidc/callback', says: ['list'] },
      {
        yaml: 'redirect_uris: https://subventions.agence-fictive.gouv.fr/a, https://subventions.agence-fictive.gouv.fr/b',
        says: ['several'],
      },
      { yaml: 'private_sector: oui', says: ['boolean'] },
      { yaml: 'private_sector: "true"', says: ['boolean'] },
      { yaml: 'name: 2026', says: ['text'] },
      { yaml: 'name: [Suivi]', says: ['oneText'] },
      { yaml: 'name:', says: ['empty'] },
      { yaml: 'organization: "13099990700012"', says: ['mapping'] },
      { yaml: 'optional_scopes:\n  - siren', says: ['scope'] },
      { yaml: '- version: 1', whole: true, says: ['root'] },
      { yaml: 'redirect_uris:\n  - url: https://subventions.agence-fictive.gouv.fr/cb', says: ['itemText'] },
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/cb\n  -', says: ['emptyItem'] },
    ],
  },
  concerns: isFaulty,
  check(tree, report) {
    const { problems } = tree;
    for (const { pointer, expected, value } of only(problems, 'type')) {
      const key = keyOf(pointer);
      const item = /\/\d+$/.test(pointer);
      if (pointer === '') report({ pointer, words: 'root' });
      else if (value === null && item)
        report({
          pointer,
          words: 'emptyItem',
          values: { key },
          fix: { title: 'remove', mend: { kind: 'remove' } },
        });
      else if (value === null) report({ pointer, at: 'key', words: 'empty', values: { key } });
      else if (expected === 'array') {
        if (typeof value === 'object' || schemaAt([...parts(pointer), '0'])?.type !== 'string') {
          report({ pointer, words: 'list', values: { key, value: shown(value) } });
          continue;
        }
        const items = itemsOf(typeof value === 'string' ? value : (tree.written(pointer) ?? shown(value)));
        const fix = { title: 'toList', mend: { kind: 'list', items } } as const;
        if (items.length > 1)
          report({ pointer, words: 'several', values: { count: items.length, values: items }, fix });
        else
          report({
            pointer,
            words: 'list',
            values: { key, value: shown(value) },
            ...(items.length === 1 && { fix }),
          });
      } else if (expected === 'boolean') {
        const answer = answerOf(value);
        const values = { key, value: shown(value) };
        if (answer === undefined) report({ pointer, words: 'boolean', values });
        else
          report({
            pointer,
            words: 'boolean',
            values,
            fix: { title: 'write', values: { value: String(answer) }, mend: { kind: 'set', value: answer } },
          });
      } else if (expected === 'object') {
        const known = Object.keys(schemaAt(parts(pointer))?.properties ?? {});
        if (key === 'optional_scopes') report({ pointer, words: 'scope', values: { value: shown(value) } });
        else report({ pointer, words: 'mapping', values: { key, known } });
      } else if (typeof value === 'object')
        report({ pointer, words: item ? 'itemText' : 'oneText', values: { key } });
      else {
        const text = tree.written(pointer);
        const values = { key, value: text ?? shown(value) };
        if (text === undefined) report({ pointer, words: 'text', values });
        else
          report({
            pointer,
            words: 'text',
            values,
            fix: { title: 'quote', mend: { kind: 'set', value: text } },
          });
      }
    }
  },
});

/** What people write for a network or an environment. */
const environmentNames: Readonly<Record<string, string>> = {
  prod: 'production',
  production: 'production',
  integ: 'integration',
  integration: 'integration',
  intégration: 'integration',
};
const networkNames: Readonly<Record<string, string>> = {
  rie: 'rie',
  internet: 'internet',
  'réseau interministériel de l’état': 'rie',
};
const halfwayHouses =
  /^(?:pr[eé]-?prod(?:uction)?|recette|staging|test|tests|qualif(?:ication)?|homologation|uat|dev(?:elop(?:pe)?ment|eloppement)?|développement|sandbox|bac à sable|formation|demo|démo|qa|int)$/i;
const asymmetric = ['RS256', 'ES256', 'HS256'];
const noSigning = /^(?:none|aucun|aucune|non|null|json|~|)$/i;

/** `rs-256`, `RSA256`, `RS 256` all mean RS256. */
function algorithmMeant(value: string): string | undefined {
  const tight = value.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const meant = tight
    .replace(/^RSA/, 'RS')
    .replace(/^ECDSA|^EC(?=256)/, 'ES')
    .replace(/^HMAC(?:SHA)?/, 'HS')
    .replace('SHA', '');
  return asymmetric.find((known) => known === meant);
}

export const enumeration = treeRule({
  id: 'schema/enum',
  severity: 'error',
  title: { fr: 'La valeur fait partie des choix possibles', en: 'The value is one of the possible choices' },
  why: {
    fr: 'ProConnect ne connaît que ces valeurs. Une autre ferait refuser votre service en entier.',
    en: 'ProConnect knows these values only. Another would have your whole service refused.',
  },
  words: {
    other: {
      fr: 'La valeur {value} n’est pas possible pour {key}. Choisissez parmi {allowed}.',
      en: 'The value {value} is not possible for {key}. Choose among {allowed}.',
    },
    empty: {
      fr: 'La clé {key} n’a pas de valeur. Choisissez parmi {allowed}.',
      en: 'The key {key} has no value. Choose among {allowed}.',
    },
    environment: {
      fr: 'L’environnement {value} n’existe pas : ProConnect en a deux, integration et production. Une préproduction ou une recette se branche en général sur integration.',
      en: 'The environment {value} does not exist: ProConnect has two, integration and production. A pre-production or acceptance environment usually connects to integration.',
    },
    networks: {
      fr: 'Un fichier par réseau : les clés du RIE et d’Internet sont différentes. Faites un fichier dans chaque dossier, et gardez ici {proposal}.',
      en: 'One file per network: the keys of the RIE and of the Internet are different. Make a file in each folder, and keep {proposal} here.',
    },
    networksOnly: {
      fr: 'Un fichier par réseau : les clés du RIE et d’Internet sont différentes. Faites un fichier dans chaque dossier, et gardez ici internet ou rie.',
      en: 'One file per network: the keys of the RIE and of the Internet are different. Make a file in each folder, and keep internet or rie here.',
    },
    environments: {
      fr: 'Un fichier par environnement : les clés d’intégration et de production sont différentes. Faites un fichier dans chaque dossier, et gardez ici integration ou production.',
      en: 'One file per environment: the keys of integration and production are different. Make a file in each folder, and keep integration or production here.',
    },
    unsigned: {
      fr: 'L’id_token est toujours signé : {value} n’est possible que pour userinfo_signed_response_alg. Choisissez RS256, l’algorithme recommandé.',
      en: 'The id_token is always signed: {value} is possible for userinfo_signed_response_alg only. Choose RS256, the recommended algorithm.',
    },
    none: {
      fr: 'Pour recevoir userinfo en JSON sans signature, écrivez none. RS256 est recommandé.',
      en: 'To receive userinfo as unsigned JSON, write none. RS256 is recommended.',
    },
    algorithm: {
      fr: 'L’algorithme {value} n’est pas pris en charge par ProConnect. Choisissez parmi {allowed} ; RS256 est recommandé.',
      en: 'The algorithm {value} is not supported by ProConnect. Choose among {allowed}; RS256 is recommended.',
    },
    spelling: {
      fr: 'La valeur {value} s’écrit {proposal}.',
      en: 'The value {value} is written {proposal}.',
    },
    write: { fr: 'Écrire {value}', en: 'Write {value}' },
  },
  silences: ['file/cell-mismatch'],
  examples: {
    good: [{ yaml: 'userinfo_signed_response_alg: RS256' }],
    bad: [
      { yaml: 'environment: preprod', says: ['environment'] },
      { yaml: 'environment: Production', says: ['spelling'] },
      { yaml: 'network: [rie, internet]', says: ['networks'] },
      { yaml: 'network: les deux', says: ['networks'] },
      { yaml: 'network: intranet', says: ['other'] },
      { yaml: 'id_token_signed_response_alg: rs256', says: ['spelling'] },
      { yaml: 'id_token_signed_response_alg: none', says: ['unsigned'] },
      { yaml: 'id_token_signed_response_alg: RS512', says: ['algorithm'] },
      { yaml: 'userinfo_signed_response_alg: aucun', says: ['none'] },
      { yaml: 'id_token_signed_response_alg:', says: ['empty'] },
      { yaml: 'environment: [integration, production]', says: ['environments'] },
    ],
  },
  concerns: isFaulty,
  check({ problems, place }, report) {
    for (const { pointer, allowed, value } of only(problems, 'enum')) {
      const key = keyOf(pointer);
      const text = typeof value === 'string' ? value.trim() : shown(value);
      const say = (words: 'spelling' | 'none' | 'networks', proposal: string) =>
        report({
          pointer,
          words,
          values: words === 'none' ? {} : words === 'networks' ? { proposal } : { value: text, proposal },
          fix: { title: 'write', values: { value: proposal }, mend: { kind: 'set', value: proposal } },
        });
      const cased = allowed.find((known) => known.toLowerCase() === text.toLowerCase());
      if (cased !== undefined) say('spelling', cased);
      else if (key === 'network') {
        const meant = networkNames[text.toLowerCase()];
        if (meant !== undefined) say('spelling', meant);
        else if (
          typeof value === 'object'
            ? value !== null
            : /deux|both|\brie\b.*internet|internet.*\brie\b/i.test(text)
        ) {
          if (place === undefined) report({ pointer, words: 'networksOnly' });
          else if (typeof value === 'string') say('networks', place.network);
          else report({ pointer, words: 'networks', values: { proposal: place.network } });
        } else if (text === '') report({ pointer, at: 'key', words: 'empty', values: { key, allowed } });
        else report({ pointer, words: 'other', values: { key, value: text, allowed } });
      } else if (key === 'environment') {
        const meant = environmentNames[text.toLowerCase()];
        if (meant !== undefined) say('spelling', meant);
        else if (typeof value === 'object' && value !== null) report({ pointer, words: 'environments' });
        else if (/deux|both/i.test(text)) report({ pointer, words: 'environments' });
        else if (text === '') report({ pointer, at: 'key', words: 'empty', values: { key, allowed } });
        else if (halfwayHouses.test(text)) report({ pointer, words: 'environment', values: { value: text } });
        else report({ pointer, words: 'other', values: { key, value: text, allowed } });
      } else {
        const meant = algorithmMeant(text);
        if (meant !== undefined) say('spelling', meant);
        else if (key.startsWith('userinfo') && noSigning.test(text)) say('none', 'none');
        else if (text === '') report({ pointer, at: 'key', words: 'empty', values: { key, allowed } });
        else if (noSigning.test(text)) report({ pointer, words: 'unsigned', values: { value: text } });
        else report({ pointer, words: 'algorithm', values: { value: text, allowed } });
      }
    }
  },
});

export const version = treeRule({
  id: 'schema/version',
  severity: 'error',
  title: { fr: 'La version du format est 1', en: 'The version of the format is 1' },
  why: {
    fr: 'La version dit avec quelles règles lire le fichier. Ce n’est pas celle de votre application.',
    en: 'The version says by which rules to read the file. It is not that of your application.',
  },
  words: {
    other: {
      fr: 'La version {value} n’existe pas. Écrivez « version: 1 », sans guillemets : c’est la version du format, pas celle de votre application.',
      en: 'The version {value} does not exist. Write “version: 1”, without quotes: it is the version of the format, not that of your application.',
    },
    write: { fr: 'Écrire version: 1', en: 'Write version: 1' },
  },
  examples: { good: [{ yaml: 'version: 1' }], bad: [{ yaml: 'version: "1"' }, { yaml: 'version: 2' }] },
  concerns: isFaulty,
  check(tree, report) {
    const { problems } = tree;
    for (const { pointer, value } of only(problems, 'version')) {
      const text = tree.written(pointer) ?? shown(value);
      const scalar = typeof value !== 'object' || value === null;
      const base = { pointer, words: 'other', values: { value: text } } as const;
      if (!scalar) report(base);
      else report({ ...base, fix: { title: 'write', mend: { kind: 'set', value: 1 } } });
    }
  },
});

export const length = treeRule({
  id: 'schema/length',
  severity: 'error',
  title: { fr: 'Ni trop court, ni trop long', en: 'Neither too short nor too long' },
  why: {
    fr: 'Ces limites sont celles de ProConnect et de la place dont disposent ses écrans.',
    en: 'These limits are those of ProConnect and of the room on its screens.',
  },
  words: {
    empty: {
      fr: 'La valeur de {key} est vide. Complétez-la.',
      en: 'The value of {key} is empty. Complete it.',
    },
    name: {
      fr: 'Le nom est vide. C’est celui que verront les usagers sur la page de connexion : écrivez-le.',
      en: 'The name is empty. It is the one that users will see on the sign-in page: write it.',
    },
    tooLong: {
      fr: 'La valeur de {key} fait {actual} caractères ; le maximum est de {bound}. Raccourcissez-la.',
      en: 'The value of {key} is {actual} characters long; the maximum is {bound}. Shorten it.',
    },
    tooShort: {
      fr: 'La valeur de {key} fait {actual} caractères ; il en faut au moins {bound}. Dites-en un peu plus.',
      en: 'The value of {key} is {actual} characters long; at least {bound} are needed. Say a little more.',
    },
    noRedirect: {
      fr: 'La liste redirect_uris est vide. Sans au moins une URL de retour après connexion, votre service est inutilisable.',
      en: 'The list redirect_uris is empty. Without at least one URL to come back to after sign-in, your service is unusable.',
    },
    tooFew: {
      fr: 'La liste {key} est vide. Donnez au moins une valeur.',
      en: 'The list {key} is empty. Give at least one value.',
    },
    tooMany: {
      fr: 'La liste {key} a {actual} éléments ; le maximum est de {bound}. Ne gardez que ceux qui servent.',
      en: 'The list {key} has {actual} items; the maximum is {bound}. Keep only those that are used.',
    },
  },
  silences: [
    'name/characters',
    'name/generic',
    'name/long',
    'siret/format',
    'datapass/format',
    'email/format',
    'url/invalid',
    'ip/invalid',
    'scope/unknown',
  ],
  examples: {
    good: [{ yaml: 'name: SI' }],
    bad: [
      { yaml: 'name: ""', says: ['name'] },
      { yaml: `name: ${'a'.repeat(201)}`, says: ['tooLong'] },
      { yaml: 'redirect_uris: []', says: ['noRedirect'] },
      { yaml: 'contacts:\n  technical: []\n  support: aide@agence-fictive.gouv.fr', says: ['tooFew'] },
      { yaml: 'optional_scopes:\n  - scope: siren\n    justification: parce que', says: ['tooShort'] },
      {
        yaml: `owners: [${Array.from({ length: 51 }, (_, index) => `a${index}`).join(', ')}]`,
        says: ['tooMany'],
      },
    ],
  },
  concerns: isFaulty,
  check({ problems }, report) {
    for (const { pointer, limit, bound, actual } of only(problems, 'length')) {
      const key = keyOf(pointer);
      if (limit === 'too-long') report({ pointer, words: 'tooLong', values: { key, actual, bound } });
      else if (limit === 'too-many')
        report({ pointer, at: 'key', words: 'tooMany', values: { key, actual, bound } });
      else if (limit === 'too-few' && key === 'redirect_uris')
        report({ pointer, at: 'key', words: 'noRedirect' });
      else if (limit === 'too-few') report({ pointer, at: 'key', words: 'tooFew', values: { key } });
      else if (actual > 0) report({ pointer, words: 'tooShort', values: { key, actual, bound } });
      else if (pointer === '/name') report({ pointer, words: 'name' });
      else report({ pointer, words: 'empty', values: { key } });
    }
  },
});

export const schemaRules = [unknownKey, missingKey, type, enumeration, version, length] as const;
