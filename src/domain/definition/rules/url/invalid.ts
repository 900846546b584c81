import { keyboardForm } from '#domain/definition/rules/keyboard-form';
import { definitionRule } from '#domain/definition/rules/rule';
import { saysNone } from '#domain/definition/rules/wrapping';
import { hasUnusualAddress, parseUrl, unusualAddressesOf } from './address.ts';
import type { UrlFault } from './fault.ts';
import { invalidMessages } from './invalid-messages.ts';
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
  messages: invalidMessages,
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
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/oidc/ callback\n',
        messageIds: ['cut'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/retour de connexion\n',
        messageIds: ['spaced'],
      },
      {
        yaml: 'redirect_uris:\n  - https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fsubventions.agence-fictive.gouv.fr%2Fcallback&data=05\n',
        messageIds: ['rewritten'],
      },
      {
        yaml: 'redirect_uris:\n  - https://www.google.com/url?q=subventions\n',
        messageIds: ['rewrittenBadly'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions–aides.agence-fictive.gouv.fr/callback\n',
        messageIds: ['signs'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/call–back\n',
        messageIds: ['signsAsked'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/oidc/…\n',
        messageIds: ['signsUnclear'],
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
      {
        yaml: 'redirect_uris:\n  - https://aides_subventions.agence-fictive.gouv.fr/callback\n',
        messageIds: ['underscore'],
      },
      {
        yaml: 'redirect_uris:\n  - https://[serveur].agence-fictive.gouv.fr/callback\n',
        messageIds: ['blanks'],
      },
      {
        yaml: 'redirect_uris:\n  - https：//subventions.agence-fictive.gouv.fr/cb\n',
        messageIds: ['keyboard'],
      },
      { yaml: 'redirect_uris:\n  - voir avec la DSI\n', messageIds: ['other'] },
      { yaml: 'post_logout_redirect_uris:\n  - aucune\n', messageIds: ['none'] },
      { yaml: 'post_logout_redirect_uris:\n  - idem\n', messageIds: ['otherLogout'] },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, text, fault, url, list } of unusualAddressesOf(partial)) {
      if (fault === undefined && url !== undefined) {
        if (url.hostname.includes('_'))
          report({
            pointer,
            messageId: 'underscore',
            severity: 'warning',
            values: { value: shown, proposal: url.hostname.replaceAll('_', '-') },
          });
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
          fix: {
            title: partial.postLogoutRedirectUris.length === 1 ? 'remove' : 'removeLine',
            correction: { kind: 'remove' },
          },
        });
        continue;
      }
      if (messageId === 'missing' || messageId === 'application' || messageId === 'script') continue;
      if (messageId === 'cut') {
        report({ pointer, messageId, values: { value: shown, joined: fault.joined ?? [] } });
      } else if (messageId === 'several') {
        const { items = [], certain = false } = fault;
        const clean = certain && items.every((item) => parseUrl(item) !== undefined && !item.includes('@'));
        report({
          pointer,
          messageId,
          values: { value: shown, count: items.length },
          ...(clean && { fix: { title: 'split', correction: { kind: 'list', items } } }),
        });
      } else if (url !== undefined && fault.note !== undefined)
        report({ pointer, messageId, values: { value: shown, correction: url.written } });
      else if (messageId === 'signs' && (url === undefined || fault.certain !== true))
        report({
          pointer,
          messageId: url === undefined ? 'signsUnclear' : 'signsAsked',
          values: { value: shown, signs: fault.signs ?? [], correction: url?.written ?? '' },
        });
      else if (url !== undefined)
        report({
          pointer,
          messageId,
          values: { value: shown, signs: fault.signs ?? [], correction: url.written },
          fix: {
            title: 'fix',
            values: { correction: url.written },
            correction: { kind: 'set', value: url.written },
          },
        });
      else {
        const words = withoutCorrection(messageId);
        const typed = words === 'other' ? keyboardForm(text) : undefined;
        const meant = typed && parseUrl(typed.text)?.href;
        // A letter of another alphabet may stand there to imitate: it is for a person. One of another width is a slip.
        const isSlip = typed?.characters.every((name) => name.startsWith('U+FF')) ?? false;
        if (typed !== undefined && meant === typed.text && isSlip && !typed.text.includes('@'))
          report({
            pointer,
            messageId: 'keyboard',
            values: { value: shown, characters: typed.characters, correction: meant },
            fix: {
              title: 'fix',
              values: { correction: meant },
              correction: { kind: 'set', value: meant },
            },
          });
        else
          report({
            pointer,
            messageId: words === 'other' && list === 'logout' ? 'otherLogout' : words,
            values: { value: shown },
          });
      }
    }
  },
});

type InvalidWords = Exclude<UrlFault['messageId'], 'several' | 'cut' | 'missing' | 'application' | 'script'>;

/** Sentences that hold without knowing what was meant. */
function withoutCorrection(
  messageId: InvalidWords,
):
  | 'encodedBadly'
  | 'rewrittenBadly'
  | 'signsUnclear'
  | 'relative'
  | 'port'
  | 'host'
  | 'blanks'
  | 'email'
  | 'blank'
  | 'other' {
  if (messageId === 'encoded') return 'encodedBadly';
  if (messageId === 'rewritten') return 'rewrittenBadly';
  if (messageId === 'signs') return 'signsUnclear';
  if (messageId === 'comma') return 'host';
  if (
    messageId === 'note' ||
    messageId === 'spaced' ||
    messageId === 'schemeless' ||
    messageId === 'wrapped' ||
    messageId === 'doubled' ||
    messageId === 'misspelt'
  )
    return 'other';
  return messageId;
}
