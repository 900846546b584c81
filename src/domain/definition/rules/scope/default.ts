import { definitionRule } from '#domain/definition/rules/rule';
import { allGiven, defaultScopes, hasScopes } from './known-scopes.ts';

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
      fr: 'Le scope {value} est déjà accordé d’office. Retirez-le, avec sa justification.',
      en: 'The scope {value} is already granted to everyone. Remove it, with its justification.',
    },
    grantedAll: {
      fr: 'Le scope {value} est déjà accordé d’office. Retirez-le, avec sa justification ; comme aucun autre ne reste, remplacez `optional_scopes:` par `optional_scopes: []`.',
      en: 'The scope {value} is already granted to everyone. Remove it, with its justification; as no other is left, replace `optional_scopes:` by `optional_scopes: []`.',
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
        messageIds: ['grantedAll'],
      },
      {
        yaml: "optional_scopes:\n  - scope: siret\n    justification: Connaître l'établissement de l'agent\n  - scope: siren\n    justification: Regrouper les agents par organisme\n",
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
        messageId: allGiven(partial) ? 'grantedAll' : 'granted',
        values: { value },
        fix: { title: 'remove', values: { value }, correction: { kind: 'remove', pointer: item.pointer } },
      });
    }
  },
});
