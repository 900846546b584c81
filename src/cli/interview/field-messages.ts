/** The questions of `greffier new`, as the paper form puts them, and the name of each answer. */
import type { Bilingual } from '#base/i18n/message';

export const fieldMessages = {
  technicalLabel: { fr: 'Contacts techniques', en: 'Technical contacts' },
  technical: {
    fr: 'Adresses e-mail qui recevront l’accès aux clés (une par ligne, puis une ligne vide) :',
    en: 'E-mail addresses that will receive access to the keys (one a line, then an empty line):',
  },
  siretLabel: { fr: 'SIRET', en: 'SIRET' },
  siret: {
    fr: 'SIRET de votre établissement (14 chiffres) :',
    en: 'SIRET of your establishment (14 digits):',
  },
  nameLabel: { fr: 'Nom du service', en: 'Name of the service' },
  name: {
    fr: 'Nom du service, tel que les usagers le verront :',
    en: 'Name of the service, as users will see it:',
  },
  networkLabel: { fr: 'Réseau', en: 'Network' },
  networkNote: {
    fr: '  1 internet : votre application se trouve sur Internet. C’est le cas le plus courant.\n  2 rie : elle ne se trouve que sur le Réseau interministériel de l’État (RIE), le réseau privé des ministères.',
    en: '  1 internet: your application is on the Internet. This is the usual case.\n  2 rie: it is only on the Réseau interministériel de l’État (RIE), the private network of the ministries.',
  },
  network: { fr: 'Réseau (1 ou 2) :', en: 'Network (1 or 2):' },
  environmentLabel: { fr: 'Environnement', en: 'Environment' },
  environmentNote: {
    fr: '  1 integration : pour développer et pour essayer.\n  2 production : pour vos vrais usagers. Il faut un DataPass validé.',
    en: '  1 integration: to develop and to try.\n  2 production: for your real users. An approved DataPass is needed.',
  },
  environment: { fr: 'Environnement (1 ou 2) :', en: 'Environment (1 or 2):' },
  datapassLabel: { fr: 'DataPass', en: 'DataPass' },
  datapassNote: {
    fr: '  Le DataPass est l’autorisation de se relier à ProConnect : https://partenaires.proconnect.gouv.fr/docs/fournisseur-service/datapass-fs',
    en: '  The DataPass is the permission to connect to ProConnect: https://partenaires.proconnect.gouv.fr/docs/fournisseur-service/datapass-fs',
  },
  datapass: {
    fr: 'Numéro du DataPass validé (H ou D, puis des chiffres) :',
    en: 'Number of the approved DataPass (H or D, then digits):',
  },
  descriptionLabel: { fr: 'Description', en: 'Description' },
  description: {
    fr: 'Courte description, qui commence par un verbe à l’infinitif :',
    en: 'Short description in French, which begins with an infinitive:',
  },
  redirectUrisLabel: { fr: 'Retour après connexion', en: 'Back after sign-in' },
  redirectUris: {
    fr: 'URL complètes de retour après connexion (une par ligne, puis une ligne vide) :',
    en: 'Complete URLs to come back to after sign-in (one a line, then an empty line):',
  },
  postLogoutLabel: { fr: 'Retour après déconnexion', en: 'Back after sign-out' },
  postLogout: {
    fr: 'URL complètes de retour après déconnexion (une par ligne, puis une ligne vide) :',
    en: 'Complete URLs to come back to after sign-out (one a line, then an empty line):',
  },
  ipLabel: { fr: 'Adresses IP', en: 'IP addresses' },
  ipNote: {
    fr: '  Sur le RIE, chaque réseau est fermé aux autres : ProConnect ouvrira l’accès à ces adresses.',
    en: '  On the RIE each network is closed to the others: ProConnect will let these addresses in.',
  },
  ip: {
    fr: 'Adresses IP d’où votre serveur appellera ProConnect (une par ligne, puis une ligne vide) :',
    en: 'IP addresses from which your server will call ProConnect (one a line, then an empty line):',
  },
  idTokenLabel: { fr: 'Signature de l’id_token', en: 'Signature of the id_token' },
  idToken: {
    fr: 'Signature de l’id_token : RS256, ES256 ou HS256. Sans préférence, tapez Entrée ({byDefault}) :',
    en: 'Signature of the id_token: RS256, ES256 or HS256. Without a preference, press Enter ({byDefault}):',
  },
  userinfoLabel: { fr: 'Signature de userinfo', en: 'Signature of userinfo' },
  userinfo: {
    fr: 'Signature de userinfo : RS256, ES256, HS256 ou none (aucune). Sans préférence, tapez Entrée ({byDefault}) :',
    en: 'Signature of userinfo: RS256, ES256, HS256 or none. Without a preference, press Enter ({byDefault}):',
  },
  scopesLabel: { fr: 'Données en plus', en: 'Data on top' },
  scopes: {
    fr: 'Scopes (données) à demander en plus, par leur nom ; une ligne vide s’il n’en faut pas :',
    en: 'Scopes (data) to ask for on top, by name; an empty line when none is needed:',
  },
  privateSectorLabel: { fr: 'Ouvert au secteur privé', en: 'Open to the private sector' },
  privateSector: {
    fr: 'Des personnes du secteur privé (prestataires, associations…) doivent-elles pouvoir se connecter (oui ou non) ?',
    en: 'Must people of the private sector (contractors, associations…) be able to sign in (yes or no)?',
  },
  supportLabel: { fr: 'E-mail du support', en: 'Support e-mail' },
  support: {
    fr: 'Adresse e-mail où s’adressent les usagers qui n’arrivent pas à se connecter :',
    en: 'E-mail address for users who cannot sign in:',
  },
  ownersLabel: { fr: 'Peuvent changer le fichier', en: 'May change the file' },
  owners: {
    fr: 'Comptes GitHub qui pourront changer ce fichier, en plus de l’équipe du registre (un par ligne, puis une ligne vide) :',
    en: 'GitHub accounts that may change this file, besides the team of the registry (one a line, then an empty line):',
  },
} as const satisfies Record<string, Bilingual>;
