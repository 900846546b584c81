/** JSON Pointers (RFC 6901). */

/** The pointer of a child. */
export function childPointer(pointer: string, key: string | number): string {
  if (typeof key === 'number' || !/[~/]/.test(key)) return `${pointer}/${key}`;
  return `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The parts of a pointer, unescaped; none for the root. */
export function pointerParts(pointer: string): readonly string[] {
  const parts = pointer.split('/').slice(1);
  if (!pointer.includes('~')) return parts;
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The pointer of the parent; the root is its own parent. */
export function parentPointer(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')));
}

/** Whether `pointer` is `root` or stands below it. */
export function isAtOrBelow(pointer: string, root: string): boolean {
  return pointer === root || pointer.startsWith(`${root}/`);
}
