/** Rules on the structure: what the JSON Schema asks, in sentences for the person who filled the file in. */

import type { ParsedDefinition } from '#domain/definition/parse/parsed-definition';
import { pointerParts } from '#domain/definition/parse/pointer';
import type { SchemaProblem } from '#domain/definition/schema/schema-check';
import { isMapping, schemaAt } from '#domain/definition/schema/schema-check';
import { missingKeyMessages } from './missing-key-messages.ts';
import { type Report, structureRule } from './rule.ts';

type Of<K extends SchemaProblem['kind']> = Extract<SchemaProblem, { kind: K }>;

function problemsOfKind<K extends SchemaProblem['kind']>(
  problems: readonly SchemaProblem[],
  kind: K,
): readonly Of<K>[] {
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
  return pointerParts(pointer).findLast((part) => !/^\d+$/.test(part)) ?? '';
}

/** Whether the schema finds anything wrong with the structure. */
function isFaulty({ problems, unknownKeys }: ParsedDefinition): boolean {
  return problems.length > 0 || unknownKeys.length > 0;
}

export const schemaUnknownKey = structureRule({
  id: 'schema/unknown-key',
  severity: 'error',
  title: { fr: 'Seules les clés connues sont acceptées', en: 'Only known keys are accepted' },
  why: {
    fr: 'Une clé mal écrite serait ignorée en silence : votre service serait créé sans ce que vous avez demandé.',
    en: 'A misspelt key would be silently ignored: your service would be created without what you asked for.',
  },
  messages: {
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
  suppresses: ['schema/missing-key'],
  examples: {
    good: [{ yaml: 'name: Suivi' }],
    bad: [
      {
        yaml: 'redirect_uris: undefined\nredirect_uri:\n  - https://subventions.agence-fictive.gouv.fr/oidc/callback',
        messageIds: ['nearest'],
      },
      { yaml: 'nom: Suivi des aides', messageIds: ['taken'] },
      { yaml: 'organization: undefined\nsiret: "13099990700012"', messageIds: ['misplaced'] },
      { yaml: 'client_id: 3f2a', messageIds: ['issued'] },
      { yaml: 'forme_juridique: EPA', messageIds: ['lookedUp'] },
      { yaml: 'grant_types: authorization_code', messageIds: ['fixed'] },
      { yaml: 'couleur: bleu', messageIds: ['unknown'] },
    ],
  },
  concerns: isFaulty,
  check(parsed, report) {
    const { unknownKeys } = parsed;
    for (const { pointer, key, in: holder, meaning, corrected } of unknownKeys) {
      const base = { pointer, at: 'key' } as const;
      if (meaning.kind === 'rename') {
        const values = { key, proposal: meaning.key };
        const correction = { kind: 'rename', key: meaning.key } as const;
        if (corrected)
          report({
            ...base,
            messageId: 'nearest',
            values,
            fix: { title: 'rename', values: { proposal: meaning.key }, correction },
          });
        else report({ ...base, messageId: 'taken', values });
      } else if (meaning.kind === 'nest') {
        const values = { key, proposal: meaning.key, parent: meaning.parent };
        const correction = { kind: 'nest', parent: meaning.parent, key: meaning.key } as const;
        if (corrected)
          report({
            ...base,
            messageId: 'misplaced',
            values,
            fix: { title: 'move', values: { parent: meaning.parent }, correction },
          });
        else report({ ...base, messageId: 'misplaced', values });
      } else if (meaning.kind === 'unknown') {
        const known = Object.keys(schemaAt(pointerParts(holder))?.properties ?? {});
        const present = parsed.valueAt(holder);
        const possible = known.filter((name) => !isMapping(present) || !Object.hasOwn(present, name));
        report({
          ...base,
          messageId: 'unknown',
          values: { key, known: possible.length > 0 ? possible : known },
        });
      } else {
        const messageId = meaning.kind === 'looked-up' ? 'lookedUp' : meaning.kind;
        report({
          ...base,
          messageId,
          values: { key },
          fix: { title: 'remove', correction: { kind: 'remove' } },
        });
      }
    }
  },
});

export const schemaMissingKey = structureRule<string>({
  id: 'schema/missing-key',
  severity: 'error',
  title: { fr: 'Les clés nécessaires sont présentes', en: 'The necessary keys are present' },
  why: {
    fr: 'Chaque clé nécessaire répond à une question sans laquelle votre service ne peut pas être créé, ou ne marcherait pas. La production en demande quelques-unes de plus, et le RIE une.',
    en: 'Each necessary key answers a question without which your service cannot be created, or would not work. Production asks for a few more, and the RIE for one.',
  },
  messages: missingKeyMessages,
  examples: {
    good: [
      {
        yaml: 'datapass: undefined\ndescription: undefined\nprivate_sector: undefined',
        cell: 'internet/integration',
      },
    ],
    bad: [
      { yaml: 'name: undefined', messageIds: ['name'] },
      { yaml: 'contacts: undefined', messageIds: ['contacts'] },
      { yaml: 'datapass: undefined', messageIds: ['datapass'] },
      { yaml: 'description: undefined', messageIds: ['description'] },
      { yaml: 'private_sector: undefined', messageIds: ['private_sector'] },
      {
        yaml: 'contacts:\n  technical:\n    - exploitation@agence-fictive.gouv.fr',
        messageIds: ['support'],
      },
      { yaml: 'ip_addresses: undefined', cell: 'rie/integration', messageIds: ['ip_addresses'] },
      { yaml: 'version: undefined', messageIds: ['version'] },
      { yaml: 'network: undefined', messageIds: ['network'] },
    ],
  },
  concerns: isFaulty,
  check({ problems, place }, report) {
    for (const problem of problemsOfKind(problems, 'missing-key')) {
      const { pointer, key } = problem;
      const base: Report = { pointer, messageId: key in missingKeyMessages ? key : 'other', values: { key } };
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
            correction: { kind: 'add', pointer, key, value },
          },
        });
    }
  },
});

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
  concerns: isFaulty,
  check(parsed, report) {
    const { problems } = parsed;
    for (const { pointer, expected, value } of problemsOfKind(problems, 'type')) {
      const key = keyOf(pointer);
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
          report({ pointer, messageId: 'list', values: { key, value: shown(value) } });
          continue;
        }
        const items = itemsOf(
          typeof value === 'string' ? value : (parsed.writtenAt(pointer) ?? shown(value)),
        );
        const fix = { title: 'toList', correction: { kind: 'list', items } } as const;
        if (items.length > 1)
          report({ pointer, messageId: 'several', values: { count: items.length, values: items }, fix });
        else
          report({
            pointer,
            messageId: 'list',
            values: { key, value: shown(value) },
            ...(items.length === 1 && { fix }),
          });
      } else if (expected === 'boolean') {
        const answer = booleanOf(value);
        const values = { key, value: shown(value) };
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
          report({ pointer, messageId: 'scope', values: { value: shown(value) } });
        else report({ pointer, messageId: 'mapping', values: { key, known } });
      } else if (typeof value === 'object')
        report({ pointer, messageId: item ? 'itemText' : 'oneText', values: { key } });
      else {
        const text = parsed.writtenAt(pointer);
        const values = { key, value: text ?? shown(value) };
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
const preProductionNames =
  /^(?:pr[eé]-?prod(?:uction)?|recette|staging|test|tests|qualif(?:ication)?|homologation|uat|dev(?:elop(?:pe)?ment|eloppement)?|développement|sandbox|bac à sable|formation|demo|démo|qa|int)$/i;
const signingAlgorithms = ['RS256', 'ES256', 'HS256'];
const noSigning = /^(?:none|aucun|aucune|non|null|json|~|)$/i;

/** `rs-256`, `RSA256`, `RS 256` all mean RS256. */
function algorithmMeant(value: string): string | undefined {
  const tight = value.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const meant = tight
    .replace(/^RSA/, 'RS')
    .replace(/^ECDSA|^EC(?=256)/, 'ES')
    .replace(/^HMAC(?:SHA)?/, 'HS')
    .replace('SHA', '');
  return signingAlgorithms.find((known) => known === meant);
}

export const schemaEnum = structureRule({
  id: 'schema/enum',
  severity: 'error',
  title: { fr: 'La valeur fait partie des choix possibles', en: 'The value is one of the possible choices' },
  why: {
    fr: 'ProConnect ne connaît que ces valeurs. Une autre ferait refuser votre service en entier.',
    en: 'ProConnect knows these values only. Another would have your whole service refused.',
  },
  messages: {
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
  suppresses: ['file/cell-mismatch'],
  examples: {
    good: [{ yaml: 'userinfo_signed_response_alg: RS256' }],
    bad: [
      { yaml: 'environment: preprod', messageIds: ['environment'] },
      { yaml: 'environment: Production', messageIds: ['spelling'] },
      { yaml: 'network: [rie, internet]', messageIds: ['networks'] },
      { yaml: 'network: les deux', messageIds: ['networks'] },
      { yaml: 'network: intranet', messageIds: ['other'] },
      { yaml: 'id_token_signed_response_alg: rs256', messageIds: ['spelling'] },
      { yaml: 'id_token_signed_response_alg: none', messageIds: ['unsigned'] },
      { yaml: 'id_token_signed_response_alg: RS512', messageIds: ['algorithm'] },
      { yaml: 'userinfo_signed_response_alg: aucun', messageIds: ['none'] },
      { yaml: 'id_token_signed_response_alg:', messageIds: ['empty'] },
      { yaml: 'environment: [integration, production]', messageIds: ['environments'] },
    ],
  },
  concerns: isFaulty,
  check({ problems, place }, report) {
    for (const { pointer, allowed, value } of problemsOfKind(problems, 'enum')) {
      const key = keyOf(pointer);
      const text = typeof value === 'string' ? value.trim() : shown(value);
      const reportWith = (messageId: 'spelling' | 'none' | 'networks', proposal: string) =>
        report({
          pointer,
          messageId,
          values:
            messageId === 'none' ? {} : messageId === 'networks' ? { proposal } : { value: text, proposal },
          fix: { title: 'write', values: { value: proposal }, correction: { kind: 'set', value: proposal } },
        });
      const cased = allowed.find((known) => known.toLowerCase() === text.toLowerCase());
      if (cased !== undefined) reportWith('spelling', cased);
      else if (key === 'network') {
        const meant = networkNames[text.toLowerCase()];
        if (meant !== undefined) reportWith('spelling', meant);
        else if (
          typeof value === 'object'
            ? value !== null
            : /deux|both|\brie\b.*internet|internet.*\brie\b/i.test(text)
        ) {
          if (place === undefined) report({ pointer, messageId: 'networksOnly' });
          else if (typeof value === 'string') reportWith('networks', place.network);
          else report({ pointer, messageId: 'networks', values: { proposal: place.network } });
        } else if (text === '') report({ pointer, at: 'key', messageId: 'empty', values: { key, allowed } });
        else report({ pointer, messageId: 'other', values: { key, value: text, allowed } });
      } else if (key === 'environment') {
        const meant = environmentNames[text.toLowerCase()];
        if (meant !== undefined) reportWith('spelling', meant);
        else if (typeof value === 'object' && value !== null) report({ pointer, messageId: 'environments' });
        else if (/deux|both/i.test(text)) report({ pointer, messageId: 'environments' });
        else if (text === '') report({ pointer, at: 'key', messageId: 'empty', values: { key, allowed } });
        else if (preProductionNames.test(text))
          report({ pointer, messageId: 'environment', values: { value: text } });
        else report({ pointer, messageId: 'other', values: { key, value: text, allowed } });
      } else {
        const meant = algorithmMeant(text);
        if (meant !== undefined) reportWith('spelling', meant);
        else if (key.startsWith('userinfo') && noSigning.test(text)) reportWith('none', 'none');
        else if (text === '') report({ pointer, at: 'key', messageId: 'empty', values: { key, allowed } });
        else if (noSigning.test(text)) report({ pointer, messageId: 'unsigned', values: { value: text } });
        else report({ pointer, messageId: 'algorithm', values: { value: text, allowed } });
      }
    }
  },
});

export const schemaVersion = structureRule({
  id: 'schema/version',
  severity: 'error',
  title: { fr: 'La version du format est 1', en: 'The version of the format is 1' },
  why: {
    fr: 'La version dit avec quelles règles lire le fichier. Ce n’est pas celle de votre application.',
    en: 'The version says by which rules to read the file. It is not that of your application.',
  },
  messages: {
    other: {
      fr: 'La version {value} n’existe pas. Écrivez « version: 1 », sans guillemets : c’est la version du format, pas celle de votre application.',
      en: 'The version {value} does not exist. Write “version: 1”, without quotes: it is the version of the format, not that of your application.',
    },
    write: { fr: 'Écrire version: 1', en: 'Write version: 1' },
  },
  examples: { good: [{ yaml: 'version: 1' }], bad: [{ yaml: 'version: "1"' }, { yaml: 'version: 2' }] },
  concerns: isFaulty,
  check(parsed, report) {
    const { problems } = parsed;
    for (const { pointer, value } of problemsOfKind(problems, 'version')) {
      const text = parsed.writtenAt(pointer) ?? shown(value);
      const scalar = typeof value !== 'object' || value === null;
      const base = { pointer, messageId: 'other', values: { value: text } } as const;
      if (!scalar) report(base);
      else report({ ...base, fix: { title: 'write', correction: { kind: 'set', value: 1 } } });
    }
  },
});

export const schemaLength = structureRule({
  id: 'schema/length',
  severity: 'error',
  title: { fr: 'Ni trop court, ni trop long', en: 'Neither too short nor too long' },
  why: {
    fr: 'Ces limites sont celles de ProConnect et de la place dont disposent ses écrans.',
    en: 'These limits are those of ProConnect and of the room on its screens.',
  },
  messages: {
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
  suppresses: [
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
      { yaml: 'name: ""', messageIds: ['name'] },
      { yaml: `name: ${'a'.repeat(201)}`, messageIds: ['tooLong'] },
      { yaml: 'redirect_uris: []', messageIds: ['noRedirect'] },
      { yaml: 'contacts:\n  technical: []\n  support: aide@agence-fictive.gouv.fr', messageIds: ['tooFew'] },
      { yaml: 'optional_scopes:\n  - scope: siren\n    justification: parce que', messageIds: ['tooShort'] },
      {
        yaml: `owners: [${Array.from({ length: 51 }, (_, index) => `a${index}`).join(', ')}]`,
        messageIds: ['tooMany'],
      },
    ],
  },
  concerns: isFaulty,
  check({ problems }, report) {
    for (const { pointer, limit, bound, actual } of problemsOfKind(problems, 'length')) {
      const key = keyOf(pointer);
      if (limit === 'too-long') report({ pointer, messageId: 'tooLong', values: { key, actual, bound } });
      else if (limit === 'too-many')
        report({ pointer, at: 'key', messageId: 'tooMany', values: { key, actual, bound } });
      else if (limit === 'too-few' && key === 'redirect_uris')
        report({ pointer, at: 'key', messageId: 'noRedirect' });
      else if (limit === 'too-few') report({ pointer, at: 'key', messageId: 'tooFew', values: { key } });
      else if (actual > 0) report({ pointer, messageId: 'tooShort', values: { key, actual, bound } });
      else if (pointer === '/name') report({ pointer, messageId: 'name' });
      else report({ pointer, messageId: 'empty', values: { key } });
    }
  },
});

export const schemaRules = [
  schemaUnknownKey,
  schemaMissingKey,
  schemaType,
  schemaEnum,
  schemaVersion,
  schemaLength,
] as const;
