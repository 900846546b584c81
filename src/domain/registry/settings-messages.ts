/** What is said of settings that were not understood: part of the rule `change/settings`, of the issue and of `validate`. */
import type { Bilingual, Message } from '#base/i18n/message';

/** Each says what is wrong and what to write; what becomes of the settings meanwhile is said beside it. */
export const settingsMessages = {
  missing: {
    fr: 'Il n’y a plus de fichier de réglages. Remettez-le ; pour revenir aux réglages par défaut, gardez un fichier vide.',
    en: 'There is no file of settings any more. Put it back; to go back to the defaults, keep an empty file.',
  },
  misnamed: {
    fr: 'Greffier ne lit pas ce fichier : rien de ce qu’il règle n’est en vigueur. Les réglages sont dans {path}, sous ce nom exactement : renommez-le, ou retirez-le.',
    en: 'Greffier does not read this file: nothing that it sets is in force. The settings are in {path}, by exactly that name: rename it, or remove it.',
  },
  link: {
    fr: 'Le fichier de réglages est un lien ou un sous-module. Écrivez les réglages dans le fichier lui-même.',
    en: 'The file of settings is a link or a submodule. Write the settings in the file itself.',
  },
  encoding: {
    fr: 'Le fichier de réglages n’est pas un texte en UTF-8. Enregistrez-le de nouveau en UTF-8.',
    en: 'The file of settings is not a text in UTF-8. Save it again as UTF-8.',
  },
  yaml: {
    fr: 'Le fichier de réglages n’est pas un YAML lisible (ligne {line}). Vérifiez les deux-points et le retrait de cette ligne et de celle d’avant.',
    en: 'The settings are not readable YAML (line {line}). Check the colons and the indentation of this line and of the one before.',
  },
  tab: {
    fr: 'Une tabulation sert de retrait ligne {line}, et YAML les refuse. Remplacez-la par des espaces.',
    en: 'A tab is used as indentation on line {line}, and YAML refuses them. Replace it with spaces.',
  },
  twice: {
    fr: 'Le même réglage est écrit deux fois au même endroit, la seconde ligne {line}. Gardez-en un seul.',
    en: 'The same setting is written twice in the same place, the second time on line {line}. Keep one of them.',
  },
  size: {
    fr: 'Le fichier de réglages dépasse {limit} octets. Raccourcissez-le.',
    en: 'The settings are larger than {limit} bytes. Shorten them.',
  },
  unknown: {
    fr: 'Le réglage {key} n’existe pas. Réglages possibles ici : {known}.',
    en: 'There is no setting {key}. Settings that can stand here: {known}.',
  },
  mapping: {
    fr: '{key} doit contenir des réglages, sous la forme « champ: valeur ».',
    en: '{key} must hold settings, as “key: value”.',
  },
  choice: {
    fr: '{key} ne peut pas valoir {value}. Valeurs possibles : {known}.',
    en: '{key} cannot be {value}. Possible values: {known}.',
  },
  number: {
    fr: '{key} ne peut pas valoir {value} : il faut un nombre entier de {least} à {most}.',
    en: '{key} cannot be {value}: a whole number from {least} to {most} is needed.',
  },
  boolean: {
    fr: '{key} ne peut pas valoir {value} : écrivez `true` ou `false`.',
    en: '{key} cannot be {value}: write `true` or `false`.',
  },
  label: {
    fr: '{key} ne peut pas valoir {value} : il faut un texte de 1 à 50 caractères.',
    en: '{key} cannot be {value}: a text of 1 to 50 characters is needed.',
  },
  'same-label': {
    fr: 'Deux étiquettes porteraient le nom {value}. Donnez à chacune le sien.',
    en: 'Two labels would have the name {value}. Give each one its own.',
  },
  team: {
    fr: '{value} n’est pas le nom d’une équipe : écrivez `organisation/équipe`.',
    en: '{value} is not the name of a team: write `organization/team`.',
  },
  hidden: {
    fr: '{key} contient un caractère que personne ne voit ({characters}), venu d’un copier-coller. Effacez la valeur et retapez-la au clavier.',
    en: '{key} holds a character that nobody sees ({characters}), which came by copying. Delete the value and type it anew.',
  },
  reviewer: {
    fr: '{value} n’est ni un compte, ni une équipe : écrivez `compte` ou `organisation/équipe`.',
    en: '{value} is neither an account nor a team: write `account` or `organization/team`.',
  },
  day: {
    fr: '{key} ne peut pas valoir {value} : il faut un jour, écrit comme `2027-01-04`.',
    en: '{key} cannot be {value}: a day is needed, written like `2027-01-04`.',
  },
  period: {
    fr: '{key} ne peut pas valoir {value} : il faut un nombre de jours de {least} à {most}, écrit comme `365d`.',
    en: '{key} cannot be {value}: a number of days from {least} to {most} is needed, written like `365d`.',
  },
  lacking: {
    fr: '{key} manque : un gel dit jusqu’à quel jour, et pourquoi. Par exemple : `{ until: 2027-01-04, reason: Fêtes de fin d’année }`.',
    en: '{key} is missing: a freeze says until which day, and why. For example: `{ until: 2027-01-04, reason: Fêtes de fin d’année }`.',
  },
  reason: {
    fr: '{key} ne peut pas valoir {value} : il faut un texte d’une ligne, de 1 à {most} caractères, que les demandeurs liront.',
    en: '{key} cannot be {value}: a text of one line of 1 to {most} characters is needed, which applicants will read.',
  },
  list: {
    fr: '{key} doit être une liste de {most} éléments au plus.',
    en: '{key} must be a list of at most {most} items.',
  },
} as const satisfies Record<string, Bilingual>;

/** Something in the settings that was not understood. */
export interface SettingsProblem {
  /** RFC 6901 pointer; empty for the whole file. */
  readonly pointer: string;
  /** From 1. */
  readonly line: number;
  readonly messageId: keyof typeof settingsMessages;
  readonly values: Message['values'];
}
