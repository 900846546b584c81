import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress } from './address.ts';
import { productionAddresses, suppressedByHost } from './production-hosts.ts';

export const urlIpAddress = definitionRule({
  id: 'url/ip-address',
  severity: 'error',
  title: { fr: 'Un nom de domaine plutôt qu’une adresse IP', en: 'A domain name rather than an IP address' },
  why: {
    fr: 'Une adresse IP change de mains et n’a en général pas de certificat : l’usager ne peut pas savoir à qui il confie son identité.',
    en: 'An IP address changes hands and generally has no certificate: users cannot know whom they give their identity to.',
  },
  suppresses: suppressedByHost,
  messages: {
    literal: {
      fr: 'Utilisez un nom de domaine dans {value}, pas l’adresse IP {host}.',
      en: 'Use a domain name, not the IP address {host} of {value}.',
    },
    embedded: {
      fr: 'Le domaine {host} n’est qu’une adresse IP déguisée. Utilisez dans {value} un nom de domaine de votre organisme.',
      en: 'The domain {host} is only an IP address in disguise. Use a domain name of your organization in {value}.',
    },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - https://10.2.3.4/callback\n', cell: 'internet/integration' }],
    bad: [
      { yaml: 'redirect_uris:\n  - https://10.2.3.4/callback\n', messageIds: ['literal'] },
      { yaml: 'redirect_uris:\n  - https://[2001:660::1]/callback\n', messageIds: ['literal'] },
      { yaml: 'redirect_uris:\n  - https://app.10-2-3-4.nip.io/callback\n', messageIds: ['embedded'] },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, name } of productionAddresses(partial, 'ip'))
      report({
        pointer,
        messageId: /^\[|^[\d.]+$/.test(name) ? 'literal' : 'embedded',
        values: { value: shown, host: name },
      });
  },
});
