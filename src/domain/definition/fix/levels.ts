/** Moves whole lines of a text to the level at which they belong: their indentation, and the hyphen before them. */

import { parentPointer } from '#domain/definition/parse/pointer';
import type { Source } from '#domain/definition/parse/source';
import { isFlow, type LocatedNode } from '#domain/definition/parse/source-map';
import type { TextEdit } from '#domain/definition/rules/rule';

interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** The lines of a key with its value, or of a value alone. */
function linesOf({ text, lines }: Source, { key, value }: LocatedNode): LineRange {
  const first = lines.lineAt(key?.start ?? value.start);
  const end = text.slice(0, Math.max(value.end, key?.end ?? 0)).trimEnd().length;
  return { first, last: Math.max(first, lines.lineAt(Math.max(0, end - 1))) };
}

function columnOf({ lines }: Source, offset: number): number {
  return lines.positionAt(offset).column - 1;
}

/** Adds spaces before lines, or takes them away; nothing when a line has too few. */
function shifted({ lines }: Source, { first, last }: LineRange, by: number): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  for (let line = first; line <= last; line++) {
    const written = lines.textOf(line);
    if (written.trim() === '') continue;
    const start = lines.startOf(line);
    if (by > 0) edits.push({ start, end: start, text: ' '.repeat(by) });
    else if (written.slice(0, -by).trim() === '') edits.push({ start, end: start - by, text: '' });
    else return [];
  }
  return edits;
}

/** Whether it is a mapping of lines of its own. */
function isBlockMapping(placed: LocatedNode | undefined): placed is LocatedNode {
  return placed?.shape?.kind === 'map' && !placed.shape.flow;
}

function isEmptyBetween({ lines }: Source, from: number, to: number): boolean {
  for (let line = from; line <= to; line++) if (!/^\s*(?:#|$)/.test(lines.textOf(line))) return false;
  return true;
}

/** Keys of the root that stand right behind the mapping to which they belong go below it. */
export function intoParent(source: Source, parent: string, keys: readonly string[]): readonly TextEdit[] {
  const holder = source.map.nodeAt(`/${parent}`);
  if (holder?.key === undefined || isFlow(holder.shape)) return [];
  const child = [...source.map.nodes.values()].find(
    ({ pointer, key }) => key !== undefined && parentPointer(pointer) === `/${parent}`,
  );
  const column =
    child?.key === undefined ? columnOf(source, holder.key.start) + 2 : columnOf(source, child.key.start);
  let { last } = linesOf(source, holder);
  const edits: TextEdit[] = [];
  for (const key of keys) {
    const placed = source.map.nodeAt(`/${key}`);
    if (placed?.key === undefined) return [];
    const own = linesOf(source, placed);
    const moved = shifted(source, own, column - columnOf(source, placed.key.start));
    if (own.first <= last || !isEmptyBetween(source, last + 1, own.first - 1) || moved.length === 0)
      return [];
    edits.push(...moved);
    last = own.last;
  }
  return edits;
}

/** The last key of a mapping goes to the root. */
export function outOfParent(source: Source, placed: LocatedNode): readonly TextEdit[] {
  const parent = parentPointer(placed.pointer);
  const holder = source.map.nodeAt(parent);
  const first = [...source.map.nodes.values()].find(({ key }) => key !== undefined);
  if (placed.key === undefined || first?.key === undefined || !isBlockMapping(holder)) return [];
  const own = linesOf(source, placed);
  const isLast = linesOf(source, holder).last === own.last;
  return isLast
    ? shifted(source, own, columnOf(source, first.key.start) - columnOf(source, placed.key.start))
    : [];
}

/** The hyphen before an item goes; its keys stay where they are. */
export function withoutHyphen(source: Source, placed: LocatedNode): readonly TextEdit[] {
  const { text, lines } = source;
  const start = lines.startOf(lines.lineAt(placed.value.start));
  const dash = /^(\s*)-\s+$/.exec(text.slice(start, placed.value.start))?.[1]?.length;
  if (!isBlockMapping(placed) || dash === undefined) return [];
  return [{ start: start + dash, end: start + dash + 1, text: ' ' }];
}

/** A mapping becomes the only item of a list. */
export function asItem(source: Source, placed: LocatedNode): readonly TextEdit[] {
  const own = { first: source.lines.lineAt(placed.value.start), last: linesOf(source, placed).last };
  if (!isBlockMapping(placed) || own.first === source.lines.lineAt(placed.key?.start ?? 0)) return [];
  const rest = shifted(source, { first: own.first + 1, last: own.last }, 2);
  return [{ start: placed.value.start, end: placed.value.start, text: '- ' }, ...rest];
}
