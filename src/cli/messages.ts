/** What the command line says, besides the rules' own sentences. */

import type { Bilingual, Language, Values } from '#base/i18n/message';
import { interpolate, quoteInBackticks } from '#base/i18n/render';
import { asTyped } from '#base/invocation';

export const messages = {
  usage: { fr: 'Usage : greffier <commande> [options]', en: 'Usage: greffier <command> [options]' },
  about: {
    fr: 'Relie une application à ProConnect par une demande de fusion.',
    en: 'Connects an application to ProConnect by pull request.',
  },
  commands: { fr: 'Commandes', en: 'Commands' },
  options: { fr: 'Options', en: 'Options' },
  everywhere: {
    fr: '--lang fr|en   langue des messages (par défaut : LANG, sinon le français)\n  --help         cette aide',
    en: '--lang fr|en   language of the messages (default: LANG, else French)\n  --help         this help',
  },
  versionOption: {
    fr: '--version      la version, le commit, la version de Node',
    en: '--version      the version, the commit, the version of Node',
  },
  moreHelp: {
    fr: 'L’aide d’une commande : greffier <commande> --help',
    en: 'Help on a command: greffier <command> --help',
  },
  unknownCommand: {
    fr: 'La commande {name} n’existe pas. La liste : greffier --help',
    en: 'The command {name} does not exist. The list: greffier --help',
  },
  nearCommand: {
    fr: 'La commande {name} n’existe pas. Vouliez-vous écrire {proposal} ?',
    en: 'The command {name} does not exist. Did you mean {proposal}?',
  },
  unknownOption: {
    fr: 'L’option {name} n’existe pas pour cette commande. L’aide : --help',
    en: 'The option {name} does not exist for this command. Help: --help',
  },
  optionNeedsValue: {
    fr: 'L’option {name} attend une valeur. L’aide : --help',
    en: 'The option {name} expects a value. Help: --help',
  },
  badOption: {
    fr: 'L’option {name} ne peut pas valoir {value}. Valeurs possibles : {allowed}.',
    en: 'The option {name} cannot be {value}. Possible values: {allowed}.',
  },
  tooMany: {
    fr: 'L’argument {value} est de trop. L’aide : --help',
    en: 'The argument {value} is one too many. Help: --help',
  },
  noRoot: {
    fr: 'Le dossier {path} n’existe pas.',
    en: 'The folder {path} does not exist.',
  },
  noRegistry: {
    fr: 'Le dossier {path} n’est pas un registre : il ne contient pas de dossier service-providers. Indiquez le bon avec --root.',
    en: 'The folder {path} is not a registry: it holds no folder service-providers. Give the right one with --root.',
  },
  noPath: { fr: 'Le chemin {path} n’existe pas.', en: 'The path {path} does not exist.' },
  outsideRoot: {
    fr: 'Le chemin {path} est hors du registre {root}.',
    en: 'The path {path} is outside the registry {root}.',
  },
  readDenied: {
    fr: 'Impossible de lire {path} : les droits du fichier ne le permettent pas.',
    en: 'Cannot read {path}: the permissions of the file do not allow it.',
  },
  unreadable: {
    fr: 'Impossible de lire {path} (erreur {code} du système).',
    en: 'Cannot read {path} (system error {code}).',
  },
  writeDenied: {
    fr: 'Impossible d’écrire {path} : les droits du fichier ou du dossier ne le permettent pas.',
    en: 'Cannot write {path}: the permissions of the file or folder do not allow it.',
  },
  link: {
    fr: '{path} est un lien symbolique : il peut mener hors du registre, et rien n’est lu ni écrit à travers lui. Mettez un vrai dossier, ou un vrai fichier, à sa place.',
    en: '{path} is a symbolic link: it may lead out of the registry, and nothing is read or written through it. Put a real folder, or a real file, in its place.',
  },
  unwritable: {
    fr: 'Impossible d’écrire {path} (erreur {code} du système).',
    en: 'Cannot write {path} (system error {code}).',
  },
  brokenPipe: {
    fr: 'La sortie a été fermée avant la fin.',
    en: 'The output was closed before the end.',
  },
  diskFull: {
    fr: 'Il n’y a plus de place sur le disque. Faites-en, puis recommencez.',
    en: 'The disk is full. Make room on it, then try again.',
  },
  systemRefuses: {
    fr: 'Cette machine refuse : {reason}. Vérifiez les droits et le disque, puis recommencez.',
    en: 'This machine refuses: {reason}. Check the permissions and the disk, then try again.',
  },
  bug: {
    fr: 'Greffier s’est trompé, et non vous : {reason}. Merci de le signaler.',
    en: 'Greffier is at fault, not you: {reason}. Please report it.',
  },
  reading: { fr: 'Lecture : {count} fichiers sur {all}', en: 'Reading: {count} of {all} files' },
  allGood: { fr: 'Rien à redire.', en: 'Nothing to say.' },
  filesRead: { fr: '{count} définitions lues', en: '{count} definitions read' },
  noneRead: { fr: 'Aucune définition lue', en: 'No definition read' },
  fileRead: { fr: '1 définition lue', en: '1 definition read' },
  noFile: {
    fr: 'Aucune définition dans ce registre. Pour en écrire une : greffier new',
    en: 'No definition in this registry. To write one: greffier new',
  },
  errors: { fr: '{count} erreurs', en: '{count} errors' },
  error: { fr: '1 erreur', en: '1 error' },
  decisions: { fr: '{count} décisions à prendre', en: '{count} decisions to take' },
  decision: { fr: '1 décision à prendre', en: '1 decision to take' },
  warnings: { fr: '{count} avertissements', en: '{count} warnings' },
  warning: { fr: '1 avertissement', en: '1 warning' },
  infos: { fr: '{count} informations', en: '{count} notes' },
  info: { fr: '1 information', en: '1 note' },
  severityError: { fr: 'erreur', en: 'error' },
  severityDecision: { fr: 'décision', en: 'decision' },
  severityWarning: { fr: 'avertissement', en: 'warning' },
  severityInfo: { fr: 'information', en: 'note' },
  why: { fr: 'Pourquoi :', en: 'Why:' },
  correction: { fr: 'Correction sûre :', en: 'Certain correction:' },
  fixable: {
    fr: '{count} se corrigent sans risque : greffier fix',
    en: '{count} can be corrected safely: greffier fix',
  },
  oneFixable: {
    fr: '1 se corrige sans risque : greffier fix',
    en: '1 can be corrected safely: greffier fix',
  },
  nothingToFix: { fr: 'Aucune correction à appliquer.', en: 'No correction to apply.' },
  fixedOne: { fr: '1 correction appliquée.', en: '1 correction applied.' },
  fixedMany: { fr: '{count} corrections appliquées.', en: '{count} corrections applied.' },
  wouldFixOne: {
    fr: '1 correction serait appliquée. Rien n’a été écrit.',
    en: '1 correction would be applied. Nothing was written.',
  },
  wouldFix: {
    fr: '{count} corrections seraient appliquées. Rien n’a été écrit.',
    en: '{count} corrections would be applied. Nothing was written.',
  },
  left: { fr: 'Reste à corriger à la main :', en: 'Left to correct by hand:' },
  unknownRule: {
    fr: 'La règle {rule} n’existe pas. La liste : greffier explain',
    en: 'The rule {rule} does not exist. The list: greffier explain',
  },
  nearRules: {
    fr: 'La règle {rule} n’existe pas. Peut-être {near} ?',
    en: 'The rule {rule} does not exist. Perhaps {near}?',
  },
  learnMore: {
    fr: 'Pour en savoir plus sur une règle : greffier explain RÈGLE',
    en: 'To know more about a rule: greffier explain RULE',
  },
} as const satisfies Record<string, Bilingual>;

/** One of the messages of the command line, in a language. */
export function t(sentence: Bilingual, language: Language, values: Values = {}): string {
  return interpolate(asTyped(sentence[language]), values, quoteInBackticks, language);
}
