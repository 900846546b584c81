/**
 * The spaces that French sets before `:` `;` `?` `!` `»` and after `«` do not break (Imprimerie nationale, Lexique des
 * règles typographiques): a sign alone at the start of a line looks like a mistake. The catalogues are written with
 * plain spaces, as one types them.
 */

/** Code, whose spaces are somebody's text: spans of any fence (CommonMark 0.31 §6.1) and fenced blocks (§4.5). */
const code = /(`+)[^`](?:[\s\S]*?[^`])?\1(?!`)/g;

function withoutBreaks(text: string): string {
  return text.replace(/« /g, '«\u00a0').replace(/ (?=[:;?!»])/g, '\u00a0');
}

/** @param markdown French text of Greffier's own, in which what is foreign stands in code */
export function frenchSpaces(markdown: string): string {
  let at = 0;
  let out = '';
  for (const span of markdown.matchAll(code)) {
    out += withoutBreaks(markdown.slice(at, span.index)) + span[0];
    at = span.index + span[0].length;
  }
  return out + withoutBreaks(markdown.slice(at));
}
