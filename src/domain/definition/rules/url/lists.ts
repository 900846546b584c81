/** Rules on the two lists of URLs, each compared within itself or with the other. */
import { definitionRule } from '#domain/definition/rules/rule';
import { addressesOf, type UrlAddress } from './address.ts';

/** The first address of a list under each form. */
function firstByForm(
  addresses: readonly UrlAddress[],
  list: UrlAddress['list'],
  form: (href: string) => string,
) {
  const first = new Map<string, UrlAddress>();
  for (const address of addresses) {
    if (address.list !== list || address.url === undefined) continue;
    const key = form(address.url.href);
    if (!first.has(key)) first.set(key, address);
  }
  return first;
}

const lists = ['login', 'logout'] as const;

/** Whether one of the lists may hold two URLs that are one: no two are of the same length, a final slash apart. */
function mayRepeat(addresses: readonly UrlAddress[]): boolean {
  for (let later = 1; later < addresses.length; later += 1) {
    const one = addresses[later];
    for (let earlier = 0; earlier < later; earlier += 1) {
      const other = addresses[earlier];
      if (one === undefined || other === undefined || one.list !== other.list) continue;
      if (!one.usual || !other.usual || Math.abs(one.text.length - other.text.length) < 2) return true;
    }
  }
  return false;
}

export const urlDuplicate = definitionRule({
  id: 'url/duplicate',
  severity: 'error',
  title: { fr: 'Chaque URL figure une seule fois', en: 'Each URL stands once' },
  why: {
    fr: 'Une URL en double ne sert à rien et cache souvent un oubli : la seconde devait être une autre.',
    en: 'A URL given twice serves no purpose and often hides an oversight: the second one was meant to be another.',
  },
  suppresses: ['url/canonical', 'url/invalid', 'url/slash-twin', 'url/incomplete'],
  messages: {
    same: {
      fr: 'L’URL {value} figure deux fois dans la liste. Retirez la seconde, ou écrivez celle qui manque.',
      en: 'The URL {value} stands twice in the list. Remove the second one, or write the one that is missing.',
    },
    normalised: {
      fr: '{value} et {first} sont la même URL une fois écrites sous leur forme normale. Retirez celle-ci.',
      en: '{value} and {first} are the same URL once written in their normal form. Remove this one.',
    },
    remove: { fr: 'Retirer {value}', en: 'Remove {value}' },
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a\npost_logout_redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a\n',
      },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a\n  - https://subventions.agence-fictive.gouv.fr/a\n',
        messageIds: ['same'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a\n  - https://SUBVENTIONS.agence-fictive.gouv.fr:443/a\n',
        messageIds: ['normalised'],
      },
    ],
  },
  check(partial, report) {
    if (partial.redirectUris.length < 2 && partial.postLogoutRedirectUris.length < 2) return;
    const addresses = addressesOf(partial);
    if (!mayRepeat(addresses)) return;
    for (const list of lists) {
      const first = firstByForm(addresses, list, (href) => href);
      for (const address of addresses) {
        if (address.list !== list || address.url === undefined) continue;
        const original = first.get(address.url.href);
        if (original === undefined || original === address) continue;
        report({
          pointer: address.pointer,
          messageId: original.text === address.text ? 'same' : 'normalised',
          values: { value: address.shown, first: original.shown },
          fix: { title: 'remove', values: { value: address.shown }, correction: { kind: 'remove' } },
        });
      }
    }
  },
});

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
    if (partial.redirectUris.length < 2 && partial.postLogoutRedirectUris.length < 2) return;
    const addresses = addressesOf(partial);
    if (!mayRepeat(addresses)) return;
    for (const list of lists) {
      const first = firstByForm(addresses, list, slashless);
      for (const address of addresses) {
        if (address.list !== list || address.url === undefined) continue;
        const slashVariant = first.get(slashless(address.url.href));
        if (
          slashVariant === undefined ||
          slashVariant === address ||
          slashVariant.url?.href === address.url.href
        )
          continue;
        report({
          pointer: address.pointer,
          messageId: 'twin',
          values: { value: address.shown, first: slashVariant.shown },
        });
      }
    }
  },
});

