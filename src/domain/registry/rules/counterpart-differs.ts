import { registryRule } from './rule.ts';

/** Production that was not tried in integration: what works there fails here. */
export const counterpartDiffers = registryRule({
  id: 'registry/twin-differs',
  severity: 'warning',
  title: { fr: 'La production diffère de l’intégration', en: 'Production differs from integration' },
  why: {
    fr: 'Un service essayé en intégration avec d’autres scopes ou d’autres algorithmes de signature peut échouer le jour de sa mise en production.',
    en: 'A service that was tried in integration with other scopes or signature algorithms may fail on the day it goes live.',
  },
  messages: {
    algorithm: {
      fr: 'L’algorithme est {value} ici et {other} en intégration ({path}). Mettez le même des deux côtés, pour que ce qui a été testé marche en production.',
      en: 'The algorithm is {value} here and {other} in integration ({path}). Use the same on both sides, so that what was tested works in production.',
    },
    missing: {
      fr: 'Les scopes {scopes} sont demandés en intégration ({path}) et pas ici. Si votre service s’en sert, la connexion échouera en production : ajoutez-les, ou retirez-les de l’intégration.',
      en: 'The scopes {scopes} are asked for in integration ({path}) and not here. If your service uses them, sign-in will fail in production: add them, or remove them from integration.',
    },
    extra: {
      fr: 'Les scopes {scopes} sont demandés ici et pas en intégration ({path}). Ajoutez-les en intégration pour les tester avant la production.',
      en: 'The scopes {scopes} are asked for here and not in integration ({path}). Add them in integration to test them before going live.',
    },
  },
  check(claims, { counterpart }, report) {
    if (counterpart === undefined) return;
    const algorithms = [
      ['/id_token_signed_response_alg', claims.idTokenAlgorithm, counterpart.idTokenAlgorithm],
      ['/userinfo_signed_response_alg', claims.userinfoAlgorithm, counterpart.userinfoAlgorithm],
    ] as const;
    for (const [pointer, value, other] of algorithms) {
      if (value !== undefined && other !== undefined && value !== other)
        report({ pointer, messageId: 'algorithm', values: { value, other, path: counterpart.path } });
    }
    const missing = counterpart.scopes.filter((scope) => !claims.scopes.includes(scope));
    const extra = claims.scopes.filter((scope) => !counterpart.scopes.includes(scope));
    const pointer = claims.scopes.length === 0 ? '' : '/optional_scopes';
    if (missing.length > 0)
      report({
        pointer,
        at: 'key',
        messageId: 'missing',
        values: { scopes: missing, path: counterpart.path },
      });
    if (extra.length > 0)
      report({ pointer, at: 'key', messageId: 'extra', values: { scopes: extra, path: counterpart.path } });
  },
  examples: {
    good: [
      {
        yaml: 'id_token_signed_response_alg: ES256',
        others: [
          { id: 'mon-service', cell: 'internet/integration', yaml: 'id_token_signed_response_alg: ES256' },
          { id: 'autre', cell: 'internet/integration', yaml: 'id_token_signed_response_alg: RS256' },
        ],
      },
    ],
    bad: [
      {
        yaml: 'id_token_signed_response_alg: ES256',
        others: [
          { id: 'mon-service', cell: 'internet/integration', yaml: 'id_token_signed_response_alg: RS256' },
        ],
        messageIds: ['algorithm'],
      },
      {
        yaml: 'optional_scopes: []',
        others: [
          {
            id: 'mon-service',
            cell: 'internet/integration',
            yaml: 'optional_scopes:\n  - scope: siren\n    justification: Regrouper les agents par organisme',
          },
        ],
        messageIds: ['missing'],
      },
      {
        yaml: 'optional_scopes:\n  - scope: siren\n    justification: Regrouper les agents par organisme',
        others: [{ id: 'mon-service', cell: 'internet/integration', yaml: 'optional_scopes: []' }],
        messageIds: ['extra'],
      },
    ],
  },
});
