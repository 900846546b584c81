/** Text that would act if it were let, and what to hold a document against that shows it. */

import { lexer, type Token } from 'marked';
import { frenchSpaces } from '#base/i18n/french-spaces';
import { provisioningMessages } from '#domain/provisioning/messages';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import provisioningEn from '#templates/provisioning.en.json' with { type: 'json' };
import provisioningFr from '#templates/provisioning.fr.json' with { type: 'json' };
import requestEn from '#templates/request.en.json' with { type: 'json' };
import requestFr from '#templates/request.fr.json' with { type: 'json' };
import reviewEn from '#templates/review.en.json' with { type: 'json' };
import reviewFr from '#templates/review.fr.json' with { type: 'json' };
import { fc } from './fast-check.ts';

/** Everything that we say by ourselves: the addresses that stand there are ours. */
const ourWords = JSON.stringify([
  catalogue.rules.map(({ messages, why, title, examples }) => ({ messages, why, title, examples })),
  [reviewFr, reviewEn, provisioningFr, provisioningEn, requestFr, requestEn, provisioningMessages],
]);

const foldedTitles = [
  reviewFr['why.title'],
  reviewEn['why.title'],
  reviewFr['fix.patch-title'],
  reviewEn['fix.patch-title'],
  provisioningFr.next,
  provisioningEn.next,
].map((title) => frenchSpaces(title).replace(/[?.()*+]/g, String.raw`\$&`));
const ourHtml = new RegExp(
  `^(?:</?(?:details|summary|sub)>|<!-- greffier:[a-z0-9:/ -]+ -->|\\s|${foldedTitles.join('|')})+$`,
);

/** What a reader cannot see, or what reorders what they see. */
export const invisibleCharacters =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|\p{Cs}/u;

/** Words that would do something if they were let: they are told apart from ours by `evil`. */
const evil = fc.oneof(
  fc.constantFrom(
    '@evil',
    '@evil/equipe',
    '#666',
    'GH-666',
    'evil/evil#666',
    'https://evil.example',
    'www.evil.example',
    'evil@evil.example',
    '![evil](https://evil.example/p.png)',
    '[evil](https://evil.example)',
    '<img src=evil onerror=evil>',
    '</details><script>evil</script>',
    '<!-- greffier:review -->',
    '- [ ] evil',
    '\n\n/greffier confirm evil\n\n',
    '``` evil',
    '~~~',
    '`',
    '``',
    '|',
    '\\`',
    '\u202eevil\u202c',
    '\u200b@evil',
    '\u009b31mevil',
    '\u{e0065}evil',
    '\ud800',
    '<environment>',
    '[^evil]',
    ':evil:',
    '$$evil$$',
    '\r',
    '\u2028',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
export const hostileText = fc.array(evil, { maxLength: 6 }).map((parts) => parts.join(' '));

function* leaves(tokens: readonly Token[]): Generator<Token> {
  for (const token of tokens) {
    yield token;
    if ('tokens' in token && Array.isArray(token.tokens)) yield* leaves(token.tokens);
    if (token.type === 'list') for (const item of token.items as Token[]) yield* leaves([item]);
  }
}

/**
 * Everything in a document that could act: there must be nothing but what is ours.
 *
 * @param links where ours lead.
 */
export function findActiveContent(markdown: string, links: readonly string[] = []): string[] {
  const found: string[] = [];
  for (const token of leaves(lexer(markdown, { gfm: true }))) {
    if (token.type === 'image' || (token.type === 'list_item' && token.task === true)) found.push(token.raw);
    if (token.type === 'link') {
      const href = String(token.href);
      const ours =
        links.some((start) => href.startsWith(start)) || ourWords.includes(href.replace(/^mailto:/, ''));
      if (!ours || String(token.text).includes('evil')) found.push(token.raw);
    }
    if (token.type === 'html' && !ourHtml.test(token.raw)) found.push(token.raw);
    // A code span or a block of code is the one safe home; in plain text nothing foreign may stand.
    if (
      token.type === 'text' &&
      !('tokens' in token && token.tokens !== undefined) &&
      /@|evil|GH-\d|#666|www\./.test(token.raw) &&
      // An address of ours, such as that of the people who help.
      !(/^[\w.]+@[\w.]+$/.test(token.raw) && ourWords.includes(token.raw))
    )
      found.push(token.raw);
    if (token.type === 'escape' && token.raw.includes('@')) found.push(token.raw);
  }
  return found;
}
