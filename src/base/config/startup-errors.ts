/** Why Greffier does not start: what is wrong, where, and what to do. */

import type { Bilingual, Language, Message, Values } from '#base/i18n/message';
import { interpolate, quoteInBackticks } from '#base/i18n/render';
import { asTyped } from '#base/invocation';
import { networkMessages } from '#base/network-fault';

const messages = {
  missing: {
    fr: 'Il manque {name} dans l’environnement.',
    en: '{name} is missing from the environment.',
  },
  'webhook-secret-missing': {
    fr: 'Il manque WEBHOOK_SECRET, le secret des webhooks de l’App. Sans lui, n’importe qui pourrait se faire passer pour GitHub.',
    en: 'WEBHOOK_SECRET, the secret of the App’s webhooks, is missing. Without it anyone could pass for GitHub.',
  },
  'webhook-secret-short': {
    fr: '{name} est trop court : {length} caractères, il en faut au moins {least}. Par exemple : openssl rand -hex 32.',
    en: '{name} is too short: {length} characters, at least {least} are needed. For instance: openssl rand -hex 32.',
  },
  'app-id': {
    fr: 'APP_ID doit être un nombre, celui de la page de l’App sur GitHub, et non {value}.',
    en: 'APP_ID must be a number, the one on the App’s page at GitHub, not {value}.',
  },
  'private-key': {
    fr: 'La clé privée de l’App ({name}) n’est pas une clé RSA au format PEM. Téléchargez-en une sur la page de l’App.',
    en: 'The App’s private key ({name}) is not an RSA key in PEM. Download one from the App’s page.',
  },
  'file-absent': {
    fr: '{name} désigne un fichier qui n’existe pas : {path}.',
    en: '{name} names a file that does not exist: {path}.',
  },
  'file-forbidden': {
    fr: '{name} désigne un fichier que l’utilisateur qui lance Greffier n’a pas le droit de lire : {path}.',
    en: '{name} names a file that the user who runs Greffier may not read: {path}.',
  },
  'file-folder': {
    fr: '{name} désigne un dossier, et non un fichier : {path}.',
    en: '{name} names a folder, not a file: {path}.',
  },
  file: {
    fr: '{name} désigne un fichier illisible : {path} ({reason}).',
    en: '{name} names a file that cannot be read: {path} ({reason}).',
  },
  key: {
    fr: 'GREFFIER_KEY doit contenir 32 octets en base64 (plusieurs clés : séparées par des virgules, la nouvelle d’abord). Par exemple : openssl rand -base64 32.',
    en: 'GREFFIER_KEY must hold 32 bytes in base64 (several keys: separated by commas, the new one first). For instance: openssl rand -base64 32.',
  },
  port: {
    fr: 'PORT doit être un nombre de 0 à 65535, et non {value}.',
    en: 'PORT must be a number from 0 to 65535, not {value}.',
  },
  choice: {
    fr: '{name} ne peut pas être {value}. Valeurs possibles : {choices}.',
    en: '{name} must be one of {choices}, not {value}.',
  },
  'ghe-host': {
    fr: 'GHE_HOST doit être le nom du serveur GitHub, tel que `github.example.gouv.fr` ou `ministere.ghe.com`, et non {value}.',
    en: 'GHE_HOST must be the name of the GitHub server, such as `github.example.gouv.fr` or `ministry.ghe.com`, not {value}.',
  },
  'ghe-host-write': {
    fr: 'GHE_HOST doit être le nom du serveur GitHub, sans rien autour : écrivez {host}, et non {value}. Le protocole se dit dans GHE_PROTOCOL.',
    en: 'GHE_HOST must be the name of the GitHub server and nothing else: write {host}, not {value}. The protocol is said in GHE_PROTOCOL.',
  },
  'ghe-host-github': {
    fr: 'GHE_HOST vaut {value} : retirez-le. GitHub.com est le serveur par défaut.',
    en: 'GHE_HOST is {value}: take it out. GitHub.com is the default.',
  },
  proxy: {
    fr: '{name} doit être l’adresse d’un proxy, telle que `http://proxy.example.gouv.fr:3128`, et non {value}.',
    en: '{name} must be the address of a proxy, such as `http://proxy.example.gouv.fr:3128`, not {value}.',
  },
  ...networkMessages,
  address: {
    fr: '{name} doit être une adresse qui commence par {start}.',
    en: '{name} must be an address that starts with {start}.',
  },
  'mail-from': {
    fr: 'MAIL_FROM doit être l’adresse de l’expéditeur des e-mails, telle que `greffier@example.gouv.fr` ou `Greffier <greffier@example.gouv.fr>`, et non {value}.',
    en: 'MAIL_FROM must be the address that mails come from, such as `greffier@example.gouv.fr` or `Greffier <greffier@example.gouv.fr>`, not {value}.',
  },
  'config-yaml': {
    fr: '{path}, ligne {line} : ce n’est pas du YAML lisible.',
    en: '{path}, line {line}: this is not readable YAML.',
  },
  'config-tab': {
    fr: '{path}, ligne {line} : une tabulation sert de retrait, et YAML les refuse. Remplacez-la par des espaces.',
    en: '{path}, line {line}: a tab is used as indentation, and YAML refuses them. Replace it with spaces.',
  },
  'config-same-key': {
    fr: '{path}, ligne {line} : {key} est écrit deux fois. Gardez-en un seul.',
    en: '{path}, line {line}: {key} is written twice. Keep one of them.',
  },
  'config-braces': {
    fr: '{path}, ligne {line} : entre accolades, YAML ne peut pas lire {variable} sans guillemets. Écrivez {correction}.',
    en: '{path}, line {line}: between braces YAML cannot read {variable} without quotes. Write {correction}.',
  },
  'config-variable': {
    fr: '{path}, ligne {line} : {key} demande la variable d’environnement {variable}, qui n’est pas définie.',
    en: '{path}, line {line}: {key} asks for the environment variable {variable}, which is not set.',
  },
  'config-hidden': {
    fr: '{path}, ligne {line} : {key} contient un caractère que personne ne voit ({characters}), venu d’un copier-coller. Effacez sa valeur et retapez-la au clavier.',
    en: '{path}, line {line}: the value of {key} holds a character that nobody sees ({characters}), which came by copying. Delete it and type it anew.',
  },
  'config-unknown': {
    fr: '{path}, ligne {line} : le champ {key} n’existe pas. Champs possibles : {choices}.',
    en: '{path}, line {line}: there is no key {key}. Possible keys: {choices}.',
  },
  'config-missing': {
    fr: '{path}, ligne {line} : il manque {key}.',
    en: '{path}, line {line}: {key} is missing.',
  },
  'config-shared-identities': {
    fr: '{path}, ligne {line} : {cell} et {other} ont la même API partenaires et le même identity_domain : leurs clients ne se distingueraient pas. Donnez à {other} un identity_domain à elle.',
    en: '{path}, line {line}: {cell} and {other} have the same partner API and the same identity_domain: nothing would tell their clients apart. Give {other} an identity_domain of its own.',
  },
  'config-root': {
    fr: '{path} doit contenir des champs, un par ligne : `registry:`, `cells:`… (ligne {line}).',
    en: '{path} must hold fields, one a line: `registry:`, `cells:`… (line {line}).',
  },
  'config-choice': {
    fr: '{path}, ligne {line} : {key} a une valeur qui ne convient pas. Écrivez {choices}.',
    en: '{path}, line {line}: the value of {key} does not fit. Write {choices}.',
  },
  'config-example': {
    fr: '{path}, ligne {line} : {key} a une valeur qui ne convient pas. Écrivez-la ainsi : {examples}.',
    en: '{path}, line {line}: the value of {key} does not fit. Write it like this: {examples}.',
  },
  'config-empty': {
    fr: '{path}, ligne {line} : {key} est vide.',
    en: '{path}, line {line}: {key} is empty.',
  },
  'config-text': {
    fr: '{path}, ligne {line} : {key} doit être un texte. Si c’est un nombre, mettez-le entre guillemets.',
    en: '{path}, line {line}: the value of {key} must be a text. If it is a number, put it between quotes.',
  },
  'config-fields': {
    fr: '{path}, ligne {line} : {key} attend des champs, un par ligne, en retrait et suivis de deux points.',
    en: '{path}, line {line}: {key} takes fields, one a line, indented and followed by a colon.',
  },
  'config-list': {
    fr: '{path}, ligne {line} : {key} attend une liste, une valeur par ligne, chacune après un tiret.',
    en: '{path}, line {line}: {key} takes a list, one value a line, each after a hyphen.',
  },
  'config-twice': {
    fr: '{path}, ligne {line} : la liste {key} dit deux fois la même chose.',
    en: '{path}, line {line}: the list {key} says the same thing twice.',
  },
  'mail-missing': {
    fr: 'Il manque {names} dans l’environnement : aucun e-mail ne partira. Greffier travaille, mais personne ne reçoit de lien vers ses clés ; les messages attendent, et partiront au premier démarrage où rien ne manquera.',
    en: '{names} missing from the environment: no mail will leave. Greffier works, but nobody receives a link to their keys; mails wait, and leave at the first start at which nothing is missing.',
  },
  'mail-later': {
    fr: 'Il manque {names} dans l’environnement : aucun e-mail ne pourra partir. Personne n’en attend encore, car aucune cellule n’est configurée ; ajoutez-les avant la première.',
    en: '{names} missing from the environment: no mail can leave. Nobody waits for one yet, since no cell is configured; add them before the first.',
  },
  'mail-silent': {
    fr: 'Le serveur de messagerie {host} ne prend pas les e-mails dont l’expéditeur est {from} ({reason}) : personne ne reçoit de lien vers ses clés. Vérifiez SMTP_URL et MAIL_FROM. Les messages attendent, et partiront d’eux-mêmes.',
    en: 'The mail server {host} does not take mails from {from} ({reason}): nobody receives a link to their keys. Check SMTP_URL and MAIL_FROM. Mails wait, and leave by themselves.',
  },
  'port-in-use': {
    fr: 'Le port {port} est déjà pris par un autre programme sur {host}. Arrêtez-le, ou choisissez un autre port avec PORT.',
    en: 'The port {port} is taken by another program on {host} already. Stop it, or choose another port with PORT.',
  },
  'port-forbidden': {
    fr: 'Le port {port} est réservé à l’administrateur de la machine. Choisissez-en un au-dessus de 1023 avec PORT, et un proxy devant.',
    en: 'The port {port} is reserved for the administrator of the machine. Choose one above 1023 with PORT, and a proxy in front.',
  },
  'host-elsewhere': {
    fr: 'HOST vaut {host}, qui n’est pas une adresse de cette machine. Écrivez 0.0.0.0 pour toutes, ou 127.0.0.1 derrière un proxy de la même machine.',
    en: 'HOST is {host}, which is no address of this machine. Write 0.0.0.0 for all of them, or 127.0.0.1 behind a proxy on the same machine.',
  },
  'folder-forbidden': {
    fr: 'Le magasin est dans le dossier {folder}, où l’utilisateur qui lance Greffier ne peut pas écrire. Donnez-lui ce droit, ou choisissez un autre dossier avec GREFFIER_DATA.',
    en: 'The store is in the folder {folder}, where the user who runs Greffier cannot write. Give them the right, or choose another folder with GREFFIER_DATA.',
  },
  'folder-no-folder': {
    fr: 'Le magasin devrait être dans {folder}, mais un fichier est sur ce chemin. Choisissez un dossier avec GREFFIER_DATA.',
    en: 'The store should be in {folder}, but a file is on that path. Choose a folder with GREFFIER_DATA.',
  },
  'folder-in-use': {
    fr: 'Le magasin du dossier {folder} est déjà utilisé par un autre processus de Greffier, sans doute « greffier serve ». Arrêtez-le, puis recommencez. Un autre dossier (GREFFIER_DATA) ne saurait rien de ses clients ; pour travailler à plusieurs, mettez le magasin dans PostgreSQL (DATABASE_URL).',
    en: 'The store of the folder {folder} is already used by another process of Greffier, “greffier serve” most likely. Stop it, then try again. Another folder (GREFFIER_DATA) would know none of its clients; for several processes at once, put the store into PostgreSQL (DATABASE_URL).',
  },
  'folder-unusable': {
    fr: 'Le magasin du dossier {folder} ne peut pas être ouvert : {detail}. Vérifiez les droits et la place ; si le fichier est abîmé, remettez une copie (docs/operate.md).',
    en: 'The store of the folder {folder} cannot be opened: {detail}. Check the rights and the room; if the file is damaged, put a copy back (docs/operate.md).',
  },
  'former-store': {
    fr: 'Le dossier {folder} contient le magasin d’une version antérieure de Greffier. Déplacez-le en deux commandes : `greffier store export magasin.ndjson` avec la version antérieure, puis `greffier store import magasin.ndjson` avec celle-ci. Voir docs/operate.md.',
    en: 'The folder {folder} holds the store of an earlier version of Greffier. Move it with two commands: `greffier store export store.ndjson` with the earlier version, then `greffier store import store.ndjson` with this one. See docs/operate.md.',
  },
  'store-empty': {
    fr: 'Il n’y a pas encore de magasin dans la base de données de DATABASE_URL, et rien n’y a été créé : « greffier serve » le fait à son premier démarrage, « greffier store create » tout de suite. Si un service tourne déjà, donnez le même environnement qu’à lui.',
    en: 'There is no store in the database of DATABASE_URL yet, and nothing was created there: “greffier serve” does that when it first starts, “greffier store create” at once. If a service runs already, give the same environment as it has.',
  },
  'store-earlier': {
    fr: 'Le magasin est celui d’une version antérieure de Greffier : il lui manque {migrations}. Rien n’y a été changé, car un service de cette version y travaille peut-être. Lancez cette commande avec la version du service, ou mettez le magasin à niveau : « greffier serve » de la présente version le fait à son démarrage, « greffier store upgrade » tout de suite.',
    en: 'The store is that of an earlier version of Greffier: it lacks {migrations}. Nothing was changed there, for a service of that version may be at work in it. Run this command with the version of the service, or upgrade the store: “greffier serve” of this version does so when it starts, “greffier store upgrade” at once.',
  },
  'store-later': {
    fr: 'Le magasin est celui d’une version plus récente de Greffier, qui y a ajouté {migrations} : rien n’y a été changé. Lancez cette version-là, ou remettez la copie faite avant la mise à niveau (docs/operate.md).',
    en: 'The store is that of a later version of Greffier, which added {migrations}: nothing was changed there. Run that version, or put back the copy that was made before the upgrade (docs/operate.md).',
  },
  unreachable: {
    fr: 'La base de données de DATABASE_URL ne répond pas : {detail}.',
    en: 'The database of DATABASE_URL does not answer: {detail}.',
  },
  'too-old': {
    fr: 'La base de données est un PostgreSQL {version} ; il faut PostgreSQL 15 ou plus récent.',
    en: 'The database is PostgreSQL {version}; PostgreSQL 15 or later is needed.',
  },
  'app-unknown': {
    fr: 'GitHub ne reconnaît pas l’App : vérifiez APP_ID et la clé privée, qui doivent être ceux de la même App.',
    en: 'GitHub does not recognise the App: check APP_ID and the private key, which must be those of the same App.',
  },
  'token-refused': {
    fr: 'GitHub refuse GITHUB_TOKEN : il n’est plus valable, ou n’est pas de ce serveur.',
    en: 'GitHub refuses GITHUB_TOKEN: it is no longer valid, or not of this server.',
  },
  'github-unreachable': {
    fr: 'GitHub ne répond pas : {reason}.',
    en: 'GitHub does not answer: {reason}.',
  },
  'not-installed': {
    fr: 'L’App n’est installée sur aucun dépôt. Installez-la sur le registre : {install}',
    en: 'The App is not installed on any repository. Install it on the registry: {install}',
  },
  'several-repositories': {
    fr: 'L’App est installée sur plusieurs dépôts ({repositories}). Dites lequel est le registre : `registry: org/nom` dans le fichier de GREFFIER_CONFIG.',
    en: 'The App is installed on several repositories ({repositories}). Say which one is the registry: `registry: org/name` in the file of GREFFIER_CONFIG.',
  },
  'registry-not-installed': {
    fr: 'L’App n’est pas installée sur {registry}. Installez-la sur ce dépôt : {install}',
    en: 'The App is not installed on {registry}. Install it on that repository: {install}',
  },
  'registry-unseen': {
    fr: 'GitHub ne montre pas {registry} à qui porte ce GITHUB_TOKEN : vérifiez le nom du registre et les droits du jeton.',
    en: 'GitHub does not show {registry} to who has this GITHUB_TOKEN: check the registry’s name and the token’s rights.',
  },
  'registry-replaced': {
    fr: 'Le dépôt {name} porte chez GitHub le numéro {id}, et les clients du registre {registry} appartiennent au dépôt numéro {known}, que l’App ne voit plus : rien n’est relu ni mis en service. Si l’App a été retirée du vrai registre, remettez-la ({install}). S’il a été recréé, et que c’est bien {name} : greffier store bind {registry} {id}. Voir docs/operate.md.',
    en: 'GitHub’s number for the repository {name} is {id}, and the clients of the registry {registry} belong to the repository number {known}, which the App no longer sees: nothing is reviewed or provisioned. If the App was taken off the real registry, put it back ({install}). If that was made anew and {name} is really it: greffier store bind {registry} {id}. See docs/operate.md.',
  },
  'registry-lost': {
    fr: 'GitHub ne montre plus à l’App ni {name}, ni le dépôt numéro {known}, auquel appartiennent les clients du registre {registry} : rien n’est relu ni mis en service. Réinstallez l’App sur le registre ({install}) ; s’il a été supprimé puis recréé, voyez docs/operate.md.',
    en: 'GitHub no longer shows the App {name}, nor the repository number {known}, to which the clients of the registry {registry} belong: nothing is reviewed or provisioned. Install the App on the registry again ({install}); if it was deleted and made anew, see docs/operate.md.',
  },
} as const satisfies Record<string, Bilingual>;

