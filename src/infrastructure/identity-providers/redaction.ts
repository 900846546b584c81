/**
 * What a provider says, without the secrets in it. Every answer goes through here before anything else sees it: what
 * is named a secret becomes a `Secret`, and no other text of the answer holds it, nor one that was sent, whole, in
 * part, or encoded. In an error, where any text may turn up, what looks like a key and was not in the request goes too:
 * a server may repeat one that it gave long ago.
 */
import { Secret } from '#base/config/secret';

export const redactedMark = '…';

/** Names under which a secret is given or sent, in whatever style: `client_secret`, `registrationAccessToken`. */
const secretName =
  /(?:secret|token|password|passphrase|assertion|credentials?|authorization|api_?key|private_?key)$/i;

/** Kept like a secret, since it may hold one; but what it holds besides is in every text about the client. */
const sealedAddress = 'registration_client_uri';

/** Of a secret that is repeated in part, so many characters in a row are known again. */
const recognised = 10;
/** Shorter ones stand in ordinary words. */
const shortest = 6;

/** In an error: as long as a key, and mixed like one. Words that people write hold no digits between letters. */
const keyLike = /[\w+/=~%-]{12,}/g;

export interface AnswerContext {
  /** An error may say anything; the fields of a client are what was asked for, and are compared. */
  readonly isError: boolean;
  /** Secrets that the server has seen, or knows. */
  readonly secrets: readonly string[];
  /** The text of the request, its secrets left out: what it says may be repeated. */
  readonly sent: string;
}

/** @returns the same JSON: secrets are `Secret`s, and other texts hold none */
export function withoutSecrets(body: unknown, context: AnswerContext): unknown {
  const known = fragmentsOf(context.secrets, context.isError);
  const redact = (value: unknown): unknown => {
    const own = fragmentsOf(secretsIn(value), context.isError);
    return mapTexts(value, (text) => redactedText(text, [known, own], context));
  };
  // Of a list, each client has secrets of its own.
  return Array.isArray(body) ? body.map(redact) : redact(body);
}

/** The values that stand under the name of a secret, at any depth. */
export function secretsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' ? (secretName.test(name) ? [inner] : []) : secretsIn(inner),
  );
}

function mapTexts(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'string' && (secretName.test(name) || name === sealedAddress)
        ? new Secret(inner)
        : mapTexts(inner, redact),
    ]),
  );
}

/** Pieces by which secrets are known again, each lower case, by their length. */
type Fragments = ReadonlyMap<number, ReadonlySet<string>>;

function fragmentsOf(secrets: readonly string[], isError: boolean): Fragments {
  const fragments = new Map<number, Set<string>>();
  for (const secret of secrets)
    for (const form of isError ? formsOf(secret) : [secret, encodeURIComponent(secret.toWellFormed())]) {
      if (form.length < shortest) continue;
      const text = form.toLowerCase();
      const length = Math.min(recognised, text.length);
      const ofLength = fragments.get(length) ?? new Set<string>();
      fragments.set(length, ofLength);
      for (let at = 0; at + length <= text.length; at += 1) ofLength.add(text.slice(at, at + length));
    }
  return fragments;
}

/** How a secret may be written: as it is, in a URL, in JSON, in hexadecimal, in base64 wherever it stands in the text. */
function formsOf(secret: string): ReadonlySet<string> {
  const bytes = Buffer.from(secret);
  const encodings = (['base64', 'base64url'] as const).flatMap((encoding) =>
    [0, 1, 2].map((before) => {
      // The first characters hold bits of what stands before, the last ones of what follows.
      const text = Buffer.concat([Buffer.alloc(before), bytes])
        .toString(encoding)
        .replace(/=+$/, '');
      return text.slice(before === 0 ? 0 : before + 1, -1);
    }),
  );
  return new Set([
    secret,
    encodeURIComponent(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    ...encodings,
  ]);
}

function redactedText(text: string, known: readonly Fragments[], context: AnswerContext): string {
  const redacted = withoutFragments(text, known);
  if (!context.isError) return redacted;
  return redacted.replace(keyLike, (word) => {
    const mixed = (word.match(/\d/g)?.length ?? 0) > 1 && /[a-z]/i.test(word);
    return mixed && !context.sent.includes(word) ? redactedMark : word;
  });
}

function withoutFragments(text: string, known: readonly Fragments[]): string {
  const lower = text.toLowerCase();
  // Some letters are longer in lower case: positions would not agree.
  const searched = lower.length === text.length ? lower : text;
  const covered: (readonly [number, number])[] = [];
  for (const fragments of known)
    for (const [length, ofLength] of fragments)
      for (let at = 0; at + length <= searched.length; at += 1)
        if (ofLength.has(searched.slice(at, at + length))) covered.push([at, at + length]);
  if (covered.length === 0) return text;
  let redacted = '';
  let end = 0;
  for (const [from, to] of covered.toSorted(([one], [other]) => one - other)) {
    if (from > end || redacted === '') redacted += `${text.slice(end, from)}${redactedMark}`;
    end = Math.max(end, to);
  }
  return redacted + text.slice(end);
}
