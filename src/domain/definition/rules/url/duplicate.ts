import { definitionRule } from '#domain/definition/rules/rule';
import { equivalentUrl } from './percent.ts';
import { repeatedIn } from './repeated.ts';

export const urlDuplicate = definitionRule({
  id: 'url/duplicate',
  severity: 'error',
  title: { fr: 'Chaque URL figure une seule fois', en: 'Each URL stands once' },
  why: {
    fr: 'Une URL en double ne sert à rien et cache souvent un oubli : la seconde devait être une autre.',
    en: 'A URL given twice serves no purpose and often hides an oversight: the second one was meant to be another.',
  },
  suppresses: ['url/canonical', 'url/invalid', 'url/slash-twin', 'url/incomplete'],
  messages: {
    same: {
      fr: 'L’URL {value} figure deux fois dans la liste. Retirez la seconde, ou écrivez celle qui manque.',
      en: 'The URL {value} stands twice in the list. Remove the second one, or write the one that is missing.',
    },
    normalised: {
      fr: '{value} et {first} sont la même URL une fois écrites sous leur forme normale. Retirez celle-ci.',
      en: '{value} and {first} are the same URL once written in their normal form. Remove this one.',
    },
    encoding: {
      fr: '{value} et {first} sont la même URL : seules des majuscules après `%` les distinguent. ProConnect les compare pourtant caractère par caractère : gardez celle que votre application envoie.',
      en: '{value} and {first} are the same URL: only capitals after `%` tell them apart. Yet ProConnect compares them character by character: keep the one that your application sends.',
    },
    remove: { fr: 'Retirer {value}', en: 'Remove {value}' },
  },
  examples: {
    good: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a\npost_logout_redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a\n',
      },
    ],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a\n  - https://subventions.agence-fictive.gouv.fr/a\n',
        messageIds: ['same'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a\n  - https://SUBVENTIONS.agence-fictive.gouv.fr:443/a\n',
        messageIds: ['normalised'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/cb\n  - https://subventions.agence-fictive.gouv.fr/%63b\n',
        messageIds: ['normalised'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/%C3%A9tat\n  - https://subventions.agence-fictive.gouv.fr/%c3%a9tat\n',
        messageIds: ['encoding'],
      },
    ],
  },
  check(partial, report) {
    for (const { address, first } of repeatedIn(partial, equivalentUrl)) {
      const values = { value: address.shown, first: first.shown };
      // Which of the two the application sends, nobody here knows.
      if (first.url?.href !== address.url?.href)
        report({ pointer: address.pointer, messageId: 'encoding', values });
      else
        report({
          pointer: address.pointer,
          messageId: first.text === address.text ? 'same' : 'normalised',
          values,
          fix: { title: 'remove', values: { value: address.shown }, correction: { kind: 'remove' } },
        });
    }
  },
});
