/** Rules on how a URL is written: whether it is one, and what it must not contain. */
import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, parseUrl, unusualAddressesOf } from './address.ts';

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
    doubled: {
      fr: '`https://` figure deux fois dans {value}. Écrivez {correction}.',
      en: '`https://` stands twice in {value}. Write {correction}.',
    },
    misspelt: {
      fr: 'Le début de l’URL {value} est mal écrit. Écrivez {correction}.',
      en: 'The start of the URL {value} is misspelt. Write {correction}.',
    },
    port: {
      fr: 'Le port de l’URL {value} n’existe pas (65535 au plus). Corrigez-le, ou retirez-le s’il n’est pas utile.',
      en: 'The port of the URL {value} does not exist (65535 at most). Correct it, or remove it when it is not needed.',
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
    split: { fr: 'Faire une ligne de chacune', en: 'Make a line of each' },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/oidc/callback\n' },
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/?openidconnectcallback=1\n' },
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
      { yaml: 'redirect_uris:\n  - voir avec la DSI\n', messageIds: ['other'] },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, text, fault, url } of unusualAddressesOf(partial)) {
      if (fault?.rule !== 'invalid') continue;
      const { messageId } = fault;
      if (messageId === 'missing' || messageId === 'application' || messageId === 'script') continue;
      if (messageId === 'several') {
        const items = text
          .trim()
          .split(/[\s,|]+/)
          .filter(Boolean);
        const clean = items.every((item) => parseUrl(item) !== undefined && !item.includes('@'));
        report({
          pointer,
          messageId,
          values: { value: shown, count: items.length },
          ...(clean && { fix: { title: 'split', correction: { kind: 'list', items } } }),
        });
      } else if (url !== undefined)
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
  if (
    messageId === 'schemeless' ||
    messageId === 'wrapped' ||
    messageId === 'doubled' ||
    messageId === 'misspelt'
  )
    return 'other';
  return messageId;
}

export const urlScheme = definitionRule({
  id: 'url/scheme',
  severity: 'error',
  title: { fr: 'L’URL commence par https', en: 'The URL starts with https' },
  why: {
    fr: 'ProConnect renvoie l’usager par son navigateur : seules les URL `https` (et `http` sur le poste du développeur, en intégration) y mènent. Une autre forme fait refuser le client entier.',
    en: 'ProConnect sends the user back through the browser: only `https` URLs (and `http` on the developer’s machine, in integration) lead there. Any other form makes the whole client be refused.',
  },
  suppresses: ['url/canonical'],
  messages: {
    missing: {
      fr: 'Il manque le début de l’URL {value}. Écrivez {correction}.',
      en: 'The start of the URL {value} is missing. Write {correction}.',
    },
    misspelt: {
      fr: 'Le début de l’URL {value} est mal écrit. Écrivez {correction}.',
      en: 'The start of the URL {value} is misspelt. Write {correction}.',
    },
    application: {
      fr: 'Les schémas d’application mobile comme {value} ne sont pas acceptés par ProConnect. Utilisez une URL `https` (lien universel ou App Link).',
      en: 'Mobile application schemes such as {value} are not accepted by ProConnect. Use an `https` URL (universal link or App Link).',
    },
    script: {
      fr: '{value} n’est pas une URL de page web : le navigateur exécuterait son contenu. Indiquez l’URL `https` de votre application.',
      en: '{value} is not the URL of a web page: the browser would run its content. Give the `https` URL of your application.',
    },
    email: {
      fr: '{value} est une adresse e-mail. Indiquez ici l’URL de votre application, par exemple `https://monapp.gouv.fr/auth/callback`.',
      en: '{value} is an e-mail address. Give the URL of your application here, for example `https://monapp.gouv.fr/auth/callback`.',
    },
    other: {
      fr: '{value} n’est pas une URL de page web. Indiquez l’URL `https` de votre application.',
      en: '{value} is not the URL of a web page. Give the `https` URL of your application.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/oidc/callback\n' }],
    bad: [
      { yaml: 'redirect_uris:\n  - fr.gouv.agence.app://callback\n', messageIds: ['application'] },
      { yaml: 'redirect_uris:\n  - "javascript:alert(1)"\n', messageIds: ['script'] },
      {
        yaml: 'redirect_uris:\n  - ftp://subventions.agence-fictive.gouv.fr/callback\n',
        messageIds: ['other'],
      },
      {
        yaml: 'redirect_uris:\n  - subventions.agence-fictive.gouv.fr:8443/callback\n',
        messageIds: ['missing'],
      },
      {
        yaml: 'redirect_uris:\n  - htps://subventions.agence-fictive.gouv.fr/callback\n',
        messageIds: ['misspelt'],
      },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, fault, url } of unusualAddressesOf(partial)) {
      if (fault?.rule !== 'scheme') continue;
      const { messageId } = fault;
      if ((messageId === 'missing' || messageId === 'misspelt') && url !== undefined)
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
      else
        report({
          pointer,
          messageId:
            messageId === 'application' || messageId === 'script' || messageId === 'email'
              ? messageId
              : 'other',
          values: { value: shown },
        });
    }
  },
});

