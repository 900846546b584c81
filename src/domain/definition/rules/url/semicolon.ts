import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualAddress, parseUrl, unusualAddressesOf } from './address.ts';

/** Parameters that application servers add to the path, and entities of copied HTML: both are noise. */
function withoutNoise(text: string): string | undefined {
  const plain = text
    .replace(/;(?:jsessionid|phpsessid|sid)=[^/?#;]*/gi, '')
    .replace(/&amp;/gi, '&')
    .replace(/;+$/, '');
  return plain !== text && !plain.includes(';') ? plain : undefined;
}

export const urlSemicolon = definitionRule({
  id: 'url/semicolon',
  severity: 'error',
  title: { fr: 'L’URL ne contient pas de point-virgule', en: 'The URL has no semicolon' },
  why: {
    fr: 'La console de ProConnect sépare les URL par des points-virgules : la prochaine modification du client par un opérateur couperait celle-ci en deux.',
    en: 'The ProConnect console separates URLs with semicolons: the next change of the client by an operator would cut this one in two.',
  },
  suppresses: ['url/canonical', 'url/invalid'],
  messages: {
    semicolon: {
      fr: 'L’URL {value} contient un point-virgule, que la console ProConnect ne gère pas : elle coupe l’URL en deux. Donnez une URL sans `;`.',
      en: 'The URL {value} has a semicolon, which the ProConnect console cannot handle: it cuts the URL in two. Give a URL without `;`.',
    },
    noise: {
      fr: 'L’URL {value} contient un point-virgule, que la console ProConnect ne gère pas : elle coupe l’URL en deux. Écrivez {correction}.',
      en: 'The URL {value} has a semicolon, which the ProConnect console cannot handle: it cuts the URL in two. Write {correction}.',
    },
    several: {
      fr: '{value} contient plusieurs URL séparées par des points-virgules. Faites une ligne de chacune, précédée d’un tiret.',
      en: '{value} holds several URLs separated by semicolons. Make a line of each, with a hyphen in front.',
    },
    split: { fr: 'Faire une ligne de chacune', en: 'Make a line of each' },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [{ yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/callback?a=1&b=2\n' }],
    bad: [
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a;v=1/callback\n',
        messageIds: ['semicolon'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/cb;jsessionid=1A2B3C\n',
        messageIds: ['noise'],
      },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/a;https://subventions.agence-fictive.gouv.fr/b\n',
        messageIds: ['several'],
      },
    ],
  },
  concerns: hasUnusualAddress,
  check(partial, report) {
    for (const { pointer, shown, text, url, fault } of unusualAddressesOf(partial)) {
      const start = text.indexOf(';');
      if (start < 0) continue;
      if (/;\s*https?:\/\//i.test(text)) {
        const items = text.split(/[\s;]+/).filter(Boolean);
        const clean = items.every((item) => parseUrl(item) !== undefined && !item.includes('@'));
        report({
          pointer,
          messageId: 'several',
          values: { value: shown },
          ...(clean && { fix: { title: 'split', correction: { kind: 'list', items } } }),
        });
        continue;
      }
      if (url === undefined || fault !== undefined) continue;
      const correction = withoutNoise(url.href);
      if (correction === undefined)
        report({ pointer, span: [start, start + 1], messageId: 'semicolon', values: { value: shown } });
      else
        report({
          pointer,
          messageId: 'noise',
          values: { value: shown, correction },
          fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
        });
    }
  },
});
