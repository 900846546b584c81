import { keyboardForm, keyboardMessage } from '#domain/definition/rules/keyboard-form';
import { definitionRule } from '#domain/definition/rules/rule';
import {
  allGiven,
  defaultScopes,
  folded,
  givenBy,
  hasScopes,
  optionalScopes,
  restrictedScopes,
} from './known-scopes.ts';

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

function meant(scope: string): string | undefined {
  const plain = folded(scope);
  return isKnown(plain) ? plain : otherSpellings.get(plain);
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
      fr: 'Le scope {value} n’existe pas chez ProConnect. Ce qu’il donne ailleurs est déjà accordé d’office par {scopes} : retirez-le, avec sa justification.',
      en: 'The scope {value} does not exist at ProConnect. What it gives elsewhere is already granted to everyone by {scopes}: remove it, with its justification.',
    },
    alreadyGivenAll: {
      fr: 'Le scope {value} n’existe pas chez ProConnect. Ce qu’il donne ailleurs est déjà accordé d’office par {scopes} : retirez-le, avec sa justification. Comme aucun autre ne reste, remplacez `optional_scopes:` par `optional_scopes: []`.',
      en: 'The scope {value} does not exist at ProConnect. What it gives elsewhere is already granted to everyone by {scopes}: remove it, with its justification. As no other is left, replace `optional_scopes:` by `optional_scopes: []`.',
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
    keyboard: keyboardMessage,
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
        messageIds: ['alreadyGivenAll'],
      },
      {
        yaml: "optional_scopes:\n  - scope: profile\n    justification: Afficher le nom de l'agent connecté\n  - scope: siren\n    justification: Regrouper les agents par organisme\n",
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
        yaml: 'optional_scopes:\n  - scope: ｓｉｒｅｎ\n    justification: Regrouper les agents par organisme\n',
        messageIds: ['keyboard'],
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
      const given = givenBy(value);
      const scope = meant(value);
      const typed = keyboardForm(value.slice(0, 100));
      if (given !== undefined)
        report({
          pointer,
          messageId: allGiven(partial) ? 'alreadyGivenAll' : 'alreadyGiven',
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
      else if (typed !== undefined && isKnown(typed.text)) {
        const correction = { kind: 'set', value: typed.text } as const;
        report({
          pointer,
          messageId: 'keyboard',
          values: { value, characters: typed.characters, correction: typed.text },
          fix: { title: 'replace', values: { scope: typed.text }, correction },
        });
      } else if (value.split(/[\s,;]+/).filter(isKnown).length > 1)
        report({ pointer, messageId: 'several', values: { value } });
      else report({ pointer, messageId: 'unknown', values: { value, scopes: [...optionalScopes] } });
    }
  },
});
