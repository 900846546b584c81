/** Rules on the scopes asked for beyond those that every service provider gets. */
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import { definitionRule } from './rule.ts';

/** Granted to every client (ProConnect, « Données fournies par ProConnect »). */
export const defaultScopes: ReadonlySet<string> = new Set([
  'openid',
  'given_name',
  'usual_name',
  'email',
  'uid',
  'siret',
  'phone',
  'idp_id',
  'custom',
  'roles',
  'organization_label',
]);

/** Granted case by case: a justification is enough. */
export const optionalScopes: ReadonlySet<string> = new Set([
  'siren',
  'organizational_unit',
  'belonging_population',
  'chorusdt',
  'idp_acr',
]);

/** Belong to La Suite numérique. */
export const restrictedScopes: ReadonlySet<string> = new Set([
  'groups',
  'lasuite_visio',
  'lasuite_visio:rooms:list',
  'lasuite_visio:rooms:retrieve',
  'lasuite_visio:rooms:update',
  'lasuite_visio:rooms:delete',
  'lasuite_visio:rooms:create',
]);

/** What people ask for under the name it has elsewhere, and the default scopes that already give it. */
const alreadyGiven: ReadonlyMap<string, readonly string[]> = new Map([
  ['profile', ['given_name', 'usual_name']],
  ['name', ['given_name', 'usual_name']],
  ['family_name', ['usual_name']],
  ['last_name', ['usual_name']],
  ['lastname', ['usual_name']],
  ['nom', ['usual_name']],
  ['first_name', ['given_name']],
  ['firstname', ['given_name']],
  ['prenom', ['given_name']],
  ['mail', ['email']],
  ['courriel', ['email']],
  ['email_verified', ['email']],
  ['phone_number', ['phone']],
  ['telephone', ['phone']],
  ['sub', ['openid']],
  ['organization', ['organization_label', 'siret']],
  ['organisation', ['organization_label', 'siret']],
  ['organization_name', ['organization_label']],
  ['organisation_label', ['organization_label']],
  ['role', ['roles']],
  ['idp', ['idp_id']],
  ['user_id', ['uid']],
]);

const otherSpellings: ReadonlyMap<string, string> = new Map([
  ['organisational_unit', 'organizational_unit'],
  ['organization_unit', 'organizational_unit'],
  ['organisation_unit', 'organizational_unit'],
  ['chorus_dt', 'chorusdt'],
  ['group', 'groups'],
  ['groupes', 'groups'],
  ['population', 'belonging_population'],
  ['acr', 'idp_acr'],
]);

function isKnown(scope: string): boolean {
  return defaultScopes.has(scope) || optionalScopes.has(scope) || restrictedScopes.has(scope);
}

