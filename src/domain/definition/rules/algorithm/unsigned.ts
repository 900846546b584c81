import { definitionRule } from '#domain/definition/rules/rule';

export const algorithmUnsigned = definitionRule({
  id: 'algorithm/unsigned',
  severity: 'warning',
  title: { fr: 'Les informations de l’usager sont signées', en: 'User information is signed' },
  why: {
    fr: 'Sans signature, la réponse de `/userinfo` est un simple JSON : votre application ne peut pas prouver ensuite qu’elle vient de ProConnect. Une réponse signée se vérifie comme l’id_token.',
    en: 'Without a signature the answer of `/userinfo` is plain JSON: your application cannot prove later that it came from ProConnect. A signed answer is verified like the ID token.',
  },
  messages: {
    none: {
      fr: 'Avec {value}, les informations de `/userinfo` arrivent en JSON non signé. Écrivez `RS256`, recommandé, si votre bibliothèque le vérifie.',
      en: 'With {value} the information of `/userinfo` comes as unsigned JSON. Write `RS256`, which is recommended, if your library verifies it.',
    },
  },
  examples: {
    good: [{ yaml: 'userinfo_signed_response_alg: RS256\n' }],
    bad: [{ yaml: 'userinfo_signed_response_alg: none\n' }],
  },
  check(partial, report) {
    if (partial.userinfoAlgorithm === 'none')
      report({ pointer: '/userinfo_signed_response_alg', messageId: 'none', values: { value: 'none' } });
  },
});
