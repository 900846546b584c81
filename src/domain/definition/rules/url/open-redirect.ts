import { definitionRule } from '#domain/definition/rules/rule';
import { addressesOf } from './address.ts';

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
      fr: 'Dans {value}, le paramètre {part} ressemble à une redirection ouverte. Retirez-le (gardez la suite en session), ou un relecteur doit l’approuver.',
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
