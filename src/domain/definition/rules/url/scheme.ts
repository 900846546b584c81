import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, unusualAddressesOf } from './address.ts';

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
