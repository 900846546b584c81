import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress } from './address.ts';
import { productionAddresses, suppressedByHost } from './production-hosts.ts';

export const urlTunnel = definitionRule({
  id: 'url/tunnel',
  severity: 'error',
  title: { fr: 'Pas de tunnel de développement en production', en: 'No development tunnel in production' },
  why: {
    fr: 'Un tunnel (ngrok, localtunnel…) mène à l’ordinateur de quelqu’un, sous un nom prêté que le prochain venu peut obtenir : les identités des agents y seraient exposées.',
    en: 'A tunnel (ngrok, localtunnel…) leads to somebody’s computer, under a borrowed name that the next comer can get: the identities of agents would be exposed there.',
  },
  suppresses: [...suppressedByHost, 'url/shared-hosting'],
  messages: {
    tunnel: {
      fr: '{host} est un tunnel de développement. En production, remplacez {value} par l’URL publique de votre application.',
      en: '{host} is a development tunnel. In production, replace {value} by the public URL of your application.',
    },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://abcd.ngrok-free.app/callback\n', cell: 'internet/integration' },
    ],
    bad: [
      { yaml: 'redirect_uris:\n  - https://abcd.ngrok-free.app/callback\n' },
      { yaml: 'redirect_uris:\n  - https://mon-tunnel.loca.lt/callback\n' },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, name } of productionAddresses(partial, 'tunnel'))
      report({ pointer, messageId: 'tunnel', values: { value: shown, host: name } });
  },
});
