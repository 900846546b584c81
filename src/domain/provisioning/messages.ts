/** The messages of provisioning when something does not go as it should. */

import type { Bilingual, Language, Message, Values } from '#base/i18n/message';
import { interpolate, type Quote } from '#base/i18n/render';
import { networkMessages } from '#base/network-fault';

/** Where a setting of a cell is, and what a change of it takes: whoever runs Greffier reads it at night. */
function settingOf(name: string): Bilingual {
  return {
    fr: `C’est \`${name}\` de la cellule, dans le fichier que nomme \`GREFFIER_CONFIG\` (ou la variable d’environnement que cette ligne y nomme). Redémarrez Greffier après l’avoir changé : il ne le lit qu’au démarrage.`,
    en: `This is \`${name}\` of the cell, in the file that \`GREFFIER_CONFIG\` names (or the environment variable that this line names there). Start Greffier again once it is changed: it reads it at the start only.`,
  };
}

const token = settingOf('initial_access_token');
const secret = settingOf('secret');
const address = settingOf('url');
const identityDomain = settingOf('identity_domain');
const issuer = settingOf('issuer');
const kind = settingOf('provider');

export const provisioningMessages = {
  ...networkMessages,
  unreachable: {
    fr: 'Le serveur {host} n’a pas répondu ({reason}). Greffier réessaiera tout seul.',
    en: 'The server {host} did not answer ({reason}). Greffier will try again by itself.',
  },
  'answer-lost': {
    fr: 'La connexion avec {host} s’est interrompue pendant la demande : elle a peut-être abouti. Greffier va vérifier avant de recommencer.',
    en: 'The connection with {host} broke during the request, which may have gone through. Greffier will look before it tries again.',
  },
  'list-too-long': {
    fr: '{host} répond par une liste de plus de {megabytes} Mo : Greffier ne la lit pas plus loin, et n’en conclut rien. Les clients qui portent son adresse y sont-ils tous les siens ?',
    en: '{host} answers with a list of more than {megabytes} MB: Greffier reads it no further, and concludes nothing from it. Are all clients that carry its address its own?',
  },
  'not-json': {
    fr: 'Le serveur {host} a répondu {status} avec un contenu illisible. Prévenez la personne qui exploite ce serveur.',
    en: 'The server {host} answered {status} with unreadable content. Tell whoever runs this server.',
  },
  'too-busy': {
    fr: 'Le serveur {host} demande de patienter ({status}). Greffier réessaiera tout seul.',
    en: 'The server {host} asks to wait ({status}). Greffier will try again by itself.',
  },
  'server-error': {
    fr: 'Le serveur {host} a rencontré une erreur interne ({status}). Greffier réessaiera tout seul.',
    en: 'The server {host} met an internal error ({status}). Greffier will try again by itself.',
  },
  unexpected: {
    fr: 'Le serveur {host} a répondu {status} : {error}. Cette réponse était imprévue ; prévenez la personne qui exploite Greffier.',
    en: 'The server {host} answered {status}: {error}. This was not expected; tell whoever runs Greffier.',
  },
  redirected: {
    fr: 'Le serveur {host} renvoie vers une autre adresse ({status}), où Greffier n’enverra aucun secret. Vérifiez l’adresse écrite dans la configuration de la cellule, ou attendez la fin de la maintenance : Greffier réessaiera tout seul.',
    en: 'The server {host} points to another address ({status}), where Greffier will send no secret. Check the address in the configuration of the cell, or wait for the end of the maintenance: Greffier will try again by itself.',
  },
  blocked: {
    fr: 'Un intermédiaire devant {host} a refusé la demande ({status}) : la réponse n’est pas celle d’un fournisseur d’identité. Voyez-le avec la personne qui exploite ce serveur ; Greffier réessaiera tout seul.',
    en: 'Something in front of {host} refused the request ({status}): this is no answer of an identity provider. See with whoever runs this server; Greffier will try again by itself.',
  },
  'insecure-address': {
    fr: 'L’adresse {url} n’est pas en https : des secrets y circuleraient en clair. Corrigez la configuration de la cellule ou celle du fournisseur d’identité.',
    en: 'The address {url} is not https: secrets would travel in clear. Correct the configuration of the cell or of the identity provider.',
  },
  'address-elsewhere': {
    fr: 'Le serveur {host} renvoie vers {url}, où Greffier n’enverra rien : une adresse annoncée doit être sur le même serveur, ou en https avec un nom de domaine. Vérifiez ce serveur avec la personne qui l’exploite.',
    en: 'The server {host} points to {url}, where Greffier will send nothing: an announced address must be on the same server, or https with a domain name. Check this server with whoever runs it.',
  },
  'another-client': {
    fr: 'Interrogé sur le client {clientId}, le serveur {host} a répondu pour un autre. Rien de cette réponse n’a été retenu. Prévenez la personne qui exploite ce serveur.',
    en: 'The server {host} answered for another client than {clientId}. Nothing of this answer was kept. Tell whoever runs this server.',
  },
  'creation-of-another': {
    fr: 'Le serveur {host} a répondu à une création par un autre client que celui qui était demandé. Rien de cette réponse n’a été retenu. Prévenez la personne qui exploite ce serveur, puis écrivez `/greffier retry`.',
    en: 'The server {host} answered a creation with another client than the one that was asked for. Nothing of this answer was kept. Tell whoever runs this server, then write `/greffier retry`.',
  },
  'client-of-another': {
    fr: 'Le client {clientId} est déjà celui de la définition {definition} : un client ne sert qu’une définition. Rien n’a été retenu. Vérifiez lequel a été créé pour celle-ci.',
    en: 'The client {clientId} is already that of the definition {definition}: a client serves one definition. Nothing was kept. Check which one was made for this one.',
  },
  'client-id-changed': {
    fr: 'Le fournisseur d’identité donne maintenant l’identifiant {found} au client {clientId} : les applications qui ont reçu le premier ne peuvent plus l’utiliser. Greffier n’en retient rien. Voyez avec la personne qui exploite le fournisseur d’identité ; s’il faut un nouveau client, avec de nouvelles clés, écrivez `/greffier retry`.',
    en: 'The identity provider now gives the id {found} to the client {clientId}: applications that were given the first can no longer use it. Greffier keeps nothing of it. See with whoever runs the identity provider; if a new client is needed, with new keys, write `/greffier retry`.',
  },
  'discovery-missing': {
    fr: `{url} ne donne pas la description OpenID du fournisseur d’identité (réponse {status}). Vérifiez \`issuer\` dans la configuration de la cellule. ${issuer.fr}`,
    en: `There is no OpenID description at {url} (answer {status}). Check \`issuer\` in the configuration of the cell. ${issuer.en}`,
  },
  'discovery-issuer': {
    fr: `La description OpenID à l’adresse {url} annonce un autre émetteur : {issuer}. Écrivez dans la configuration de la cellule exactement cette valeur, si elle est bien la bonne. ${issuer.fr}`,
    en: `The OpenID description at {url} names another issuer: {issuer}. If that is the right one, write exactly this value in the configuration of the cell. ${issuer.en}`,
  },
  'discovery-registration': {
    fr: `Le fournisseur d’identité {issuer} n’annonce pas d’adresse d’enregistrement (\`registration_endpoint\`). Activez l’enregistrement dynamique (RFC 7591), ou choisissez \`provider: manual\` pour cette cellule. ${kind.fr}`,
    en: `The identity provider {issuer} announces no registration address (\`registration_endpoint\`). Turn dynamic registration on (RFC 7591), or choose \`provider: manual\` for this cell. ${kind.en}`,
  },
  'algorithm-not-offered': {
    fr: 'Le fournisseur d’identité {issuer} n’annonce pas l’algorithme {algorithm} pour {field} ; il annonce : {offered}. Choisissez l’un de ceux-là dans la définition.',
    en: 'The identity provider {issuer} does not announce the algorithm {algorithm} for {field}; it announces: {offered}. Choose one of these in the definition.',
  },
  'method-not-offered': {
    fr: 'Le fournisseur d’identité {issuer} n’accepte ni `client_secret_post` ni `client_secret_basic` ; il annonce : {offered}.',
    en: 'The identity provider {issuer} accepts neither `client_secret_post` nor `client_secret_basic`; it announces: {offered}.',
  },
  'initial-token-refused': {
    fr: `Le fournisseur d’identité {issuer} refuse le jeton d’enregistrement de la configuration. Demandez-en un nouveau à la personne qui l’exploite. ${token.fr}`,
    en: `The identity provider {issuer} refuses the registration token of the configuration. Ask whoever runs it for a new one. ${token.en}`,
  },
  'registration-refused': {
    fr: 'Le fournisseur d’identité {issuer} n’enregistre aucun client : {error}. La demande ne contenait encore rien d’une définition ; voyez ses règles d’enregistrement avec la personne qui l’exploite. Greffier réessaiera tout seul.',
    en: 'The identity provider {issuer} registers no client: {error}. The request held nothing of a definition yet; see its rules of registration with whoever runs it. Greffier will try again by itself.',
  },
  'secret-missing': {
    fr: 'Le fournisseur d’identité {issuer} a enregistré un client sans secret : il n’y aurait pas de clés à remettre. Vérifiez qu’il fait des clients confidentiels ; Greffier réessaiera tout seul.',
    en: 'The identity provider {issuer} registered a client without a secret: there would be no keys to hand over. Check that it makes confidential clients; Greffier will try again by itself.',
  },
  'policy-refused': {
    fr: 'Le fournisseur d’identité {host} n’autorise pas ce changement : {error}. Voyez ses règles avec la personne qui l’exploite ; Greffier réessaiera tout seul.',
    en: 'The identity provider {host} does not allow this change: {error}. See its rules with whoever runs it; Greffier will try again by itself.',
  },
  'metadata-refused': {
    fr: 'Le fournisseur d’identité a refusé les valeurs de la définition : {error}. Corrigez la définition dans une nouvelle pull request.',
    en: 'The identity provider refused the values of the definition: {error}. Correct the definition in a new pull request.',
  },
  'metadata-changed': {
    fr: 'Le fournisseur d’identité a enregistré autre chose que ce qui était demandé pour : {fields}. Voyez avec la personne qui l’exploite.',
    en: 'The identity provider recorded something else than what was asked for: {fields}. See with whoever runs it.',
  },
  'management-missing': {
    fr: `Le fournisseur d’identité {issuer} a créé le client sans donner le moyen de le gérer (RFC 7592). Activez la gestion des clients, ou choisissez \`provider: manual\` pour cette cellule. ${kind.fr}`,
    en: `The identity provider {issuer} made the client without a way to manage it (RFC 7592). Turn client management on, or choose \`provider: manual\` for this cell. ${kind.en}`,
  },
  'management-unreadable': {
    fr: 'La clé qui protège les accès au client {clientId} a changé. Remettez l’ancienne valeur dans `GREFFIER_KEY`, après la nouvelle et une virgule.',
    en: 'The key that protects the access to the client {clientId} has changed. Put the old value back in `GREFFIER_KEY`, after the new one and a comma.',
  },
  'management-refused': {
    fr: 'Le fournisseur d’identité n’accepte plus que Greffier gère le client {clientId}. Ses clés fonctionnent encore, mais rien ne peut plus être changé. Demandez à la personne qui exploite le fournisseur d’identité de supprimer ce client, puis écrivez `/greffier retry` : un nouveau client sera créé, avec de nouvelles clés.',
    en: 'The identity provider no longer lets Greffier manage the client {clientId}. Its keys still work, but nothing can be changed any more. Ask whoever runs the identity provider to delete this client, then write `/greffier retry`: a new client will be made, with new keys.',
  },
  'deletion-unproven': {
    fr: 'Le fournisseur d’identité dit ne pas connaître le client {clientId}, ou ne plus connaître Greffier : rien ne prouve encore que ce client n’existe plus. Greffier réessaiera tout seul.',
    en: 'The identity provider says that it does not know the client {clientId}, or no longer knows Greffier: nothing proves yet that this client is gone. Greffier will try again by itself.',
  },
  'secret-not-told': {
    fr: 'Le fournisseur d’identité ne redonne pas le secret du client {clientId}. Demandez à la personne qui l’exploite d’en créer un nouveau.',
    en: 'The identity provider does not tell the secret of the client {clientId} again. Ask whoever runs it for a new one.',
  },
  'requests-out-of-reach': {
    fr: 'Cette cellule est provisionnée par des personnes : la demande se fait par un ticket, dans {repository}, et rien ne donne ici accès à GitHub. Donnez GITHUB_TOKEN, ou APP_ID et PRIVATE_KEY, ou laissez faire le service.',
    en: 'This cell is provisioned by people: the request is made in an issue of {repository}, and nothing gives access to GitHub here. Give GITHUB_TOKEN, or APP_ID and PRIVATE_KEY, or leave it to the service.',
  },
  'requests-refused': {
    fr: 'Cette cellule est provisionnée par des personnes, et GitHub refuse les demandes dans {repository} ({status}) : vérifiez que les tickets (issues) y sont ouverts, et que Greffier peut y écrire. Greffier réessaiera tout seul.',
    en: 'This cell is provisioned by people, and GitHub refuses the requests in {repository} ({status}): check that its issues are open, and that Greffier may write there. Greffier will try again by itself.',
  },
  'creation-unanswered': {
    fr: 'La création a été demandée plusieurs fois sans que la réponse arrive. Vérifiez l’état du fournisseur d’identité, puis écrivez `/greffier retry`.',
    en: 'The creation was asked for several times and no answer arrived. Check the state of the identity provider, then write `/greffier retry`.',
  },
  'server-changed': {
    fr: 'Les clients de cette cellule ont été créés chez {from}, et la configuration nomme maintenant {to} : rien n’y est lu, changé ni supprimé. Si c’est une erreur, la personne qui exploite Greffier remet l’ancienne adresse ; si c’est le même serveur sous une nouvelle adresse, elle lance {command}.',
    en: 'The clients of this cell were made at {from}, and the configuration now names {to}: nothing is read, changed or deleted there. If that is a mistake, whoever runs Greffier puts the old address back; if it is the same server under a new address, they run {command}.',
  },
  'requests-moved': {
    fr: 'Les demandes de cette cellule sont dans le dépôt que GitHub numérote {from} (0 : le registre), et la configuration mène maintenant au dépôt {to} : rien n’y est demandé, et rien de ce qui s’y dit n’est cru. Si ce n’est pas voulu, la personne qui exploite Greffier écrit dans la configuration le nom que porte aujourd’hui le premier ; si les demandes doivent aller dans le second, elle lance {command}, et elles y seront refaites.',
    en: 'The requests of this cell are in the repository to which GitHub gives the number {from} (0: the registry), and the configuration now leads to the repository {to}: nothing is asked there, and nothing that is said there is believed. If that is not meant, whoever runs Greffier writes into the configuration what the first one is called today; if requests are to go to the second one, they run {command}, and they will be made there again.',
  },
  'no-request': {
    fr: 'Cette commande répond à une demande de Greffier, et aucune n’est en attente ici.',
    en: 'This command answers a request of Greffier, and none is waiting here.',
  },
  'client-id-malformed': {
    fr: '{clientId} n’est pas un identifiant de client. Copiez la valeur affichée par la console ProConnect.',
    en: '{clientId} is not a client id. Copy the value that the ProConnect console shows.',
  },
  'client-id-differs': {
    fr: 'L’identifiant de ce client est {known}, et non {clientId} : une définition garde toujours le même client. Vérifiez que le bon client a été modifié.',
    en: 'The id of this client is {known}, not {clientId}: a definition always keeps the same client. Check that the right client was changed.',
  },
  'partner-clock': {
    fr: 'L’API partenaires refuse l’heure de Greffier ({detail}). Mettez à l’heure la machine de Greffier.',
    en: 'The partner API refuses the time of Greffier ({detail}). Set the clock of the machine that runs Greffier.',
  },
  'partner-signature': {
    fr: `L’API partenaires refuse la signature de Greffier ({detail}). Vérifiez \`secret\` et \`url\` dans la configuration de la cellule : un intermédiaire qui réécrit l’adresse casse aussi la signature. ${secret.fr}`,
    en: `The partner API refuses the signature of Greffier ({detail}). Check \`secret\` and \`url\` in the configuration of the cell: a proxy that rewrites the address breaks the signature too. ${secret.en}`,
  },
  'partner-closed': {
    fr: `L’API partenaires n’est pas ouverte à cette adresse ({detail}). Elle ne sert que l’intégration sur Internet ; pour les autres cellules, choisissez \`provider: manual\`. ${kind.fr}`,
    en: `The partner API is not open at this address ({detail}). It serves integration on Internet only; for the other cells choose \`provider: manual\`. ${kind.en}`,
  },
  'partner-absent': {
    fr: `L’adresse {url} n’est pas celle d’une API partenaires (réponse 404). Vérifiez \`url\` dans la configuration de la cellule. ${address.fr}`,
    en: `The address {url} is not that of a partner API (answer 404). Check \`url\` in the configuration of the cell. ${address.en}`,
  },
  'partner-refused': {
    fr: 'L’API partenaires refuse les valeurs de la définition : {problems}. Corrigez la définition dans une nouvelle pull request.',
    en: 'The partner API refuses the values of the definition: {problems}. Correct the definition in a new pull request.',
  },
  'partner-refused-call': {
    fr: `L’API partenaires refuse la demande de Greffier elle-même, et non la définition : {problems}. Vérifiez \`identity_domain\` dans la configuration de la cellule ({domain}) ; s’il est juste, l’API a changé. ${identityDomain.fr}`,
    en: `The partner API refuses the request of Greffier itself, not the definition: {problems}. Check \`identity_domain\` in the configuration of the cell ({domain}); if it is right, the API has changed. ${identityDomain.en}`,
  },
  'own-fault': {
    fr: 'Greffier s’est trompé en traitant cette définition ({problem}) : rien n’est fait de ce client. La personne qui exploite Greffier est prévenue ; c’est essayé de nouveau à chaque passage, et après `/greffier retry`.',
    en: 'Greffier failed while it worked on this definition ({problem}): nothing is done about this client. The person who operates Greffier is told; it is tried again in each run, and after `/greffier retry`.',
  },
  'partner-hidden': {
    fr: 'Le client {clientId} n’est plus visible : il a été supprimé dans l’espace partenaires, ou toutes les adresses déclarées en ont été retirées. S’il existe encore, ajoutez-y {address} comme collaborateur ; sinon, écrivez `/greffier retry` : un nouveau client sera créé, avec de nouvelles clés.',
    en: 'The client {clientId} can no longer be seen: it was deleted in the partner portal, or every declared address was removed from it. If it still exists, add {address} to its collaborators; else write `/greffier retry`: a new client will be made, with new keys.',
  },
} as const satisfies Record<string, Bilingual>;

export type ProvisioningMessageKey = keyof typeof provisioningMessages;

/** A message of this catalogue, to be rendered later. */
export function provisioningMessage(key: ProvisioningMessageKey, values: Values = {}): Message {
  return { key: `provisioning#${key}`, values };
}

/** Which message of this catalogue one is; undefined for one that this version does not know. */
export function provisioningKey(message: Message): ProvisioningMessageKey | undefined {
  const key = message.key.replace(/^provisioning#/, '');
  return Object.hasOwn(provisioningMessages, key) ? (key as ProvisioningMessageKey) : undefined;
}

/** @throws when the message is not of this catalogue: a bug. */
export function translateProvisioning(message: Message, language: Language, quote: Quote): string {
  const key = provisioningKey(message);
  if (key === undefined) throw new Error(`There are no words for ${message.key}`);
  return interpolate(provisioningMessages[key][language], message.values, quote, language);
}
