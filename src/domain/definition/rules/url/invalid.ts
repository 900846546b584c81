import { definitionRule } from '#domain/definition/rules/rule';
import { saysNone } from '#domain/definition/rules/wrapping';
import { hasUnusualAddress, parseUrl, unusualAddressesOf } from './address.ts';
import { encodingProblemOf } from './percent.ts';

export const urlInvalid = definitionRule({
  id: 'url/invalid',
  severity: 'error',
  title: { fr: 'L’URL se lit comme une URL', en: 'The URL reads as a URL' },
  why: {
    fr: 'Une seule URL illisible suffit pour que ProConnect écarte toute la configuration : plus personne ne peut se connecter à votre application, quelle que soit l’URL utilisée.',
    en: 'A single unreadable URL is enough for ProConnect to drop the whole configuration: nobody can sign in to your application any more, whatever URL is used.',
  },
  suppresses: ['url/canonical', 'url/scheme'],
  messages: {
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
      fr: 'L’URL {value} est entourée de signes en trop. Écrivez l’URL seule : {correction}.',
      en: 'The URL {value} is surrounded by signs too many. Write the URL alone: {correction}.',
    },
    note: {
      fr: 'Une URL s’arrête à la première espace, et {value} en contient une. Si ce qui suit est une note, écrivez {correction} seul, et la note derrière « # », après une espace.',
      en: 'A URL ends at the first space, and {value} has one. If what follows is a note, write {correction} alone, and the note after a space and “#”.',
    },
    comma: {
      fr: 'Le domaine de l’URL {value} contient une virgule à la place d’un point. Écrivez {correction}.',
      en: 'The domain of the URL {value} has a comma where a dot should be. Write {correction}.',
    },
    doubled: {
      fr: '`https://` figure deux fois dans {value}. Écrivez {correction}.',
      en: '`https://` stands twice in {value}. Write {correction}.',
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
    email: {
      fr: '{value} est une adresse e-mail. Indiquez ici l’URL de votre application, par exemple `https://monapp.gouv.fr/auth/callback`.',
      en: '{value} is an e-mail address. Give the URL of your application here, for example `https://monapp.gouv.fr/auth/callback`.',
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
      fr: '{value} n’est pas une URL. Pour dire qu’il n’y en a aucune, écrivez [] derrière le nom de la liste, sur la même ligne.',
      en: '{value} is not a URL. To say that there is none, write [] after the name of the list, on the same line.',
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
    remove: { fr: 'Écrire []', en: 'Write []' },
    split: { fr: 'Faire une ligne de chacune', en: 'Make a line of each' },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/oidc/callback\n' },
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/?openidconnectcallback=1\n' },
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/%C3%A9tat?p=50%25&r=a%2Fb\n' },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - subventions.agence-fictive.gouv.fr/callback\n',
        messageIds: ['schemeless'],
      },
      { yaml: 'redirect_uris:\n  - /auth/callback\n', messageIds: ['relative'] },
      {
        yaml: 'redirect_uris:\n  - https%3A%2F%2Fsubventions.agence-fictive.gouv.fr%2Fcallback\n',
        messageIds: ['encoded'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a, https://subventions.agence-fictive.gouv.fr/b\n',
        messageIds: ['several'],
      },
      {
        yaml: 'redirect_uris:\n  - <https://subventions.agence-fictive.gouv.fr/callback>\n',
        messageIds: ['wrapped'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/callback (adresse de retour)\n',
        messageIds: ['note'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive,gouv.fr/callback\n',
        messageIds: ['comma'],
      },
      {
        yaml: 'redirect_uris:\n  - https://https://subventions.agence-fictive.gouv.fr/callback\n',
        messageIds: ['doubled'],
      },
      {
        yaml: 'redirect_uris:\n  - https//subventions.agence-fictive.gouv.fr/callback\n',
        messageIds: ['misspelt'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr:123456/callback\n',
        messageIds: ['port'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions agence-fictive.gouv.fr/callback\n',
        messageIds: ['host'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr:0/callback\n',
        messageIds: ['port'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/%zz\n',
        messageIds: ['percent'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/callback%0d%0a\n',
        messageIds: ['hidden'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a%5Ccallback\n',
        messageIds: ['slash'],
      },
      { yaml: 'redirect_uris:\n  - voir avec la DSI\n', messageIds: ['other'] },
      { yaml: 'post_logout_redirect_uris:\n  - aucune\n', messageIds: ['none'] },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, text, fault, url, list } of unusualAddressesOf(partial)) {
      if (fault === undefined && url !== undefined) {
        const problem = encodingProblemOf(url.pathname + url.search);
        if (url.port === '0') report({ pointer, messageId: 'port', values: { value: shown } });
        if (problem !== undefined)
          report({ pointer, messageId: problem.kind, values: { value: shown, part: problem.part } });
      }
      if (fault?.rule !== 'invalid') continue;
      const { messageId } = fault;
      if (messageId === 'other' && list === 'logout' && saysNone(text)) {
        report({
          pointer,
          messageId: 'none',
          values: { value: shown },
          fix: { title: 'remove', correction: { kind: 'remove' } },
        });
        continue;
      }
      if (messageId === 'missing' || messageId === 'application' || messageId === 'script') continue;
      if (messageId === 'several') {
        const { items = [], certain = false } = fault;
        const clean = certain && items.every((item) => parseUrl(item) !== undefined && !item.includes('@'));
        report({
          pointer,
          messageId,
          values: { value: shown, count: items.length },
          ...(clean && { fix: { title: 'split', correction: { kind: 'list', items } } }),
        });
      } else if (url !== undefined && fault.note !== undefined)
        report({ pointer, messageId: 'note', values: { value: shown, correction: url.written } });
      else if (url !== undefined)
        report({
          pointer,
          messageId,
          values: { value: shown, correction: url.written },
          fix: {
            title: 'fix',
            values: { correction: url.written },
            correction: { kind: 'set', value: url.written },
          },
        });
      else report({ pointer, messageId: withoutCorrection(messageId), values: { value: shown } });
    }
  },
});

type InvalidWords =
  | 'schemeless'
  | 'encoded'
  | 'wrapped'
  | 'note'
  | 'comma'
  | 'doubled'
  | 'misspelt'
  | 'relative'
  | 'port'
  | 'host'
  | 'email'
  | 'blank'
  | 'other';

/** Sentences that hold without knowing what was meant. */
function withoutCorrection(
  messageId: InvalidWords,
): 'encodedBadly' | 'relative' | 'port' | 'host' | 'email' | 'blank' | 'other' {
  if (messageId === 'encoded') return 'encodedBadly';
  if (messageId === 'comma') return 'host';
  if (
    messageId === 'note' ||
    messageId === 'schemeless' ||
    messageId === 'wrapped' ||
    messageId === 'doubled' ||
    messageId === 'misspelt'
  )
    return 'other';
  return messageId;
}
