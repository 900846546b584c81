import { definitionRule } from '#domain/definition/rules/rule';

export const algorithmHs256 = definitionRule({
  id: 'algorithm/hs256',
  severity: 'warning',
  title: { fr: 'RS256 ou ES256 plutôt que HS256', en: 'RS256 or ES256 rather than HS256' },
  why: {
    fr: 'Avec HS256, le secret du client sert aussi à signer : quiconque le connaît peut fabriquer une identité, et changer de secret casse la vérification. RS256 et ES256 signent avec une clé que seul ProConnect détient.',
    en: 'With HS256 the client secret also signs: whoever knows it can forge an identity, and changing the secret breaks the verification. RS256 and ES256 sign with a key that only ProConnect holds.',
  },
  messages: {
    shared: {
      fr: '{value} signe avec le secret partagé : qui connaît le secret peut fabriquer une identité. Écrivez `RS256`, recommandé, si votre bibliothèque le vérifie.',
      en: '{value} signs with the shared secret: whoever knows the secret can forge an identity. Write `RS256`, which is recommended, if your library verifies it.',
    },
  },
  examples: {
    good: [
      { yaml: 'id_token_signed_response_alg: RS256\n' },
      { yaml: 'userinfo_signed_response_alg: ES256\n' },
    ],
    bad: [
      { yaml: 'id_token_signed_response_alg: HS256\n' },
      { yaml: 'userinfo_signed_response_alg: HS256\n' },
    ],
  },
  check(partial, report) {
    if (partial.idTokenAlgorithm === 'HS256')
      report({ pointer: '/id_token_signed_response_alg', messageId: 'shared', values: { value: 'HS256' } });
    if (partial.userinfoAlgorithm === 'HS256')
      report({ pointer: '/userinfo_signed_response_alg', messageId: 'shared', values: { value: 'HS256' } });
  },
});
