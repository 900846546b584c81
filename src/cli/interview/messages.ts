/** The questions of `greffier new`, as the paper form puts them. */
import type { Bilingual } from '#base/i18n/message';

export const interviewMessages = {
  welcome: {
    fr: 'Quelques questions, et le fichier est prêt. Chaque réponse est vérifiée aussitôt.',
    en: 'A few questions, and the file is ready. Each answer is checked at once.',
  },
  item: { fr: '  -', en: '  -' },
  atLeastOne: { fr: '  Il en faut au moins un.', en: '  At least one is needed.' },
  choose: { fr: '  Répondez par {allowed}.', en: '  Answer with {allowed}.' },
  yesOrNo: { fr: '  Répondez par oui ou non.', en: '  Answer with yes or no.' },
  interrupted: {
    fr: 'Les réponses s’arrêtent avant la fin : rien n’a été écrit.',
    en: 'The answers stop before the end: nothing was written.',
  },
  technical: {
    fr: 'E-mails qui recevront l’accès aux clés (un par ligne, puis une ligne vide) :',
    en: 'E-mails that will receive access to the keys (one a line, then an empty line):',
  },
  siret: { fr: 'SIRET de l’établissement :', en: 'SIRET of the establishment:' },
  name: {
    fr: 'Nom du service, tel que les usagers le verront :',
    en: 'Name of the service, as users will see it:',
  },
  network: { fr: 'Réseau (1 internet, 2 rie) :', en: 'Network (1 internet, 2 rie):' },
  environment: {
    fr: 'Environnement (1 integration, 2 production) :',
    en: 'Environment (1 integration, 2 production):',
  },
  selfService: {
    fr: '  Pour un simple essai, un jeton de test s’obtient aussi en autonomie : https://partenaires.proconnect.gouv.fr/apps',
    en: '  For a mere trial, a test token can also be had on your own: https://partenaires.proconnect.gouv.fr/apps',
  },
  datapass: { fr: 'Numéro de DataPass validé :', en: 'Number of the approved DataPass:' },
  description: {
    fr: 'Courte description, qui commence par un verbe à l’infinitif :',
    en: 'Short description in French, starting with an infinitive:',
  },
  descriptionOptional: {
    fr: 'Courte description, qui commence par un verbe à l’infinitif (facultatif) :',
    en: 'Short description in French, starting with an infinitive (optional):',
  },
  redirectUris: {
    fr: 'URLs complètes de retour après connexion (une par ligne, puis une ligne vide) :',
    en: 'Complete URLs to come back to after sign-in (one a line, then an empty line):',
  },
  postLogoutRedirectUris: {
    fr: 'URLs complètes de retour après déconnexion (une par ligne, puis une ligne vide) :',
    en: 'Complete URLs to come back to after sign-out (one a line, then an empty line):',
  },
  ipAddresses: {
    fr: 'Adresses IP ou plages depuis lesquelles votre serveur appelle ProConnect (une par ligne, puis une ligne vide) :',
    en: 'IP addresses or ranges from which your server calls ProConnect (one a line, then an empty line):',
  },
  idToken: {
    fr: 'Signature de l’id_token, RS256, ES256 ou HS256 (vide : {byDefault}) :',
    en: 'Signature of the id_token, RS256, ES256 or HS256 (empty: {byDefault}):',
  },
  userinfo: {
    fr: 'Signature de userinfo, RS256, ES256, HS256 ou none (vide : {byDefault}) :',
    en: 'Signature of userinfo, RS256, ES256, HS256 or none (empty: {byDefault}):',
  },
  scopes: {
    fr: 'Scopes non obligatoires (un par ligne, puis une ligne vide) :',
    en: 'Optional scopes (one a line, then an empty line):',
  },
  justification: { fr: '    À quoi servira-t-il ?', en: '    What will it be used for?' },
  privateSector: {
    fr: 'Des personnes du secteur privé doivent-elles pouvoir se connecter (oui/non) ?',
    en: 'May private-sector staff sign in (yes/no)?',
  },
  support: { fr: 'E-mail du support de l’application :', en: 'E-mail of the application’s support:' },
  supportOptional: {
    fr: 'E-mail du support de l’application (facultatif) :',
    en: 'E-mail of the application’s support (optional):',
  },
  id: {
    fr: 'Nom du fichier, sans .yaml (vide : {byDefault}) :',
    en: 'Name of the file, without .yaml (empty: {byDefault}):',
  },
  badId: {
    fr: '  Le nom {id} ne convient pas : 3 à 63 minuscules, chiffres ou tirets, une lettre au début.',
    en: '  The name {id} will not do: 3 to 63 lower-case letters, digits or hyphens, starting with a letter.',
  },
  written: { fr: 'Écrit : {path}', en: 'Written: {path}' },
  exists: {
    fr: 'Le fichier {path} existe déjà : rien n’a été écrit. Choisissez un autre nom avec --id.',
    en: 'The file {path} already exists: nothing was written. Choose another name with --id.',
  },
  notWritten: { fr: 'Rien n’a été écrit :', en: 'Nothing was written:' },
  scopeForm: {
    fr: 'Écrivez --scope NOM=RAISON : {value} n’a pas de raison.',
    en: 'Write --scope NAME=REASON: {value} has no reason.',
  },
} as const satisfies Record<string, Bilingual>;
