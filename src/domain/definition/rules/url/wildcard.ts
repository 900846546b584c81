import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, type UriList, type UrlParts, unusualAddressesOf } from './address.ts';

export const urlWildcard = definitionRule({
  id: 'url/wildcard',
  severity: 'error',
  title: { fr: 'L’URL est exacte, sans joker', en: 'The URL is exact, without a wildcard' },
  why: {
    fr: 'ProConnect compare l’URL de retour caractère par caractère : un joker ou une variable ne correspondrait jamais à rien, et accepter plusieurs hôtes à la fois ouvrirait la porte à des inconnus.',
    en: 'ProConnect compares the return URL character by character: a wildcard or a variable would never match anything, and accepting several hosts at once would open the door to strangers.',
  },
  suppresses: [
    'file/placeholder',
    'url/invalid',
    'url/canonical',
    'url/incomplete',
    'url/reserved-domain',
    'url/slash-twin',
  ],
  messages: {
    star: {
      fr: '{value} contient un joker, `*`, qui n’est pas possible : listez chaque URL exacte.',
      en: 'The wildcard `*` of {value} is not possible: list each exact URL.',
    },
    answer: {
      fr: '{value} contient la réponse de ProConnect ({part}), qui change à chaque connexion. Gardez ce qui est devant : {correction}.',
      en: '{value} holds the answer of ProConnect ({part}), which changes at every sign-in. Keep what comes before: {correction}.',
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
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/auth/:provider/callback\n',
        messageIds: ['variable'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/auth/callback?code=4f2a&state=9c1e\n',
        messageIds: ['answer'],
      },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, text, fault, url, list } of unusualAddressesOf(partial)) {
      if (fault !== undefined && url === undefined && fault.messageId !== 'host') continue;
      const star = text.indexOf('*');
      const part = fault?.messageId === 'wrapped' ? undefined : variable.exec(text)?.[0];
      const answer = url === undefined ? undefined : answerIn(url, list);
      if (star >= 0) report({ pointer, span: [star, star + 1], messageId: 'star', values: { value: shown } });
      else if (part !== undefined)
        report({ pointer, messageId: 'variable', values: { value: shown, part: part.replace(/^\//, '') } });
      else if (answer !== undefined)
        report({ pointer, messageId: 'answer', values: { value: shown, ...answer } });
    }
  },
});

/** A part of an address that a program replaces, as templates and routers write it. */
const variable =
  /[$#]?\{\{?[^{}]*\}\}?|<[^<>]*>|\$\w+|%7B[^%]*%7D|%[A-Z_]{3,}%|\/:[a-z_]\w*|\[(?:\.{3})?[a-z_]\w*\](?=\/|$)/i;

/** Errors of OAuth 2.0 (RFC 6749 §4.1.2.1) and OpenID Connect Core 1.0 (§3.1.2.6). */
const errorCode =
  /^(?:invalid_\w+|unauthorized_client|access_denied|unsupported_\w+|server_error|temporarily_unavailable|\w+_required|\w+_not_supported)$/;

/** What ProConnect added to an address that was copied after it had been used. */
function answerIn(
  { href, search }: UrlParts,
  list: UriList,
): { readonly part: string; readonly correction: string } | undefined {
  const parameters = new URLSearchParams(search);
  const isAnswer =
    (parameters.has('code') && (parameters.has('state') || parameters.has('iss'))) ||
    errorCode.test(parameters.get('error') ?? '') ||
    (list === 'logout' && parameters.has('state'));
  return isAnswer ? { part: search, correction: href.replace(/\?.*$/s, '') } : undefined;
}
