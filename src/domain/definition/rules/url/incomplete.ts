import { definitionRule } from '#domain/definition/rules/rule';
import { addressesOf, isBareDomain } from './address.ts';

export const urlIncomplete = definitionRule({
  id: 'url/incomplete',
  severity: 'error',
  title: {
    fr: 'L’URL est complète, et pas seulement le domaine',
    en: 'The URL is complete, not only the domain',
  },
  why: {
    fr: 'ProConnect renvoie l’usager vers l’URL exacte que votre application a demandée, et la compare caractère par caractère à celles d’ici. Un domaine seul ne correspond à aucune.',
    en: 'ProConnect sends the user back to the exact URL that your application asked for, and compares it character by character with those given here. A domain alone matches none.',
  },
  suppresses: ['url/canonical', 'url/slash-twin', 'url/invalid', 'url/scheme'],
  messages: {
    login: {
      fr: 'Indiquez l’URL complète de retour, pas seulement le domaine {value} (par exemple {example}). La comparaison est faite caractère par caractère.',
      en: 'Give the complete return URL, not only the domain {value} (for example {example}). The comparison is made character by character.',
    },
    logout: {
      fr: 'Indiquez l’URL complète de retour après déconnexion, pas seulement le domaine {value}. Si c’est la page d’accueil, écrivez {correction}.',
      en: 'Give the complete URL after logout, not only the domain {value}. If it is the home page, write {correction}.',
    },
    root: {
      fr: '{value} est la page d’accueil : votre application reçoit-elle vraiment là le retour de ProConnect ? L’URL de retour ressemble d’ordinaire à {example}.',
      en: '{value} is the home page: does your application really receive the answer of ProConnect there? The return URL usually looks like {example}.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/?openidconnectcallback=1\n' },
      { yaml: 'post_logout_redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/\n' },
    ],
    bad: [
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr\n', messageIds: ['login'] },
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/\n', messageIds: ['root'] },
      {
        yaml: 'post_logout_redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr\n',
        messageIds: ['logout'],
      },
    ],
  },
  check(partial, report) {
    for (const { pointer, shown, text, url, list } of addressesOf(partial)) {
      if (url === undefined || url.pathname !== '/' || url.search !== '' || url.hash !== '') continue;
      const correction = url.href;
      const example = `${correction}auth/callback`;
      if (!isBareDomain(text)) {
        if (list === 'login')
          report({ pointer, messageId: 'root', values: { value: shown, example }, severity: 'warning' });
      } else if (list === 'login') report({ pointer, messageId: 'login', values: { value: shown, example } });
      else
        report({
          pointer,
          messageId: 'logout',
          values: { value: shown, correction },
          fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
        });
    }
  },
});
