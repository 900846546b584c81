import { imitatedName } from '#domain/registry/name-similarity';
import { registryRule } from './rule.ts';

/** A name that a reader would take for another's. */
export const confusableName = registryRule({
  id: 'registry/confusable-name',
  severity: 'decision',
  title: { fr: 'Un nom ressemble à celui d’un autre service', en: 'A name looks like another service’s' },
  why: {
    fr: 'L’usager choisit de donner son identité d’après le nom affiché. Un nom qui se lit presque comme un autre (accents, chiffre à la place d’une lettre, une lettre de différence) peut le tromper, même sans intention. Une personne de l’équipe vérifie.',
    en: 'Users decide to give their identity by the name they see. A name that reads almost like another (accents, a digit for a letter, one letter of difference) can mislead them, even unintentionally. Someone from the team has a look.',
  },
  messages: {
    alike: {
      fr: 'Le nom {value} se lit presque comme {names} ({others}). Si ce sont deux services différents, donnez-lui un nom plus distinct ; sinon, une personne de l’équipe confirmera.',
      en: 'The name {value} reads almost like {names} ({others}). If they are two different services, give it a more distinct name; otherwise someone from the team will confirm.',
    },
    imitation: {
      fr: 'Le nom {value} peut être pris pour {names}, que les usagers connaissent. Choisissez le nom de votre propre service ; sinon, une personne de l’équipe décidera.',
      en: 'The name {value} could be taken for {names}, which users know. Choose the name of your own service; otherwise someone from the team will decide.',
    },
  },
  check(claims, collisions, report) {
    const { name: value } = claims;
    if (value === undefined || collisions.names.length > 0) return;
    const known = imitatedName(value);
    if (known !== undefined) {
      report({ pointer: '/name', messageId: 'imitation', values: { value, names: [known] } });
    } else if (collisions.lookalikes.length > 0) {
      const names = collisions.lookalikes.map((other) => other.name ?? '');
      const others = collisions.lookalikes.map(({ path }) => path);
      report({ pointer: '/name', messageId: 'alike', values: { value, names, others } });
    }
  },
  examples: {
    good: [
      { yaml: 'name: Inscription aux concours 1', others: [{ yaml: 'name: Inscription aux concours 2' }] },
      { yaml: 'name: Portail RH', others: [{ yaml: 'name: Portail RP' }] },
      { yaml: 'name: Orion Internet', others: [{ cell: 'rie/production', yaml: 'name: Orion RIE' }] },
      { yaml: 'name: Espace partenaires de ProConnect' },
      { yaml: 'name: Atelier pro connecté' },
    ],
    bad: [
      {
        yaml: 'name: Demarches simplifiees',
        others: [{ yaml: 'name: Démarches-Simplifiées' }],
        messageIds: ['alike'],
      },
      {
        yaml: 'name: Agenda des assoclations',
        others: [{ yaml: 'name: Agenda des associations' }],
        messageIds: ['alike'],
      },
      {
        yaml: 'name: Suivi des subvention',
        others: [{ yaml: 'name: Suivi des subventions' }],
        messageIds: ['alike'],
      },
      { yaml: 'name: France Connect', messageIds: ['imitation'] },
      { yaml: 'name: Espace Pr0Connect', messageIds: ['imitation'] },
      { yaml: 'name: impot.gouv', messageIds: ['imitation'] },
    ],
  },
});
