import { definitionRule } from '#domain/definition/rules/rule';
import { namePointer } from './limits.ts';

const maxComfortableLength = 80;

export const nameLong = definitionRule({
  id: 'name/long',
  severity: 'warning',
  title: { fr: 'Le nom se lit d’un coup d’œil', en: 'The name is read at a glance' },
  why: {
    fr: 'Le nom s’affiche dans une phrase de la page de connexion (« pour se connecter à… »). Au-delà de 80 caractères, il déborde et plus personne ne le lit.',
    en: 'The name is shown inside a sentence of the sign-in page (“to sign in to…”). Beyond 80 characters it overflows and nobody reads it.',
  },
  messages: {
    long: {
      fr: 'Le nom {value} fait {count} caractères. Visez moins de 60 : le nom que vos usagers emploient, sans celui de l’organisme.',
      en: 'The name {value} has {count} characters. Aim for less than 60: the name your users say, without that of the organization.',
    },
  },
  examples: {
    good: [{ yaml: 'name: Portail de suivi des subventions aux associations de quartier\n' }],
    bad: [
      {
        yaml: 'name: Plateforme mutualisée de dépôt, de suivi et de pilotage des demandes de subvention des associations\n',
      },
    ],
  },
  check(partial, report) {
    const value = partial.name;
    if (value === undefined || value.length <= maxComfortableLength) return;
    const count = Array.from(value).length;
    if (count > maxComfortableLength && count <= 200)
      report({ pointer: namePointer, messageId: 'long', values: { value, count } });
  },
});
