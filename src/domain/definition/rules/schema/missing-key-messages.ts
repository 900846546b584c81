/** The message for each key that is missing: what it is for, and what to write. */
import type { Bilingual } from '#base/i18n/message';

export const missingKeyMessages: Readonly<Record<string, Bilingual>> = {
  version: {
    fr: 'Le champ {key} manque : il dit avec quelles règles lire le fichier. Écrivez « version: 1 » en tête.',
    en: 'The key {key} is missing: it says by which rules to read the file. Write “version: 1” at the top.',
  },
  name: {
    fr: 'Le champ {key} manque : c’est le nom que verront les usagers sur la page de connexion.',
    en: 'The key {key} is missing: it is the name that users will see on the sign-in page.',
  },
  network: {
    fr: 'Le champ {key} manque : écrivez internet ou rie, comme le dossier.',
    en: 'The key {key} is missing: write internet or rie, as the folder says.',
  },
  environment: {
    fr: 'Le champ {key} manque : écrivez integration ou production, comme le dossier.',
    en: 'The key {key} is missing: write integration or production, as the folder says.',
  },
  organization: {
    fr: 'Le champ {key} manque : indiquez-y le SIRET de l’établissement qui demande la connexion, « siret: "…" » décalé de deux espaces.',
    en: 'The key {key} is missing: give there the SIRET of the establishment that asks for the connection, “siret: "…"” indented by two spaces.',
  },
  siret: {
    fr: 'Le champ {key} manque : c’est le numéro à 14 chiffres de l’établissement qui demande la connexion, entre guillemets.',
    en: 'The key {key} is missing: it is the 14-digit number of the establishment that asks for the connection, in quotes.',
  },
  contacts: {
    fr: 'Le champ {key} manque : indiquez-y, sous technical, au moins une adresse qui recevra l’accès aux clés.',
    en: 'The key {key} is missing: give there, under technical, at least one address that will receive access to the keys.',
  },
  technical: {
    fr: 'Le champ {key} manque : c’est la liste des adresses qui recevront l’accès aux clés.',
    en: 'The key {key} is missing: it is the list of addresses that will receive access to the keys.',
  },
  support: {
    fr: 'Le champ {key} manque : en production, indiquez l’adresse où renvoyer les usagers qui n’arrivent pas à se connecter.',
    en: 'The key {key} is missing: in production, give the address to which users who cannot sign in are sent.',
  },
  datapass: {
    fr: 'Le champ {key} manque : la production demande un DataPass validé. Écrivez son numéro, par exemple H4821 ; la demande se fait sur https://datapass.api.gouv.fr/agent-connect-fs.',
    en: 'The key {key} is missing: production asks for an approved DataPass. Write its number, for example H4821; it is requested at https://datapass.api.gouv.fr/agent-connect-fs.',
  },
  description: {
    fr: 'Le champ {key} manque : en production, décrivez le service en une phrase qui commence par un verbe à l’infinitif. Elle paraît dans la liste publique des services.',
    en: 'The key {key} is missing: in production, describe the service in one sentence that starts with a French infinitive. It appears in the public list of services.',
  },
  private_sector: {
    fr: 'Le champ {key} manque : en production, dites si des personnes du secteur privé peuvent se connecter, true (oui) ou false (non).',
    en: 'The key {key} is missing: in production, say whether private-sector staff may sign in, true (yes) or false (no).',
  },
  ip_addresses: {
    fr: 'Le champ {key} manque : sur le RIE, indiquez l’adresse depuis laquelle votre serveur appellera ProConnect (/token, /userinfo), pour que le flux réseau soit ouvert.',
    en: 'The key {key} is missing: on the RIE, give the address from which your server will call ProConnect (/token, /userinfo), so that the network flow can be opened.',
  },
  redirect_uris: {
    fr: 'Le champ {key} manque : c’est la liste des URL complètes où l’usager revient après s’être connecté.',
    en: 'The key {key} is missing: it is the list of complete URLs to which the user comes back after signing in.',
  },
  post_logout_redirect_uris: {
    fr: 'Le champ {key} manque : c’est la liste des URL où l’usager revient après s’être déconnecté. S’il n’y en a pas, écrivez [].',
    en: 'The key {key} is missing: it is the list of URLs to which the user comes back after signing out. If there are none, write [].',
  },
  id_token_signed_response_alg: {
    fr: 'Le champ {key} manque : c’est l’algorithme qui signe l’id_token. RS256 est recommandé.',
    en: 'The key {key} is missing: it is the algorithm that signs the id_token. RS256 is recommended.',
  },
  userinfo_signed_response_alg: {
    fr: 'Le champ {key} manque : c’est l’algorithme qui signe la réponse userinfo. RS256 est recommandé ; none donne du JSON sans signature.',
    en: 'The key {key} is missing: it is the algorithm that signs the userinfo answer. RS256 is recommended; none gives unsigned JSON.',
  },
  scope: {
    fr: 'Le champ {key} manque : dites de quel scope il s’agit.',
    en: 'The key {key} is missing: say which scope this is.',
  },
  justification: {
    fr: 'Le champ {key} manque : ce scope est accordé au cas par cas. Dites en une phrase à quoi il vous servira.',
    en: 'The key {key} is missing: this scope is granted case by case. Say in one sentence what you will use it for.',
  },
  commented: {
    fr: 'Le champ {key} manque : ligne {line}, il est en commentaire. Ôtez le « # » et gardez le retrait : {written}.',
    en: 'The key {key} is missing: on line {line}, it is in a comment. Remove the “#” and keep the indentation: {written}.',
  },
  sameItem: {
    fr: 'Un scope et sa justification forment un seul élément. Retirez le tiret devant justification, et alignez-la sous scope.',
    en: 'A scope and its justification are one item. Remove the hyphen before justification, and align it below scope.',
  },
  join: { fr: 'Retirer le tiret', en: 'Remove the hyphen' },
  other: {
    fr: 'Le champ {key} manque.',
    en: 'The key {key} is missing.',
  },
  add: { fr: 'Ajouter la ligne {line}', en: 'Add the line {line}' },
};
