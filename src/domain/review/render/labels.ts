/**
 * The closed set of labels. They are a projection of the review: whatever the set holds is added and taken away
 * by Greffier alone, and every other label belongs to people.
 */
import type { Bilingual } from '#base/i18n/message';
import type { Label } from '#domain/registry/settings-schema';

export interface LabelSpec {
  /** Six hexadecimal digits, as GitHub wants them. */
  readonly color: string;
  /** At most 100 characters: GitHub refuses more. */
  readonly description: Bilingual;
}

/** How a label is created when the repository lacks it. */
export const labelSpecs: Readonly<Record<Label, LabelSpec>> = {
  integration: {
    color: 'bfd4f2',
    description: { fr: 'Concerne l’environnement d’intégration', en: 'Touches the integration environment' },
  },
  production: {
    color: '0b3d91',
    description: { fr: 'Concerne l’environnement de production', en: 'Touches the production environment' },
  },
  internet: {
    color: 'c5def5',
    description: { fr: 'Concerne le réseau Internet', en: 'Touches the Internet network' },
  },
  rie: {
    color: 'd4c5f9',
    description: {
      fr: 'Concerne le réseau interministériel de l’État',
      en: 'Touches the French interministerial network (RIE)',
    },
  },
  'new-sp': {
    color: '5ebd9a',
    description: { fr: 'Ajoute un fournisseur de services', en: 'Adds a service provider' },
  },
  'change-sp': {
    color: 'a2d5c6',
    description: { fr: 'Modifie un fournisseur de services', en: 'Changes a service provider' },
  },
  'removal-sp': {
    color: 'e99695',
    description: { fr: 'Retire un fournisseur de services', en: 'Removes a service provider' },
  },
  invalid: {
    color: 'd73a4a',
    description: { fr: 'Des erreurs restent à corriger', en: 'Errors are left to correct' },
  },
  ready: {
    color: '0e8a16',
    description: { fr: 'Rien ne manque : peut être fusionnée', en: 'Nothing is missing: can be merged' },
  },
  'needs-decision': {
    color: 'fbca04',
    description: {
      fr: 'Attend la décision ou l’approbation d’une personne habilitée',
      en: 'Waits for the decision or approval of someone entitled to it',
    },
  },
};
