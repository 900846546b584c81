/** A text as one part of a URL, whatever it holds: half of a surrogate pair, which no URL can, becomes U+FFFD. */
export function urlPart(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
