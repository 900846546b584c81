/** What `yaml/syntax` says. */
import type { Bilingual } from '#base/i18n/message';

export const syntaxMessages = {
  tab: {
    fr: 'Une tabulation sert d’indentation ligne {line}. YAML les refuse : remplacez-la par des espaces.',
    en: 'A tab is used as indentation on line {line}. YAML refuses them: replace it with spaces.',
  },
  colon: {
    fr: 'La valeur {value} contient « : » suivi d’une espace, que YAML prend pour un nouveau champ. Mettez-la entre guillemets.',
    en: 'The value {value} holds “:” followed by a space, which YAML takes for a new key. Put it in quotes.',
  },
  start: {
    fr: 'La valeur {value} commence par un caractère que YAML se réserve. Mettez-la entre guillemets.',
    en: 'The value {value} starts with a character that YAML keeps for itself. Put it in quotes.',
  },
  startOfName: {
    fr: 'Le nom {value} commence par {sign}, qu’un nom ne peut pas contenir, même entre guillemets. Écrivez-le en lettres.',
    en: 'The name {value} begins with {sign}, which a name cannot have, even in quotes. Write it in letters.',
  },
  at: {
    fr: 'Un identifiant s’écrit sans arobase. Écrivez {correction}.',
    en: 'A login is written without the at sign. Write {correction}.',
  },
  innerQuotes: {
    fr: 'Le texte est entre guillemets, et ceux qu’il contient le terminent trop tôt. Écrivez {correction}.',
    en: 'The text is in quotes, and its own quotes end it too early. Write {correction}.',
  },
  sentences: {
    fr: 'Plusieurs phrases sont sur des lignes séparées, et il en faut une seule. Écrivez par exemple {correction}.',
    en: 'Several sentences stand on lines of their own, and there must be one. Write for example {correction}.',
  },
  quotes: {
    fr: 'Un texte entre guillemets n’est pas fermé, ou continue après son guillemet fermant. Entre apostrophes, doublez celles du texte, ou utilisez des guillemets doubles.',
    en: 'A quoted text is not closed, or goes on after its closing quote. Within single quotes, double those of the text, or use double quotes.',
  },
  unclosed: {
    fr: 'Le guillemet {quote} ouvert ici, devant {value}, n’est fermé nulle part sur la ligne : YAML prend les lignes suivantes pour la suite du texte. Ajoutez {quote} à la fin de la valeur.',
    en: 'The quote {quote} opened here, before {value}, is not closed anywhere on its line: YAML takes the following lines for the rest of the text. Add {quote} at the end of the value.',
  },
  bracket: {
    fr: 'Une liste ou un groupe ouvert par « [ » ou « {brace} » n’est pas fermé.',
    en: 'A list or a group opened by “[” or “{brace}” is not closed.',
  },
  indentation: {
    fr: 'L’indentation de la ligne {line} ne correspond à rien : alignez-la sur les lignes voisines, avec des espaces.',
    en: 'The indentation of line {line} matches nothing: align it with its neighbours, with spaces.',
  },
  other: {
    fr: 'Le fichier n’est pas un YAML valide : la lecture s’arrête ligne {line}, colonne {column}. Vérifiez cette ligne et celle d’avant : un champ, deux-points, une espace, une valeur.',
    en: 'The file is not valid YAML: reading stops at line {line}, column {column}. Check this line and the one before: a key, a colon, a space, a value.',
  },
  several: {
    fr: 'Plusieurs valeurs se suivent sur la même ligne. Faites une ligne de chacune : {correction}.',
    en: 'Several values follow each other on one line. Make one line of each: {correction}.',
  },
  quote: { fr: 'Mettre la valeur entre guillemets', en: 'Put the value in quotes' },
  close: { fr: 'Fermer le guillemet', en: 'Close the quote' },
  tabs: {
    fr: 'Des tabulations servent d’indentation à partir de la ligne {line}. YAML les refuse : remplacez-les toutes par des espaces.',
    en: 'Tabs are used as indentation from line {line} on. YAML refuses them: replace them all with spaces.',
  },
  space: {
    fr: 'Il manque une espace après les deux-points. Écrivez {correction}.',
    en: 'A space is missing after the colon. Write {correction}.',
  },
  separator: {
    fr: 'Un champ est suivi de deux-points et d’une espace. Écrivez {correction}.',
    en: 'A key is followed by a colon and a space. Write {correction}.',
  },
  block: {
    fr: 'Il manque les deux-points derrière le nom du champ. Écrivez {correction}.',
    en: 'The colon behind the key is missing. Write {correction}.',
  },
  bullet: {
    fr: 'Un élément de liste commence par un tiret du clavier (-) et une espace. Écrivez {correction}.',
    en: 'A list item begins with a keyboard hyphen (-) and a space. Write {correction}.',
  },
  hyphen: {
    fr: 'Il manque une espace après le tiret. Écrivez {correction}.',
    en: 'A space is missing after the hyphen. Write {correction}.',
  },
  level: {
    fr: 'Cette ligne n’est pas au bon niveau. Mettez {count} espaces devant {correction}, ni plus ni moins.',
    en: 'This line is not at the right level. Put {count} spaces before {correction}, no more and no less.',
  },
  margin: {
    fr: 'Cette ligne n’est pas au bon niveau. Écrivez {correction} au bord gauche, sans espace devant.',
    en: 'This line is not at the right level. Write {correction} at the left margin, without a space before it.',
  },
  continuation: {
    fr: 'Le texte continue sur une autre ligne, que YAML ne lui rattache pas. Écrivez-le sur une seule : {correction}.',
    en: 'The text goes on over another line, which YAML does not join to it. Write it on one line: {correction}.',
  },
  sameLine: {
    fr: 'Deux champs sont sur la même ligne. Écrivez {correction} sur deux lignes, la seconde décalée de deux espaces.',
    en: 'Two keys are on the same line. Write {correction} on two lines, the second one indented by two spaces.',
  },
  wrapped: {
    fr: 'Des signes en trop entourent la valeur, et YAML ne peut pas la lire. Écrivez {correction}.',
    en: 'There are signs too many around the value, and YAML cannot read it. Write {correction}.',
  },
  apostrophe: {
    fr: 'Le texte est entre apostrophes, et celle qu’il contient le termine trop tôt. Écrivez-le entre guillemets : {correction}.',
    en: 'The text is in single quotes, and its own apostrophe ends it too early. Write it in double quotes: {correction}.',
  },
  blockSign: {
    fr: 'Le signe devant le texte (« | » ou « > ») est de trop. Écrivez {correction}.',
    en: 'The sign before the text (“|” or “>”) is one too many. Write {correction}.',
  },
  pasted: {
    fr: 'Le fichier a été copié avec les signes ou les numéros qui précédaient chaque ligne. Retirez-les partout. Les premières lignes deviennent alors, l’une sous l’autre : {correction}.',
    en: 'The file was copied with the signs or numbers that stood before each line. Remove them everywhere. The first lines then become, one below the other: {correction}.',
  },
  fence: {
    fr: 'Les lignes de trois accents graves viennent de la page d’où le fichier a été copié. Retirez-les.',
    en: 'The lines of three backticks come from the page from which the file was copied. Remove them.',
  },
  mail: {
    fr: 'Les lignes qui commencent à {found} viennent d’un e-mail et ne font pas partie de la demande. Retirez-les.',
    en: 'These lines, from {found} on, come from an e-mail and are not part of the request. Remove them.',
  },
  stray: {
    fr: 'La ligne {found} n’est pas un champ suivi de deux-points. Si c’est une note, mettez devant un dièse et une espace : {correction}. Sinon, retirez-la.',
    en: 'The line {found} is not a field followed by a colon. If it is a note, put a hash sign and a space before it: {correction}. If not, remove it.',
  },
  write: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  spaces: { fr: 'Mettre les espaces qu’il faut', en: 'Put the right spaces' },
  clean: { fr: 'Retirer ce qui est en trop', en: 'Remove what is too much' },
} as const satisfies Readonly<Record<string, Bilingual>>;
