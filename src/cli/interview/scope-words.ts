/** What each scope is for, in the words of someone who fills in the form. */
import type { Bilingual } from '#base/i18n/message';

/** The data that every service receives. */
export const givenWords: Bilingual = {
  fr: 'le prénom, le nom, l’e-mail, le téléphone, le SIRET et le nom de l’organisme, les rôles, l’identifiant de l’usager, le fournisseur d’identité',
  en: 'first name, last name, e-mail, telephone, the SIRET and the name of the organization, roles, the user’s identifier, the identity provider',
};

/** The others, to be asked for by name. */
export const scopeWords: Readonly<Record<string, Bilingual>> = {
  siren: {
    fr: 'le SIREN de l’organisme (ce sont les 9 premiers chiffres du SIRET, que vous recevez déjà)',
    en: 'the SIREN of the organization (the first 9 digits of the SIRET, which you receive already)',
  },
  organizational_unit: {
    fr: 'la direction ou le service de l’agent',
    en: 'the department or unit of the user',
  },
  belonging_population: {
    fr: 'le statut de la personne : agent, prestataire, stagiaire…',
    en: 'the status of the person: civil servant, contractor, trainee…',
  },
  chorusdt: {
    fr: 'le matricule et l’entité de Chorus DT, l’outil des déplacements',
    en: 'the staff number and entity of Chorus DT, the travel tool',
  },
  idp_acr: {
    fr: 'la force de l’authentification, telle que l’annonce le fournisseur d’identité',
    en: 'the strength of the sign-in, as the identity provider states it',
  },
  groups: {
    fr: 'les groupes de La Suite numérique dont la personne fait partie (sur décision)',
    en: 'the groups of La Suite numérique that the person belongs to (needs a decision)',
  },
  lasuite_visio: {
    fr: 'les visioconférences de La Suite numérique (sur décision)',
    en: 'the video calls of La Suite numérique (needs a decision)',
  },
  'lasuite_visio:rooms:list': {
    fr: 'la liste des salles de Visio (sur décision)',
    en: 'the list of rooms of Visio (needs a decision)',
  },
  'lasuite_visio:rooms:retrieve': {
    fr: 'lire une salle de Visio (sur décision)',
    en: 'reading a room of Visio (needs a decision)',
  },
  'lasuite_visio:rooms:update': {
    fr: 'modifier une salle de Visio (sur décision)',
    en: 'changing a room of Visio (needs a decision)',
  },
  'lasuite_visio:rooms:delete': {
    fr: 'supprimer une salle de Visio (sur décision)',
    en: 'deleting a room of Visio (needs a decision)',
  },
  'lasuite_visio:rooms:create': {
    fr: 'créer une salle de Visio (sur décision)',
    en: 'creating a room of Visio (needs a decision)',
  },
};
