/** The keys of the plain layout: those that the schema knows. */
import type { SchemaNode } from '#domain/definition/schema/schema-node';
import { serviceProviderSchema } from '#domain/definition/schema/service-provider-schema';
import type { PlainText } from './plain-text.ts';
import { colon, doubleQuote, singleQuote, space } from './signs.ts';

function* keysOf(schema: SchemaNode): Generator<string> {
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    yield key;
    yield* keysOf(property);
  }
  if (schema.items !== undefined) yield* keysOf(schema.items);
}

/** Known keys by their length and first letter. */
const knownKeys: readonly string[][] = Array.from({ length: 32 * 32 }, () => []);
for (const key of new Set(keysOf(serviceProviderSchema)))
  knownKeys[keyPlace(key.length, key.charCodeAt(0))]?.push(key);

function keyPlace(length: number, first: number): number {
  return (length & 31) * 32 + (first & 31);
}

const none: readonly string[] = [];

function keyBetween(text: string, from: number, end: number): string | undefined {
  const length = end - from;
  const keys = knownKeys[keyPlace(length, text.charCodeAt(from))] ?? none;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? '';
    if (key.length === length && text.startsWith(key, from)) return key;
  }
  return undefined;
}

/** Behind the letters and `_` that begin at an offset. */
function afterWord(text: string, from: number): number {
  let end = from;
  for (let code = text.charCodeAt(end); (code >= 97 && code <= 122) || code === 95; ) {
    end++;
    code = text.charCodeAt(end);
  }
  return end;
}

/** The known key at an offset, in quotes or not, before a colon that ends it; undefined for anything else. Ends at the colon. */
export function keyAt(at: PlainText, from: number): string | undefined {
  const text = at.text;
  const quote = text.charCodeAt(from);
  const quoted = quote === doubleQuote || quote === singleQuote ? 1 : 0;
  let end = afterWord(text, from + quoted);
  const key = keyBetween(text, from + quoted, end);
  if (quoted === 1 && text.charCodeAt(end++) !== quote) return undefined;
  if (end >= at.stop || text.charCodeAt(end) !== colon) return undefined;
  if (end + 1 < at.stop && text.charCodeAt(end + 1) !== space) return undefined;
  at.end = end;
  return key;
}

/** Whether something that looks like a key, known or not, begins at an offset of the present line. */
export function startsWithKey(at: PlainText, start: number): boolean {
  const text = at.text;
  const end = afterWord(text, start);
  return (
    end > start &&
    text.charCodeAt(end) === colon &&
    (end + 1 >= at.stop || text.charCodeAt(end + 1) === space)
  );
}
