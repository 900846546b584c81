import { definitionRule } from '#domain/definition/rules/rule';
import { hasScopes, restrictedScopes } from './known-scopes.ts';

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
      fr: 'Le scope {value} est réservé aux applications de La Suite numérique. Si la vôtre en fait partie, vous n’avez rien à faire : un relecteur doit approuver la demande. Sinon, retirez le scope et sa justification (et la ligne `optional_scopes:` s’il n’y en a pas d’autre).',
      en: 'The scope {value} is reserved for the applications of La Suite numérique. If yours is one of them, there is nothing for you to do: a reviewer must approve the request. If not, remove the scope and its justification (and the line `optional_scopes:` when there is no other).',
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
