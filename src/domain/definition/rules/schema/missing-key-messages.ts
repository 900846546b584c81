/** The message for each key that is missing: what it is for, and what to write. */
import type { Bilingual } from '#base/i18n/message';

export const missingKeyMessages: Readonly<Record<string, Bilingual>> = {
  version: {
    fr: 'Le champ {key} manque : il dit avec quelles règles lire le fichier. Écrivez « version: 1 » en tête.',
    en: 'The key {key} is missing: it says by which rules to read the file. Write “version: 1” at the top.',
  },
  name: {
    fr: 'Le champ {key} manque. Ajoutez une ligne `name: …`, avec le nom que verront les usagers sur la page de connexion.',
    en: 'The field {key} is missing. Add a line `name: …`, with the name that users will see on the sign-in page.',
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
    fr: 'Le champ {key} manque. Ajoutez une ligne `organization:` et, dessous, décalée de deux espaces, la ligne `siret: "…"` avec les 14 chiffres de l’établissement qui demande la connexion.',
    en: 'The field {key} is missing. Add a line `organization:` and below it, indented by two spaces, the line `siret: "…"` with the 14 digits of the establishment that asks for the connection.',
  },
  siret: {
    fr: 'Le champ {key} manque. Sous `organization:`, ajoutez, décalée de deux espaces, la ligne `siret: "…"` avec les 14 chiffres de l’établissement qui demande la connexion.',
    en: 'The field {key} is missing. Below `organization:`, add, indented by two spaces, the line `siret: "…"` with the 14 digits of the establishment that asks for the connection.',
  },
  contacts: {
    fr: 'Le champ {key} manque. Ajoutez une ligne `contacts:` ; dessous, décalée de deux espaces, `technical:` ; et dessous, décalée de quatre, au moins une adresse e-mail qui recevra l’accès aux clés, `- …@…`.',
    en: 'The field {key} is missing. Add a line `contacts:`; below it, indented by two spaces, `technical:`; and below that, indented by four, at least one e-mail address that will receive access to the keys, `- …@…`.',
  },
  technical: {
    fr: 'Le champ {key} manque. Sous `contacts:`, ajoutez, décalée de deux espaces, la ligne `technical:` ; et dessous, décalée de quatre, au moins une adresse e-mail qui recevra l’accès aux clés, `- …@…`.',
    en: 'The field {key} is missing. Below `contacts:`, add, indented by two spaces, the line `technical:`; and below that, indented by four, at least one e-mail address that will receive access to the keys, `- …@…`.',
  },
  support: {
    fr: 'Le champ {key} manque. Sous `contacts:`, ajoutez, décalée de deux espaces, la ligne `support: …` avec l’adresse e-mail où vos usagers demandent de l’aide ; la production la demande.',
    en: 'The field {key} is missing. Below `contacts:`, add, indented by two spaces, the line `support: …` with the e-mail address where your users ask for help; production asks for it.',
  },
  datapass: {
    fr: 'Le champ {key} manque : la production demande un DataPass validé. Ajoutez une ligne `datapass: H…` avec son numéro ; la demande se fait sur https://datapass.api.gouv.fr/agent-connect-fs.',
    en: 'The field {key} is missing: production asks for an approved DataPass. Add a line `datapass: H…` with its number; it is requested at https://datapass.api.gouv.fr/agent-connect-fs.',
  },
  description: {
    fr: 'Le champ {key} manque. Ajoutez une ligne `description: …`, avec une phrase qui dit ce que permet le service et commence par un verbe à l’infinitif (« Réserver… », « Suivre… »). Elle paraît dans la liste publique des services.',
    en: 'The field {key} is missing. Add a line `description: …`, with one sentence that says what the service lets people do and starts with a French infinitive (“Réserver…”, “Suivre…”). It appears in the public list of services.',
  },
  private_sector: {
    fr: 'Le champ {key} manque : en production, dites si des personnes du secteur privé peuvent se connecter. Ajoutez une ligne `private_sector: true` (oui) ou `private_sector: false` (non).',
    en: 'The field {key} is missing: in production, say whether private-sector staff may sign in. Add a line `private_sector: true` (yes) or `private_sector: false` (no).',
  },
  ip_addresses: {
    fr: 'Le champ {key} manque. Ajoutez une ligne `ip_addresses:` et, dessous, décalée de deux espaces, l’adresse IP d’où votre serveur appellera ProConnect, `- …` ; votre hébergeur la connaît. Sur le RIE, le passage n’est ouvert que depuis cette adresse.',
    en: 'The field {key} is missing. Add a line `ip_addresses:` and below it, indented by two spaces, the IP address from which your server will call ProConnect, `- …`; your hosting provider knows it. On the RIE, the way is open from this address only.',
  },
  redirect_uris: {
    fr: 'Le champ {key} manque. Ajoutez une ligne `redirect_uris:` et, dessous, décalée de deux espaces, l’URL complète où l’usager revient après s’être connecté, `- https://…`.',
    en: 'The field {key} is missing. Add a line `redirect_uris:` and below it, indented by two spaces, the complete URL to which the user comes back after signing in, `- https://…`.',
  },
  post_logout_redirect_uris: {
    fr: 'Le champ {key} manque. Ajoutez une ligne `post_logout_redirect_uris:` et, dessous, décalée de deux espaces, l’URL complète où l’usager revient après s’être déconnecté, `- https://…`. S’il n’y en a pas, écrivez `post_logout_redirect_uris: []`.',
    en: 'The field {key} is missing. Add a line `post_logout_redirect_uris:` and below it, indented by two spaces, the complete URL to which the user comes back after signing out, `- https://…`. If there is none, write `post_logout_redirect_uris: []`.',
  },
  id_token_signed_response_alg: {
    fr: 'Le champ {key} manque. Ajoutez la ligne `id_token_signed_response_alg: RS256`, l’algorithme recommandé.',
    en: 'The field {key} is missing. Add the line `id_token_signed_response_alg: RS256`, the recommended algorithm.',
  },
  userinfo_signed_response_alg: {
    fr: 'Le champ {key} manque. Ajoutez la ligne `userinfo_signed_response_alg: RS256`, l’algorithme recommandé.',
    en: 'The field {key} is missing. Add the line `userinfo_signed_response_alg: RS256`, the recommended algorithm.',
  },
  scope: {
    fr: 'Le champ {key} manque : ajoutez la ligne `scope: …` avec le nom du scope demandé, ou retirez sa justification.',
    en: 'The field {key} is missing: add the line `scope: …` with the name of the scope you ask for, or remove its justification.',
  },
  justification: {
    fr: 'Le champ {key} manque : ce scope est accordé au cas par cas. Ajoutez dessous la ligne `justification: …`, avec une phrase qui dit à quoi il vous servira.',
    en: 'The field {key} is missing: this scope is granted case by case. Add below it the line `justification: …`, with a sentence that says what you will use it for.',
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
