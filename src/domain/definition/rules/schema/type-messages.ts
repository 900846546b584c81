/** What `schema/type` says. */
import type { Bilingual } from '#base/i18n/message';
import { insteadOf } from '#domain/definition/rules/what-to-write';

export const typeMessages = {
  emptyNeeded: {
    fr: 'Le champ {key} n’a pas de valeur, et il est nécessaire. Par exemple {example}.',
    en: 'The key {key} has no value, and it is needed. For example {example}.',
  },
  emptyNoExample: {
    fr: 'Le champ {key} n’a pas de valeur, et il est nécessaire. Complétez-la.',
    en: 'The key {key} has no value, and it is needed. Complete it.',
  },
  empty: {
    fr: 'Le champ {key} n’a pas de valeur. Donnez-lui-en une, ou retirez la ligne si ce champ n’est pas nécessaire.',
    en: 'The key {key} has no value. Give it one, or remove the line if the key is not needed.',
  },
  itemOf: {
    fr: 'Chaque élément de la liste {key} est une valeur seule, sans nom de champ. Écrivez {proposal}, sur une ligne.',
    en: 'Each item of the list {key} is a value alone, without keys. Write {proposal}, on one line.',
  },
  emptyItem: {
    fr: 'Un élément de la liste {key} est vide. Complétez-le ou retirez-le.',
    en: 'An item of the list {key} is empty. Complete it or remove it.',
  },
  emptyList: {
    fr: 'Le champ {key} n’a pas de valeur. S’il n’y en a aucune, écrivez {written}.',
    en: 'The key {key} has no value. When there is none, write {written}.',
  },
  emptyBoolean: {
    fr: 'Le champ {key} n’a pas de valeur. Écrivez true (oui) ou false (non).',
    en: 'The key {key} has no value. Write true (yes) or false (no).',
  },
  none: {
    fr: '{value} est lu comme une valeur de la liste {key}. Pour dire qu’il n’y en a aucune, écrivez deux crochets, [], à la place.',
    en: '{value} is read as a value of the list {key}. To say that there is none, write [].',
  },
  needed: {
    fr: 'La liste {key} ne peut pas être vide, et {value} n’en est pas une valeur. Écrivez au moins une ligne derrière un tiret, par exemple {example}.',
    en: 'The list {key} cannot be empty, and {value} is not one of its values. Write at least one line after a hyphen, for example {example}.',
  },
  list: {
    fr: 'Le champ {key} attend une liste : mettez {value} sur la ligne suivante, derrière un tiret.',
    en: 'The key {key} expects a list: put {value} on the next line, after a hyphen.',
  },
  several: {
    fr: 'Un élément de liste par valeur : {count} valeurs se suivent ici, {values}. Mettez chacune sur sa ligne, derrière un tiret.',
    en: 'One list item per value: {count} values follow each other here, {values}. Put each on its own line, after a hyphen.',
  },
  boolean: {
    fr: 'Le champ {key} attend true (oui) ou false (non), sans guillemets ni autre signe, et non {value}.',
    en: 'The key {key} expects true (yes) or false (no), without quotes, and not {value}.',
  },
  text: {
    fr: 'Le champ {key} attend un texte, et YAML lit ici un nombre ou un vrai/faux. Mettez-le entre guillemets : {value}.',
    en: 'The key {key} expects a text, and YAML reads a number or a true/false here. Put it in quotes: {value}.',
  },
  number: {
    fr: 'YAML lit {value} comme un nombre, et le champ {key} attend autre chose. Écrivez la valeur en entier, par exemple {example}.',
    en: 'The key {key} expects something else than {value}, which YAML reads as a number. Write the whole value, for example {example}.',
  },
  single: {
    fr: 'Le champ {key} attend une seule valeur, sans tiret, crochets ni accolades. Écrivez {proposal}.',
    en: 'The key {key} expects a single value, without hyphen, brackets or braces. Write {proposal}.',
  },
  colon: {
    fr: 'YAML lit {value} comme un champ et sa valeur, à cause des deux-points suivis d’une espace. Écrivez {proposal}.',
    en: 'YAML reads {value} as a key and its value, because of the colon followed by a space. Write {proposal}.',
  },
  oneText: {
    fr: 'Le champ {key} attend un seul texte, et il y en a plusieurs ici. Gardez-en un, derrière {key}, sur la même ligne.',
    en: 'The field {key} expects a single text, and there are several here. Keep one, on the same line as {key}.',
  },
  ...insteadOf({ fr: '{value} ressemble à une note.', en: '{value} looks like a note.' }),
  itemText: {
    fr: 'Sous {key}, il faut une seule valeur derrière chaque tiret. Écrivez-en une par ligne, chacune derrière son tiret.',
    en: 'Behind each hyphen of {key} there must be one value. Write one on each line, each behind its own hyphen.',
  },
  mapping: {
    fr: 'Le champ {key} n’a pas de valeur sur sa ligne. Écrivez dessous, en décalant de deux espaces : {known}.',
    en: 'The field {key} has no value on its own line. Write below it, indented by two spaces: {known}.',
  },
  mappingOf: {
    fr: 'Le champ {key} n’a pas de valeur sur sa ligne. Écrivez {proposal} sur la ligne suivante, décalée de deux espaces.',
    en: 'The field {key} has no value on its own line. Write {proposal} on the next line, indented by two spaces.',
  },
  noHyphen: {
    fr: 'Sous {key}, il n’y a pas de tiret : retirez celui qui est devant {known}.',
    en: 'There is no hyphen below {key}: remove the one before {known}.',
  },
  item: {
    fr: 'Le champ {key} attend une liste : mettez un tiret et une espace devant le premier de ces champs, et alignez l’autre dessous : {known}.',
    en: 'The key {key} expects a list: put a hyphen and a space before the first of these keys, and align the other below: {known}.',
  },
  hyphen: { fr: 'Mettre le tiret', en: 'Put the hyphen' },
  withoutHyphen: { fr: 'Retirer le tiret', en: 'Remove the hyphen' },
  scope: {
    fr: 'Chaque scope optionnel s’écrit avec sa raison : « - scope: … » puis, dessous, « justification: … ». Ici se trouve {value}.',
    en: 'Each optional scope is written with its reason: “- scope: …” and below it “justification: …”. Here stands {value}.',
  },
  root: {
    fr: 'Le fichier doit être une suite de lignes « champ: valeur », avec une espace après les deux-points. Partez du modèle que donne greffier new.',
    en: 'The file must be a series of “key: value” lines, with a space after the colon. Start from the template that greffier new gives.',
  },
  toEmpty: { fr: 'Écrire []', en: 'Write []' },
  toList: { fr: 'En faire une liste', en: 'Make it a list' },
  write: { fr: 'Écrire {value}', en: 'Write {value}' },
  quote: { fr: 'Mettre entre guillemets', en: 'Put in quotes' },
  below: { fr: 'L’écrire sur la ligne suivante', en: 'Write it on the next line' },
  remove: { fr: 'Retirer la ligne', en: 'Remove the line' },
} as const satisfies Readonly<Record<string, Bilingual>>;
