import { changeRule } from './rule.ts';

/** Signatures that a live application would no longer accept. */
export const algorithmChange = changeRule({
  id: 'change/algorithm',
  severity: 'warning',
  title: {
    fr: 'L’algorithme de signature d’un service existant change',
    en: 'The signature algorithm of a live service changes',
  },
  why: {
    fr: 'L’application vérifie les jetons avec l’algorithme convenu. S’il change d’un côté seulement, toutes les connexions échouent jusqu’à ce que l’autre suive.',
    en: 'The application checks tokens with the agreed algorithm. If it changes on one side only, every sign-in fails until the other follows.',
  },
  messages: {
    idToken: {
      fr: 'Dès la fusion, l’algorithme des id_token ne serait plus {before}, mais {value}. Prévoyez de changer votre application au même moment.',
      en: 'The id_token algorithm would go from {before} to {value} at the merge. Plan to change your application at the same time.',
    },
    userinfo: {
      fr: 'Dès la fusion, la signature de userinfo ne serait plus {before}, mais {value}. Prévoyez de changer votre application au même moment.',
      en: 'The userinfo signature would go from {before} to {value} at the merge. Plan to change your application at the same time.',
    },
  },
  check(changes, _context, report) {
    for (const change of changes) {
      if (change.kind !== 'modified') continue;
      const { before, after } = { before: change.before.partial, after: change.after.partial };
      const pairs = [
        ['idToken', '/id_token_signed_response_alg', before?.idTokenAlgorithm, after?.idTokenAlgorithm],
        ['userinfo', '/userinfo_signed_response_alg', before?.userinfoAlgorithm, after?.userinfoAlgorithm],
      ] as const;
      for (const [messageId, pointer, old, value] of pairs) {
        if (old !== undefined && value !== undefined && old !== value)
          report(change.path, { pointer, messageId, values: { before: old, value } });
      }
    }
  },
  examples: {
    good: [{ before: 'name: Agenda', yaml: 'name: Agenda associatif' }],
    bad: [
      {
        before: 'id_token_signed_response_alg: RS256',
        yaml: 'id_token_signed_response_alg: ES256',
        messageIds: ['idToken'],
      },
      {
        before: 'userinfo_signed_response_alg: RS256',
        yaml: 'userinfo_signed_response_alg: none',
        messageIds: ['userinfo'],
      },
    ],
  },
});