export const urlForeignLogout = definitionRule({
  id: 'url/foreign-logout',
  severity: 'error',
  title: {
    fr: 'L’URL de déconnexion est sur le domaine de l’application',
    en: 'The logout URL is on the application’s domain',
  },
  why: {
    fr: 'Après la déconnexion, l’usager croit être revenu chez vous : l’envoyer vers un autre domaine ferait de votre application un tremplin vers n’importe quel site.',
    en: 'After logging out, users believe they are back with you: sending them to another domain would make your application a springboard to any site.',
  },
  messages: {
    foreign: {
      fr: '{value} n’appartient pas au domaine de vos URL de connexion ({sites}). Indiquez une page de votre application.',
      en: '{value} does not belong to the domain of your sign-in URLs ({sites}). Give a page of your application.',
    },
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://app.agence-fictive.gouv.fr/callback\npost_logout_redirect_uris:\n  - https://www.agence-fictive.gouv.fr/au-revoir\n',
      },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://app.agence-fictive.gouv.fr/callback\npost_logout_redirect_uris:\n  - https://www.autre-agence.gouv.fr/\n',
      },
    ],
  },
  check(partial, report) {
    if (partial.postLogoutRedirectUris.length === 0) return;
    const addresses = addressesOf(partial);
    const sites = new Set<string>();
    for (const { list, host } of addresses) {
      if (list !== 'login') continue;
      // A sign-in URL that cannot be read may be the one that explains the logout URL.
      if (host === undefined) return;
      sites.add(host.site);
    }
    if (
      sites.size === 0 ||
      partial.redirectUris.length > addresses.filter(({ list }) => list === 'login').length
    )
      return;
    for (const { list, host, pointer, shown } of addresses)
      if (list === 'logout' && host !== undefined && host.kind !== 'loopback' && !sites.has(host.site))
        report({ pointer, messageId: 'foreign', values: { value: shown, sites: [...sites] } });
  },
});

/** Parameters by which pages are told where to send the visitor next. */
const nextPage =
  /[?&](?:next|url|uri|redirect|redirect_?(?:to|url|uri)|redir|return_?(?:to|url|path)|continue|goto|dest|destination|back_?url|callback_?url|success_?url|relaystate)=|[?&](?:return|retour|go|target|forward|out|link|suite|page_?suivante)=(?:\/|%2f|https?|&|$)/i;
/** A whole URL as a value: `=https://…`, `=//…`, encoded or not. */
const urlValue = /=(?:https?(?::|%3a)|(?:\/|%2f){2})/i;
/** Pages whose trade is to send elsewhere; `/auth/redirect` is the usual return path of some libraries. */
const redirectPage =
  /^\/(?:redirect|redir|goto|out|away|exit)(?:\.\w+)?\/?$|\/(?:redirect|redir|goto|away)\.(?:php|aspx?|jsp|cgi)$/i;

export const urlOpenRedirect = definitionRule({
  id: 'url/open-redirect',
  severity: 'decision',
  title: {
    fr: 'L’URL ne renvoie pas vers n’importe quelle autre',
    en: 'The URL does not send on to any other',
  },
  why: {
    fr: 'Une page qui renvoie l’usager où son adresse le dit (`?next=…`) peut emporter le code de connexion vers un site malveillant. Un relecteur vérifie que la vôtre ne le fait pas.',
    en: 'A page that sends the user wherever its address says (`?next=…`) can carry the sign-in code away to a malicious site. A reviewer checks that yours does not.',
  },
  messages: {
    parameter: {
      fr: 'Le paramètre {part} de {value} ressemble à une redirection ouverte. Retirez-le (gardez la suite en session), ou un relecteur doit l’approuver.',
      en: 'The parameter {part} of {value} looks like an open redirect. Remove it (keep what comes next in the session), or a reviewer must approve it.',
    },
    page: {
      fr: 'La page {value} semble renvoyer ailleurs. Indiquez celle qui reçoit vraiment le retour de ProConnect, ou un relecteur doit l’approuver.',
      en: 'The page {value} seems to send elsewhere. Give the one that really receives the answer of ProConnect, or a reviewer must approve it.',
    },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/oauth2/redirect\n' },
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/?openidconnectcallback=1\n' },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/callback?next=/accueil\n',
        messageIds: ['parameter'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/redirect\n',
        messageIds: ['page'],
      },
    ],
  },
  check(partial, report) {
    for (const { pointer, shown, url } of addressesOf(partial)) {
      if (url === undefined) continue;
      if (url.search !== '' && (nextPage.test(url.search) || urlValue.test(url.search))) {
        const part = nextPage.exec(url.search)?.[0].slice(1) ?? url.search;
        report({ pointer, messageId: 'parameter', values: { value: shown, part } });
      } else if (redirectPage.test(url.pathname))
        report({ pointer, messageId: 'page', values: { value: shown } });
    }
  },
});

export const urlListRules = [urlDuplicate, urlSlashVariant, urlForeignLogout, urlOpenRedirect] as const;