export const urlWildcard = definitionRule({
  id: 'url/wildcard',
  severity: 'error',
  title: { fr: 'L’URL est exacte, sans joker', en: 'The URL is exact, without a wildcard' },
  why: {
    fr: 'ProConnect compare l’URL de retour caractère par caractère : un joker ou une variable ne correspondrait jamais à rien, et accepter plusieurs hôtes à la fois ouvrirait la porte à des inconnus.',
    en: 'ProConnect compares the return URL character by character: a wildcard or a variable would never match anything, and accepting several hosts at once would open the door to strangers.',
  },
  suppresses: ['url/canonical', 'url/incomplete', 'url/slash-twin'],
  messages: {
    star: {
      fr: 'Le joker `*` de {value} n’est pas possible : listez chaque URL exacte.',
      en: 'The wildcard `*` of {value} is not possible: list each exact URL.',
    },
    variable: {
      fr: '{value} contient une partie à remplacer ({part}). Listez chaque URL exacte, telle que votre application l’envoie.',
      en: '{value} holds a part to be replaced ({part}). List each exact URL, as your application sends it.',
    },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/oidc/callback\n' }],
    bad: [
      { yaml: 'redirect_uris:\n  - https://*.agence-fictive.gouv.fr/callback\n', messageIds: ['star'] },
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/*\n', messageIds: ['star'] },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/{TENANT}/callback\n',
        messageIds: ['variable'],
      },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, text, fault, url } of unusualAddressesOf(partial)) {
      if (fault !== undefined && url === undefined && fault.messageId !== 'host') continue;
      const star = text.indexOf('*');
      const part = /[$#]?\{\{?[^{}]*\}\}?|<[^<>]*>|\$\w+|%7B[^%]*%7D/i.exec(text)?.[0];
      if (star >= 0) report({ pointer, span: [star, star + 1], messageId: 'star', values: { value: shown } });
      else if (part !== undefined && fault?.messageId !== 'wrapped')
        report({ pointer, messageId: 'variable', values: { value: shown, part } });
    }
  },
});

export const urlFragment = definitionRule({
  id: 'url/fragment',
  severity: 'error',
  title: { fr: 'L’URL n’a pas de fragment', en: 'The URL has no fragment' },
  why: {
    fr: 'Ce qui suit `#` reste dans le navigateur et n’atteint jamais le serveur : OAuth 2.0 (RFC 6749, § 3.1.2) l’interdit, et ProConnect refuse alors le client entier, même si le fragment est vide.',
    en: 'What follows `#` stays in the browser and never reaches the server: OAuth 2.0 (RFC 6749, §3.1.2) forbids it, and ProConnect then refuses the whole client, even when the fragment is empty.',
  },
  suppresses: ['url/canonical'],
  messages: {
    fragment: {
      fr: 'L’URL {value} contient un fragment ({fragment}). Donnez une URL de retour sans `#`, que votre serveur reçoit.',
      en: 'The URL {value} holds a fragment ({fragment}). Give a return URL without `#`, one that your server receives.',
    },
    empty: {
      fr: 'L’URL {value} se termine par un `#`. Retirez-le : {correction}.',
      en: 'The URL {value} ends with a `#`. Remove it: {correction}.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/callback\n' }],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/#/callback\n',
        messageIds: ['fragment'],
      },
      {
        yaml: 'redirect_uris:\n  - "https://subventions.agence-fictive.gouv.fr/callback#"\n',
        messageIds: ['empty'],
      },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, text, url } of unusualAddressesOf(partial)) {
      const start = text.indexOf('#');
      if (start < 0 || url === undefined) continue;
      const fragment = text.slice(start).trim();
      const correction = url.href.replace(/#.*$/s, '');
      if (fragment === '#')
        report({
          pointer,
          messageId: 'empty',
          values: { value: shown, correction },
          fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
        });
      else
        report({
          pointer,
          span: [start, text.length],
          messageId: 'fragment',
          values: { value: shown, fragment },
        });
    }
  },
});

export const urlCredentials = definitionRule({
  id: 'url/credentials',
  severity: 'error',
  title: {
    fr: 'L’URL ne contient ni identifiant ni mot de passe',
    en: 'The URL holds no user name or password',
  },
  why: {
    fr: 'Ce registre est lu par beaucoup de monde et garde tout son historique : un mot de passe écrit dans une URL est à considérer comme connu de tous.',
    en: 'Many people read this registry and it keeps its whole history: a password written in a URL must be considered known to everyone.',
  },
  suppresses: ['url/canonical'],
  messages: {
    credentials: {
      fr: 'L’URL {value} contient un identifiant ou un mot de passe (masqué ici). Retirez-le : {correction} ; et changez ce mot de passe, l’historique le garde.',
      en: 'The URL {value} holds a user name or a password (hidden here). Remove it: {correction}; and change that password, the history keeps it.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/@agence/callback\n' }],
    bad: [{ yaml: 'redirect_uris:\n  - https://user:pass@subventions.agence-fictive.gouv.fr/callback\n' }],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, url } of unusualAddressesOf(partial)) {
      if (url?.credentials !== true) continue;
      const correction = url.href;
      report({
        pointer,
        messageId: 'credentials',
        values: { value: shown, correction },
        fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
      });
    }
  },
});

/** Parameters that application servers add to the path, and entities of copied HTML: both are noise. */
function withoutNoise(text: string): string | undefined {
  const plain = text
    .replace(/;(?:jsessionid|phpsessid|sid)=[^/?#;]*/gi, '')
    .replace(/&amp;/gi, '&')
    .replace(/;+$/, '');
  return plain !== text && !plain.includes(';') ? plain : undefined;
}

export const urlSemicolon = definitionRule({
  id: 'url/semicolon',
  severity: 'error',
  title: { fr: 'L’URL ne contient pas de point-virgule', en: 'The URL has no semicolon' },
  why: {
    fr: 'La console de ProConnect sépare les URL par des points-virgules : la prochaine modification du client par un opérateur couperait celle-ci en deux.',
    en: 'The ProConnect console separates URLs with semicolons: the next change of the client by an operator would cut this one in two.',
  },
  suppresses: ['url/canonical', 'url/invalid'],
  messages: {
    semicolon: {
      fr: 'L’URL {value} contient un point-virgule, que la console ProConnect ne gère pas : elle coupe l’URL en deux. Donnez une URL sans `;`.',
      en: 'The URL {value} has a semicolon, which the ProConnect console cannot handle: it cuts the URL in two. Give a URL without `;`.',
    },
    noise: {
      fr: 'L’URL {value} contient un point-virgule, que la console ProConnect ne gère pas : elle coupe l’URL en deux. Écrivez {correction}.',
      en: 'The URL {value} has a semicolon, which the ProConnect console cannot handle: it cuts the URL in two. Write {correction}.',
    },
    several: {
      fr: '{value} contient plusieurs URL séparées par des points-virgules. Faites une ligne de chacune, précédée d’un tiret.',
      en: '{value} holds several URLs separated by semicolons. Make a line of each, with a hyphen in front.',
    },
    split: { fr: 'Faire une ligne de chacune', en: 'Make a line of each' },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/callback?a=1&b=2\n' }],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a;v=1/callback\n',
        messageIds: ['semicolon'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/cb;jsessionid=1A2B3C\n',
        messageIds: ['noise'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a;https://subventions.agence-fictive.gouv.fr/b\n',
        messageIds: ['several'],
      },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, text, url, fault } of unusualAddressesOf(partial)) {
      const start = text.indexOf(';');
      if (start < 0) continue;
      if (/;\s*https?:\/\//i.test(text)) {
        const items = text.split(/[\s;]+/).filter(Boolean);
        const clean = items.every((item) => parseUrl(item) !== undefined && !item.includes('@'));
        report({
          pointer,
          messageId: 'several',
          values: { value: shown },
          ...(clean && { fix: { title: 'split', correction: { kind: 'list', items } } }),
        });
        continue;
      }
      if (url === undefined || fault !== undefined) continue;
      const correction = withoutNoise(url.href);
      if (correction === undefined)
        report({ pointer, span: [start, start + 1], messageId: 'semicolon', values: { value: shown } });
      else
        report({
          pointer,
          messageId: 'noise',
          values: { value: shown, correction },
          fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
        });
    }
  },
});

export const urlFormRules = [
  urlInvalid,
  urlScheme,
  urlWildcard,
  urlFragment,
  urlCredentials,
  urlSemicolon,
] as const;
