/** What `url/invalid` says. */
import type { Bilingual } from '#base/i18n/message';
import { keyboardMessage } from '#domain/definition/rules/keyboard-form';

export const invalidMessages = {
  keyboard: keyboardMessage,
  schemeless: {
    fr: 'Il manque le début de l’URL {value}. Écrivez {correction}.',
    en: 'The start of the URL {value} is missing. Write {correction}.',
  },
  relative: {
    fr: '{value} n’est que la fin d’une URL. Écrivez-la en entier, par exemple `https://monapp.gouv.fr/auth/callback`.',
    en: '{value} is only the end of a URL. Write it whole, for example `https://monapp.gouv.fr/auth/callback`.',
  },
  encoded: {
    fr: 'L’URL {value} a été collée encodée. Écrivez-la décodée : {correction}.',
    en: 'The URL {value} was pasted encoded. Write it decoded: {correction}.',
  },
  encodedBadly: {
    fr: 'L’URL {value} a été collée encodée. Écrivez-la telle qu’elle paraît dans un navigateur.',
    en: 'The URL {value} was pasted encoded. Write it as it appears in a browser.',
  },
  several: {
    fr: 'Une seule URL par élément : {value} en contient {count}. Faites une ligne de chacune, précédée d’un tiret.',
    en: 'One URL per item: {value} holds {count}. Make a line of each, with a hyphen in front.',
  },
  wrapped: {
    fr: 'L’URL {value} est entourée de signes en trop ({signs}). Écrivez l’URL seule : {correction}.',
    en: 'The URL {value} has signs around it that do not belong there ({signs}). Write the URL alone: {correction}.',
  },
  note: {
    fr: 'Une URL s’arrête à la première espace, et {value} en contient une. Si ce qui suit est une note, écrivez {correction} seul, et la note derrière « # », après une espace.',
    en: 'A URL ends at the first space, and {value} has one. If what follows is a note, write {correction} alone, and the note after a space and “#”.',
  },
  cut: {
    fr: 'L’URL {value} a été coupée en deux. Écrivez-la d’un seul tenant : {joined}.',
    en: 'The URL {value} was cut in two. Write it in one piece: {joined}.',
  },
  spaced: {
    fr: 'Une URL ne contient pas d’espace, et {value} en contient. Si la fin appartient à l’URL, recopiez-la telle que votre application l’envoie, sans espace. Si c’est une note, écrivez {correction} seul, et la note derrière « # », après une espace.',
    en: 'A URL holds no space, and {value} does. If the end belongs to the URL, copy it as your application sends it, without spaces. If it is a note, write {correction} alone, and the note after a space and “#”.',
  },
  rewritten: {
    fr: '{value} est un lien réécrit par une messagerie ou un moteur de recherche, et non l’URL de votre application. Écrivez celle qu’il contient : {correction}.',
    en: '{value} is a link rewritten by a mail system or a search engine, and not the URL of your application. Write the one that it holds: {correction}.',
  },
  rewrittenBadly: {
    fr: '{value} est un lien réécrit par une messagerie ou un moteur de recherche. Recopiez l’URL de votre application depuis l’application elle-même.',
    en: '{value} is a link rewritten by a mail system or a search engine. Copy the URL of your application from the application itself.',
  },
  signs: {
    fr: 'L’URL {value} contient {signs}, que les traitements de texte mettent à la place des signes du clavier. Écrivez {correction}.',
    en: 'The URL {value} has {signs}, which word processors put in the place of the signs of the keyboard. Write {correction}.',
  },
  signsAsked: {
    fr: 'L’URL {value} contient {signs}, que les traitements de texte mettent à la place des signes du clavier. Recopiez l’URL telle que votre application l’envoie, sans doute {correction}.',
    en: 'The URL {value} has {signs}, which word processors put in the place of the signs of the keyboard. Copy the URL as your application sends it, probably {correction}.',
  },
  signsUnclear: {
    fr: 'L’URL {value} contient {signs}, qui ne s’y écrit pas : elle est sans doute abrégée ou mise en forme. Recopiez-la en entier, telle que votre application l’envoie.',
    en: 'The URL {value} has {signs}, which is not written there: it is probably shortened or formatted. Copy it whole, as your application sends it.',
  },
  comma: {
    fr: 'Le domaine de l’URL {value} contient une virgule à la place d’un point. Écrivez {correction}.',
    en: 'The domain of the URL {value} has a comma where a dot should be. Write {correction}.',
  },
  doubled: {
    fr: 'L’adresse {value} commence deux fois. Une fois suffit : {correction}.',
    en: 'The address {value} begins twice. Once is enough: {correction}.',
  },
  misspelt: {
    fr: 'Le début de l’URL {value} est mal écrit. Écrivez {correction}.',
    en: 'The start of the URL {value} is misspelt. Write {correction}.',
  },
  port: {
    fr: 'Le port de l’URL {value} n’existe pas (de 1 à 65535). Corrigez-le, ou retirez-le s’il n’est pas utile.',
    en: 'The port of the URL {value} does not exist (1 to 65535). Correct it, or remove it when it is not needed.',
  },
  host: {
    fr: 'Le nom de domaine de l’URL {value} est mal écrit. Vérifiez ce qui suit `https://` : lettres, chiffres, tirets et points, sans espace ni point doublé.',
    en: 'The domain name of the URL {value} is badly written. Check what follows `https://`: letters, digits, hyphens and dots, without spaces or doubled dots.',
  },
  underscore: {
    fr: 'Le domaine de l’URL {value} contient un `_`, qu’aucune autorité n’accepte dans un certificat. Vérifiez-le : sans doute {proposal}.',
    en: 'The domain of the URL {value} has a `_`, which no authority accepts in a certificate. Check it: probably {proposal}.',
  },
  blanks: {
    fr: 'L’URL {value} est à compléter : mettez le vrai nom à la place de ce qui est entre crochets, sans eux.',
    en: 'The URL {value} is to be completed: put the real name in the place of what stands in brackets, without them.',
  },
  email: {
    fr: '{value} est une adresse e-mail. Indiquez ici l’URL de votre application, par exemple `https://monapp.gouv.fr/auth/callback`.',
    en: '{value} is an e-mail address. Give the URL of your application here, for example `https://monapp.gouv.fr/auth/callback`.',
  },
  otherLogout: {
    fr: '{value} n’est pas une URL. Écrivez en entier celle de la page où l’usager arrive après s’être déconnecté, par exemple `https://monapp.gouv.fr/deconnexion`. S’il n’y en a pas, retirez cette ligne et écrivez `post_logout_redirect_uris: []`.',
    en: '{value} is not a URL. Write in full the one of the page where the user arrives after signing out, for example `https://monapp.gouv.fr/deconnexion`. When there is none, remove this line and write `post_logout_redirect_uris: []`.',
  },
  blank: {
    fr: 'Cette URL est vide. Retirez la ligne, ou écrivez l’URL complète.',
    en: 'This URL is empty. Remove the line, or write the complete URL.',
  },
  other: {
    fr: '{value} n’est pas une URL. Écrivez une URL complète, par exemple `https://monapp.gouv.fr/auth/callback`.',
    en: '{value} is not a URL. Write a complete URL, for example `https://monapp.gouv.fr/auth/callback`.',
  },
  none: {
    fr: '{value} n’est pas une URL. S’il n’y en a aucune, retirez cette ligne et écrivez au-dessus `post_logout_redirect_uris: []`.',
    en: '{value} is not a URL. When there is none, remove this line and write above it `post_logout_redirect_uris: []`.',
  },
  percent: {
    fr: 'Dans {value}, {part} n’est pas un caractère encodé : deux chiffres hexadécimaux suivent toujours `%`. Copiez l’URL telle que votre application l’envoie ; un vrai `%` s’y écrit `%25`.',
    en: 'In {value}, {part} is not an encoded character: two hexadecimal digits always follow `%`. Copy the URL as your application sends it; a real `%` is written `%25` there.',
  },
  hidden: {
    fr: '{value} contient {part}, un caractère encodé que personne ne voit (retour à la ligne, tabulation, octet nul…). Copiez l’URL telle que votre application l’envoie, sans lui.',
    en: '{value} holds {part}, an encoded character that nobody sees (line break, tab, null byte…). Copy the URL as your application sends it, without it.',
  },
  slash: {
    fr: '{value} contient {part}, que certains serveurs lisent comme une barre et d’autres non : l’usager pourrait arriver ailleurs. Écrivez l’URL avec de simples `/`, telle que votre application l’envoie.',
    en: '{value} holds {part}, which some servers read as a slash and others do not: the user could end up elsewhere. Write the URL with plain `/`, as your application sends it.',
  },
  remove: {
    fr: 'Retirer la ligne et écrire `post_logout_redirect_uris: []`',
    en: 'Remove the line and write `post_logout_redirect_uris: []`',
  },
  removeLine: { fr: 'Retirer la ligne', en: 'Remove the line' },
  split: { fr: 'Faire une ligne de chacune', en: 'Make a line of each' },
  fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
} as const satisfies Readonly<Record<string, Bilingual>>;
