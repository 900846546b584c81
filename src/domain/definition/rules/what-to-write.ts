/** What is to be written in each field, for a person who has something else there: the end of « Écrivez à la place … ». */
import type { Bilingual } from '#base/i18n/message';

const whatToWrite = {
  name: {
    fr: 'le nom du service, tel que vos usagers le liront',
    en: 'the name of the service, as your users will read it',
  },
  siret: {
    fr: 'les 14 chiffres du SIRET de votre établissement, entre guillemets',
    en: 'the 14 digits of the SIRET of your establishment, in quotes',
  },
  datapass: {
    fr: 'le numéro de votre DataPass, H puis des chiffres',
    en: 'the number of your DataPass, H and then digits',
  },
  description: {
    fr: 'ce que permet votre service, en commençant par un verbe à l’infinitif (« Réserver… », « Suivre… »)',
    en: 'what your service lets people do, starting with a French infinitive (“Réserver…”, “Suivre…”)',
  },
  technical: {
    fr: 'l’adresse e-mail qui recevra l’accès aux clés, celle d’une équipe technique ou d’un développeur',
    en: 'the e-mail address that will receive access to the keys, that of a technical team or of a developer',
  },
  support: {
    fr: 'l’adresse e-mail où vos usagers demandent de l’aide',
    en: 'the e-mail address where your users ask for help',
  },
  redirect_uris: {
    fr: 'l’URL complète où l’usager revient après s’être connecté (`https://…`) ; votre développeur ou votre prestataire la connaît',
    en: 'the complete URL to which the user comes back after signing in (`https://…`); your developer or your supplier knows it',
  },
  post_logout_redirect_uris: {
    fr: 'l’URL complète où l’usager revient après s’être déconnecté (`https://…`) ; votre développeur ou votre prestataire la connaît',
    en: 'the complete URL to which the user comes back after signing out (`https://…`); your developer or your supplier knows it',
  },
  ip_addresses: {
    fr: 'l’adresse IP d’où votre serveur appelle ProConnect ; votre hébergeur la connaît',
    en: 'the IP address from which your server calls ProConnect; your hosting provider knows it',
  },
  owners: {
    fr: 'l’identifiant GitHub d’une personne qui pourra modifier ce fichier',
    en: 'the GitHub login of a person who may change this file',
  },
  scope: {
    fr: 'le nom du scope que vous demandez',
    en: 'the name of the scope that you ask for',
  },
  justification: {
    fr: 'une phrase qui dit à quoi ce scope vous servira',
    en: 'a sentence that says what you will use this scope for',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export type WrittenField = keyof typeof whatToWrite;

/** Whether it is known what is to be written in a field. */
export function isWrittenField(key: string): key is WrittenField {
  return Object.hasOwn(whatToWrite, key);
}

/** One message for each field: the beginning that they share, and what is to be written there instead. */
export function insteadOf(beginning: Bilingual): Readonly<Record<WrittenField, Bilingual>> {
  const messages = Object.entries(whatToWrite).map(([key, { fr, en }]) => [
    key,
    { fr: `${beginning.fr} Écrivez à la place ${fr}.`, en: `${beginning.en} Write ${en} instead.` },
  ]);
  return Object.fromEntries(messages) as Record<WrittenField, Bilingual>;
}
