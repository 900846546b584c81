import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, isLoopbackAddress, unusualAddressesOf } from './address.ts';

export const urlHttpsRequired = definitionRule({
  id: 'url/https-required',
  severity: 'error',
  title: { fr: 'L’URL est en https', en: 'The URL uses https' },
  why: {
    fr: 'En `http`, quiconque partage le réseau de l’usager lit le code de connexion au passage et peut se connecter à sa place. Seul le poste du développeur (`localhost`, en intégration) fait exception.',
    en: 'With `http`, anyone on the user’s network reads the sign-in code as it passes and can sign in in their place. Only the developer’s machine (`localhost`, in integration) is excepted.',
  },
  suppresses: ['url/canonical'],
  messages: {
    production: {
      fr: '`http` est refusé en production pour {value} ; utilisez `https` : {correction}.',
      en: '`http` is refused in production for {value}; use `https`: {correction}.',
    },
    integration: {
      fr: 'En intégration, `http` n’est accepté que pour `localhost`. Pour {value}, utilisez `https` : {correction}.',
      en: 'In integration, `http` is only accepted for `localhost`. For {value}, use `https`: {correction}.',
    },
    uncertain: {
      fr: '`http` n’est pas accepté pour {value} : le code de connexion y circulerait en clair. Donnez l’URL `https` de votre application (et son port, s’il change).',
      en: '`http` is not accepted for {value}: the sign-in code would travel in the clear. Give the `https` URL of your application (and its port, if it changes).',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      { yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/callback\n' },
      { yaml: 'redirect_uris:\n  - http://localhost:3000/callback\n', cell: 'internet/integration' },
      { yaml: 'redirect_uris:\n  - http://agenda.localhost:3000/callback\n', cell: 'internet/integration' },
      { yaml: 'redirect_uris:\n  - "http://[::1]:3000/callback"\n', cell: 'rie/integration' },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - http://subventions.agence-fictive.gouv.fr/callback\n',
        messageIds: ['production'],
      },
      {
        yaml: 'redirect_uris:\n  - http://recette.agence-fictive.gouv.fr/callback\n',
        cell: 'internet/integration',
        messageIds: ['integration'],
      },
      {
        yaml: 'redirect_uris:\n  - http://recette.agence-fictive.gouv.fr:8080/callback\n',
        cell: 'rie/integration',
        messageIds: ['uncertain'],
      },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    const production = partial.environment === 'production';
    for (const address of unusualAddressesOf(partial)) {
      const { url, host, pointer, shown, fault } = address;
      if (url === undefined || url.secure || fault !== undefined) continue;
      if (isLoopbackAddress(address)) continue;
      if (host?.kind === 'ip' || (url.port !== '' && url.port !== '443')) {
        report({ pointer, messageId: 'uncertain', values: { value: shown } });
        continue;
      }
      const correction = url.written
        .replace(/^http:/, 'https:')
        .replace(/^(https:\/\/[^/:]+):443(?=\/|$)/, '$1');
      report({
        pointer,
        messageId: production ? 'production' : 'integration',
        values: { value: shown, correction },
        fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
      });
    }
  },
});
