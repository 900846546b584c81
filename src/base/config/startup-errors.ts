/** Why Greffier does not start: what is wrong, where, and what to do. */

import type { Bilingual, Language, Message, Values } from '#base/i18n/message';
import { interpolate, quoteInBackticks } from '#base/i18n/render';
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
    fr: '{name} doit être l’un de {choices}, et non {value}.',
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
  'config-yaml': {
    fr: '{path}, ligne {line} : ce n’est pas du YAML lisible.',
    en: '{path}, line {line}: this is not readable YAML.',
  },
  'config-variable': {
    fr: '{path}, ligne {line} : {key} demande la variable d’environnement {variable}, qui n’est pas définie.',
    en: '{path}, line {line}: {key} asks for the environment variable {variable}, which is not set.',
  },
  'config-hidden': {
    fr: '{path}, ligne {line} : la valeur de {key} contient un caractère que personne ne voit ({characters}), venu d’un copier-coller. Effacez-la et retapez-la au clavier.',
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
  'config-value': {
    fr: '{path}, ligne {line} : la valeur de {key} ne convient pas ({expected}).',
    en: '{path}, line {line}: the value of {key} does not fit ({expected}).',
  },
  'folder-in-use': {
    fr: 'Le dossier {folder} est déjà utilisé par un autre processus de Greffier. Arrêtez-le, choisissez un autre dossier avec GREFFIER_DATA, ou une base PostgreSQL avec DATABASE_URL pour partager le travail.',
    en: 'The folder {folder} is already used by another process of Greffier. Stop it, choose another folder with GREFFIER_DATA, or a PostgreSQL database with DATABASE_URL to share the work.',
  },
  'folder-unusable': {
    fr: 'Le magasin du dossier {folder} ne peut pas être ouvert : {detail}. Vérifiez les droits et la place ; si le fichier est abîmé, remettez une copie (docs/operate.md).',
    en: 'The store of the folder {folder} cannot be opened: {detail}. Check the rights and the room; if the file is damaged, put a copy back (docs/operate.md).',
  },
  'former-store': {
    fr: 'Le dossier {folder} contient le magasin d’une version antérieure de Greffier. Déplacez-le en deux commandes : `greffier store export magasin.ndjson` avec la version antérieure, puis `greffier store import magasin.ndjson` avec celle-ci. Voir docs/operate.md.',
    en: 'The folder {folder} holds the store of an earlier version of Greffier. Move it with two commands: `greffier store export store.ndjson` with the earlier version, then `greffier store import store.ndjson` with this one. See docs/operate.md.',
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
    fr: 'L’App n’est installée sur aucun dépôt. Installez-la sur le registre depuis la page de l’App.',
    en: 'The App is not installed on any repository. Install it on the registry from the App’s page.',
  },
  'several-repositories': {
    fr: 'L’App est installée sur plusieurs dépôts ({repositories}). Dites lequel est le registre : `registry: org/nom` dans le fichier de GREFFIER_CONFIG.',
    en: 'The App is installed on several repositories ({repositories}). Say which one is the registry: `registry: org/name` in the file of GREFFIER_CONFIG.',
  },
  'registry-not-installed': {
    fr: 'L’App n’est pas installée sur {registry}. Installez-la sur ce dépôt depuis la page de l’App.',
    en: 'The App is not installed on {registry}. Install it on that repository from the App’s page.',
  },
  'registry-unseen': {
    fr: 'GitHub ne montre pas {registry} à qui porte ce GITHUB_TOKEN : vérifiez le nom du registre et les droits du jeton.',
    en: 'GitHub does not show {registry} to who has this GITHUB_TOKEN: check the registry’s name and the token’s rights.',
  },
  'registry-replaced': {
    fr: 'Le dépôt {name} porte chez GitHub le numéro {id}, et les clients du registre {registry} appartiennent au dépôt numéro {known}, que l’App ne voit plus : rien n’est relu ni mis en service. Si l’App a été retirée du vrai registre, remettez-la. S’il a été recréé et que {name} est bien lui : greffier store bind {registry} {id}. Voir docs/operate.md.',
    en: 'GitHub’s number for the repository {name} is {id}, and the clients of the registry {registry} belong to the repository number {known}, which the App no longer sees: nothing is reviewed or provisioned. If the App was taken off the real registry, put it back. If that was made anew and {name} is really it: greffier store bind {registry} {id}. See docs/operate.md.',
  },
  'registry-lost': {
    fr: 'GitHub ne montre plus à l’App ni {name}, ni le dépôt numéro {known}, auquel appartiennent les clients du registre {registry} : rien n’est relu ni mis en service. Réinstallez l’App sur le registre ; s’il a été supprimé puis recréé, voyez docs/operate.md.',
    en: 'GitHub no longer shows the App {name}, nor the repository number {known}, to which the clients of the registry {registry} belong: nothing is reviewed or provisioned. Install the App on the registry again; if it was deleted and made anew, see docs/operate.md.',
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
  return interpolate(sentence[language], message.values, quoteInBackticks);
}

/** Every name, for the test that renders them all. */
export const startupErrorNames = Object.keys(messages) as readonly StartupErrorName[];