export type StartupErrorName = keyof typeof messages;

/** A message of this catalogue, to be rendered later. */
export function startupError(name: StartupErrorName, values: Values = {}): Message {
  return { key: name, values };
}

/** The message as text, for a terminal or a log. */
export function startupErrorText(message: Message, language: Language): string {
  const sentence = messages[message.key as StartupErrorName];
  return interpolate(asTyped(sentence[language]), message.values, quoteInBackticks, language);
}

/** Every name, for the test that renders them all. */
export const startupErrorNames = Object.keys(messages) as readonly StartupErrorName[];

/** Why a file that an environment variable names cannot be read, in words where the system's code has some. */
export function fileFault(name: string, path: string, error: unknown): Message {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return startupError('file-absent', { name, path });
  if (code === 'EACCES' || code === 'EPERM') return startupError('file-forbidden', { name, path });
  if (code === 'EISDIR') return startupError('file-folder', { name, path });
  return startupError('file', { name, path, reason: code ?? '?' });
}

/** Why nobody can be listened to at an address of this machine; undefined for what is no fault of the machine. */
export function listenFault(host: string, port: number, error: unknown): Message | undefined {
  const code = codeOf(error);
  if (code === 'EADDRINUSE') return startupError('port-in-use', { host, port });
  if (code === 'EACCES' || code === 'EPERM') return startupError('port-forbidden', { port });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EINVAL')
    return startupError('host-elsewhere', { host });
  return undefined;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
