import { pointerParts } from '#domain/definition/parse/pointer';
import { structureRule } from '#domain/definition/rules/rule';
import { lastKeyOf } from '#domain/definition/rules/value-kinds';
import { isMapping, schemaAt } from '#domain/definition/schema/schema-check';
import { hasStructureProblems } from './problems.ts';

export const schemaUnknownKey = structureRule({
  id: 'schema/unknown-key',
  severity: 'error',
  title: { fr: 'Seuls les champs connus sont acceptés', en: 'Only known keys are accepted' },
  why: {
    fr: 'Un champ mal écrit serait ignoré en silence : votre service serait créé sans ce que vous avez demandé.',
    en: 'A misspelt key would be silently ignored: your service would be created without what you asked for.',
  },
  messages: {
    nearest: {
      fr: 'Le champ {key} n’existe pas. Vouliez-vous écrire {proposal} ?',
      en: 'Unknown key {key}. Did you mean {proposal}?',
    },
    taken: {
      fr: 'Le champ {key} n’existe pas. Le champ {proposal} existe déjà dans le fichier : regroupez-y les valeurs et retirez {key}.',
      en: 'Unknown key {key}. The key {proposal} is already in the file: put the values there and remove {key}.',
    },
    misplaced: {
      fr: 'Le champ {key} n’a pas sa place ici : écrivez-le {proposal} sous {parent}, décalé de deux espaces.',
      en: 'The key {key} does not belong here: write it {proposal} under {parent}, indented by two spaces.',
    },
    below: {
      fr: 'Sous {parent}, les lignes sont décalées de deux espaces : mettez deux espaces devant {keys}.',
      en: 'Below {parent}, the lines are indented by two spaces: put two spaces before {keys}.',
    },
    belowWhole: {
      fr: 'Sous {parent}, les lignes sont décalées de deux espaces : mettez deux espaces devant {keys}, et devant les lignes qui en dépendent.',
      en: 'Below {parent}, the lines are indented by two spaces: put two spaces before {keys}, and before the lines that belong there.',
    },
    out: {
      fr: 'Le champ {key} n’appartient pas à {parent} : ramenez-le au bord gauche, avec les lignes qui en dépendent.',
      en: 'The key {key} does not belong to {parent}: bring it back to the left margin, with the lines that belong to it.',
    },
    issued: {
      fr: 'Le champ {key} ne se demande pas : ProConnect le fournit. Retirez cette ligne.',
      en: 'The key {key} is not asked for: ProConnect issues it. Remove this line.',
    },
    lookedUp: {
      fr: 'Le champ {key} ne se demande pas : il est retrouvé à partir du SIRET. Retirez cette ligne.',
      en: 'The key {key} is not asked for: it is looked up from the SIRET. Remove this line.',
    },
    fixed: {
      fr: 'Le champ {key} ne se règle pas : ProConnect impose cette valeur à tous les services. Retirez cette ligne.',
      en: 'The key {key} cannot be set: ProConnect imposes this value on every service. Remove this line.',
    },
    unknown: {
      fr: 'Le champ {key} n’existe pas. Les champs possibles ici sont {known}.',
      en: 'Unknown key {key}. The keys possible here are {known}.',
    },
    capitals: {
      fr: 'Les noms de champs s’écrivent en minuscules : {proposal}.',
      en: 'The names of fields are written in small letters: {proposal}.',
    },
    lowercase: { fr: 'Les écrire en minuscules', en: 'Write them in small letters' },
    rename: { fr: 'Écrire {proposal}', en: 'Write {proposal}' },
    move: { fr: 'Ranger sous {parent}', en: 'Put under {parent}' },
    indent: { fr: 'Décaler de deux espaces', en: 'Indent by two spaces' },
    outdent: { fr: 'Ramener au bord gauche', en: 'Bring back to the left margin' },
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
      {
        yaml: 'name: undefined\ndatapass: undefined\nNAME: Suivi des aides\nDATAPASS: H4821',
        messageIds: ['capitals'],
      },
      { yaml: 'nom: Suivi des aides', messageIds: ['taken'] },
      { yaml: 'organization: undefined\nsiret: "13099990700012"', messageIds: ['misplaced'] },
      { yaml: 'organization:\nsiret: "13099990700012"', messageIds: ['below'] },
      {
        yaml: 'contacts:\ntechnical:\n  - exploitation@agence-fictive.gouv.fr\nsupport: aide@agence-fictive.gouv.fr',
        messageIds: ['belowWhole'],
      },
      {
        yaml: 'redirect_uris: undefined\norganization:\n  siret: "13099990700012"\n  redirect_uris: [https://subventions.agence-fictive.gouv.fr/cb]',
        messageIds: ['out'],
      },
      { yaml: 'client_id: 3f2a', messageIds: ['issued'] },
      { yaml: 'forme_juridique: EPA', messageIds: ['lookedUp'] },
      { yaml: 'grant_types: authorization_code', messageIds: ['fixed'] },
      { yaml: 'couleur: bleu', messageIds: ['unknown'] },
    ],
  },
  concerns: hasStructureProblems,
  check(parsed, report) {
    const { unknownKeys } = parsed;
    const capitals = unknownKeys.flatMap(({ pointer, key, meaning, corrected }) =>
      corrected && meaning.kind === 'rename' && key.toLowerCase() === meaning.key
        ? [{ pointer, key: meaning.key }]
        : [],
    );
    const [first] = capitals;
    const together = first === undefined || capitals.length < 2 ? [] : capitals;
    if (first !== undefined && together.length > 0)
      report({
        pointer: first.pointer,
        at: 'key',
        messageId: 'capitals',
        values: { proposal: together.map(({ key }) => key) },
        fix: { title: 'lowercase', correction: { kind: 'renameAll', keys: together } },
      });
    for (const { pointer, key, in: holder, meaning, corrected } of unknownKeys) {
      if (together.some((one) => one.pointer === pointer)) continue;
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
      } else if (meaning.kind === 'out' && corrected)
        report({
          ...base,
          messageId: 'out',
          values: { key, parent: lastKeyOf(holder) },
          fix: { title: 'outdent', correction: { kind: 'out' } },
        });
      else if (meaning.kind === 'out')
        report({ ...base, messageId: 'taken', values: { key, proposal: meaning.key } });
      else if (meaning.kind === 'nest' && corrected && parsed.hasKey(meaning.parent)) {
        const { parent } = meaning;
        const keys = unknownKeys.flatMap((one) =>
          one.corrected &&
          one.meaning.kind === 'nest' &&
          one.meaning.parent === parent &&
          one.key === one.meaning.key
            ? [one.key]
            : [],
        );
        if (!keys.includes(key))
          report({ ...base, messageId: 'misplaced', values: { key, proposal: meaning.key, parent } });
        else if (keys[0] === key)
          report({
            ...base,
            messageId: keys.every((one) => typeof parsed.valueAt(`/${parent}/${one}`) === 'string')
              ? 'below'
              : 'belowWhole',
            values: { parent, keys },
            fix: { title: 'indent', correction: { kind: 'into', parent, keys } },
          });
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