/** As identifiers are compared when looking for what was meant: no accents, spaces or hyphens, lower case. */
function folded(scope: string): string {
  return scope
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

function meant(scope: string): string | undefined {
  const plain = folded(scope);
  return isKnown(plain) ? plain : otherSpellings.get(plain);
}

function hasScopes(partial: PartialDefinition): boolean {
  return partial.optionalScopes.length > 0;
}

export const scopeUnknown = definitionRule({
  id: 'scope/unknown',
  severity: 'error',
  title: { fr: 'Le scope existe chez ProConnect', en: 'The scope exists at ProConnect' },
  why: {
    fr: 'Un scope inconnu fait refuser toute la configuration : plus personne ne peut se connecter. Les scopes de ProConnect ne sont pas tous ceux d’OpenID Connect : `profile`, par exemple, n’en fait pas partie.',
    en: 'One unknown scope makes the whole configuration be refused: nobody can sign in any more. ProConnect does not have all the scopes of OpenID Connect: `profile`, for example, is not one of them.',
  },
  messages: {
    alreadyGiven: {
      fr: 'Le scope {value} n’existe pas chez ProConnect. Ce qu’il donne ailleurs est déjà accordé d’office par {scopes} : retirez-le.',
      en: 'The scope {value} does not exist at ProConnect. What it gives elsewhere is already granted to everyone by {scopes}: remove it.',
    },
    misspelt: {
      fr: 'Le scope {value} n’existe pas chez ProConnect. Vouliez-vous écrire {scope} ?',
      en: 'The scope {value} does not exist at ProConnect. Did you mean {scope}?',
    },
    several: {
      fr: 'Un seul scope par élément : {value} en contient plusieurs. Faites-en une entrée chacun, avec sa justification.',
      en: 'One scope per item: {value} holds several. Make an entry of each, with its justification.',
    },
    unknown: {
      fr: 'Le scope {value} n’existe pas chez ProConnect. Les scopes que l’on peut demander sont {scopes}.',
      en: 'The scope {value} does not exist at ProConnect. The scopes one can ask for are {scopes}.',
    },
    remove: { fr: 'Retirer {value}', en: 'Remove {value}' },
    replace: { fr: 'Écrire {scope}', en: 'Write {scope}' },
  },
  examples: {
    good: [
      {
        yaml: 'optional_scopes:\n  - scope: organizational_unit\n    justification: Orienter les dossiers vers la bonne direction\n',
      },
    ],
    bad: [
      {
        yaml: "optional_scopes:\n  - scope: profile\n    justification: Afficher le nom de l'agent connecté\n",
        messageIds: ['alreadyGiven'],
      },
      {
        yaml: 'optional_scopes:\n  - scope: organisational-unit\n    justification: Orienter les dossiers vers la bonne direction\n',
        messageIds: ['misspelt'],
      },
      {
        yaml: 'optional_scopes:\n  - scope: siren chorusdt\n    justification: Retrouver les missions des agents\n',
        messageIds: ['several'],
      },
      {
        yaml: 'optional_scopes:\n  - scope: birthdate\n    justification: Vérifier la majorité des agents\n',
        messageIds: ['unknown'],
      },
    ],
  },
  concerns: hasScopes,
  check(partial, report) {
    for (const item of partial.optionalScopes) {
      const value = item.value.scope;
      if (value === undefined || isKnown(value)) continue;
      const pointer = `${item.pointer}/scope`;
      const given = alreadyGiven.get(folded(value));
      const scope = meant(value);
      if (given !== undefined)
        report({
          pointer,
          messageId: 'alreadyGiven',
          values: { value, scopes: given },
          fix: { title: 'remove', values: { value }, correction: { kind: 'remove', pointer: item.pointer } },
        });
      else if (scope !== undefined)
        report({
          pointer,
          messageId: 'misspelt',
          values: { value, scope },
          fix: { title: 'replace', values: { scope }, correction: { kind: 'set', value: scope } },
        });
      else if (value.split(/[\s,;]+/).filter(isKnown).length > 1)
        report({ pointer, messageId: 'several', values: { value } });
      else report({ pointer, messageId: 'unknown', values: { value, scopes: [...optionalScopes] } });
    }
  },
});

export const scopeDefault = definitionRule({
  id: 'scope/default',
  severity: 'warning',
  title: {
    fr: 'Le scope n’est pas déjà accordé d’office',
    en: 'The scope is not granted to everyone already',
  },
  why: {
    fr: 'Onze scopes sont accordés d’office à toutes les applications. Les demander n’apporte rien et fait croire au relecteur qu’une donnée de plus est demandée.',
    en: 'Eleven scopes are granted to every application. Asking for them brings nothing and makes reviewers believe that more data is wanted.',
  },
  messages: {
    granted: {
      fr: 'Le scope {value} est déjà accordé d’office : retirez-le de `optional_scopes`.',
      en: 'The scope {value} is already granted to everyone: remove it from `optional_scopes`.',
    },
    remove: { fr: 'Retirer {value}', en: 'Remove {value}' },
  },
  examples: {
    good: [
      { yaml: 'optional_scopes:\n  - scope: siren\n    justification: Regrouper les agents par organisme\n' },
    ],
    bad: [
      {
        yaml: "optional_scopes:\n  - scope: siret\n    justification: Connaître l'établissement de l'agent\n",
        messageIds: ['granted'],
      },
    ],
  },
  concerns: hasScopes,
  check(partial, report) {
    for (const item of partial.optionalScopes) {
      const value = item.value.scope;
      if (value === undefined || !defaultScopes.has(value)) continue;
      report({
        pointer: `${item.pointer}/scope`,
        messageId: 'granted',
        values: { value },
        fix: { title: 'remove', values: { value }, correction: { kind: 'remove', pointer: item.pointer } },
      });
    }
  },
});

export const scopeRestricted = definitionRule({
  id: 'scope/restricted',
  severity: 'decision',
  title: {
    fr: 'Un scope réservé est accordé par une personne',
    en: 'A reserved scope is granted by a person',
  },
  why: {
    fr: '`groups` et `lasuite_visio` donnent accès à des données et à des services de La Suite numérique. L’équipe ProConnect décide au cas par cas qui les reçoit.',
    en: '`groups` and `lasuite_visio` give access to data and services of La Suite numérique. The ProConnect team decides case by case who gets them.',
  },
  messages: {
    restricted: {
      fr: 'Le scope {value} est réservé aux applications de La Suite numérique. Un relecteur doit approuver cette demande ; sinon, retirez-le.',
      en: 'The scope {value} is reserved for the applications of La Suite numérique. A reviewer must approve this request; otherwise remove it.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'optional_scopes:\n  - scope: chorusdt\n    justification: Rattacher les ordres de mission aux agents\n',
      },
    ],
    bad: [
      {
        yaml: 'optional_scopes:\n  - scope: groups\n    justification: Partager les documents par équipe\n',
        messageIds: ['restricted'],
      },
      {
        yaml: 'optional_scopes:\n  - scope: lasuite_visio:rooms:create\n    justification: Créer une salle depuis l’agenda\n',
        messageIds: ['restricted'],
      },
    ],
  },
  concerns: hasScopes,
  check(partial, report) {
    for (const item of partial.optionalScopes) {
      const value = item.value.scope;
      if (value !== undefined && restrictedScopes.has(value))
        report({ pointer: `${item.pointer}/scope`, messageId: 'restricted', values: { value } });
    }
  },
});

export const scopeRules = [scopeUnknown, scopeDefault, scopeRestricted] as const;
