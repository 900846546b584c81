/**
 * The order in which Git goes over what it keeps by path in a hash table. Where two files are equally good targets of
 * a rename, the first one met is taken: the order decides which, for Git and hence here.
 */

/** Slots of a new table; four times as many whenever four fifths are used. */
const firstSize = 64;

export function inHashOrder<T>(items: readonly T[], key: (item: T) => string): T[] {
  let slots = firstSize;
  while (items.length > slots * 0.8) slots *= 4;
  const placed = items.map((item) => ({ item, slot: hashOf(key(item)) & (slots - 1) }));
  // What came last into a slot comes out first.
  return placed
    .reverse()
    .toSorted((a, b) => a.slot - b.slot)
    .map(({ item }) => item);
}

/** FNV-1 of 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash, 0x01000193) ^ byte;
  return hash;
}
