import { definitionRule } from '#domain/definition/rules/rule';
import { repeatedIn } from './repeated.ts';

/** The same key for `…/cb` and `…/cb/`. */
function slashless(href: string): string {
  const query = href.indexOf('?');
  const path = query < 0 ? href : href.slice(0, query);
  return path.endsWith('/') ? path.slice(0, -1) + href.slice(path.length) : href;
}

export const urlSlashVariant = definitionRule({
  id: 'url/slash-twin',
  severity: 'warning',
  title: {
    fr: 'Une URL ne diffère pas d’une autre par la seule barre finale',
    en: 'No two URLs differ by the final slash only',
  },
  why: {
    fr: 'Pour ProConnect, `…/cb` et `…/cb/` sont deux URL différentes. Déclarer les deux « au cas où » cache laquelle votre application envoie, et l’erreur revient au prochain changement.',
    en: 'For ProConnect, `…/cb` and `…/cb/` are two different URLs. Declaring both “just in case” hides which one your application sends, and the mistake comes back at the next change.',
  },
  messages: {
    twin: {
      fr: '{value} et {first} sont deux URL différentes pour ProConnect. Gardez celle que votre application envoie vraiment.',
      en: '{value} and {first} are two different URLs for ProConnect. Keep the one that your application really sends.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a\n  - https://subventions.agence-fictive.gouv.fr/b/\n',
      },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a\n  - https://subventions.agence-fictive.gouv.fr/a/\n',
      },
    ],
  },
  check(partial, report) {
    for (const { address, first } of repeatedIn(partial, slashless)) {
      if (first.url?.href === address.url?.href) continue;
      report({
        pointer: address.pointer,
        messageId: 'twin',
        values: { value: address.shown, first: first.shown },
      });
    }
  },
});
