/**
 * Turns a correction in terms of the definition into edits of its text: the fewest characters that do it.
 * Comments, order, quoting and spacing of everything else stay byte for byte.
 */

import { parentPointer } from '#domain/definition/parse/pointer';
import { scalarText } from '#domain/definition/parse/scalar';
import type { Source } from '#domain/definition/parse/source';
import { isFlow, type LocatedNode } from '#domain/definition/parse/source-map';
import type { Correction, TextEdit } from '#domain/definition/rules/rule';
import { asItem, intoParent, outOfParent, withoutHyphen } from './levels.ts';

/** The line end that a text uses. */
function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function columnOf(source: Source, offset: number): number {
  return source.lines.positionAt(offset).column - 1;
}

/** Whether a node stands in a `[…]` or a `{…}`. */
function inFlow(source: Source, pointer: string): boolean {
  for (let here = pointer; here !== ''; ) {
    here = parentPointer(here);
    if (isFlow(source.map.nodeAt(here)?.shape)) return true;
  }
  return false;
}

/** The place behind the colon of a key. */
function afterColon(source: Source, keyEnd: number): number {
  return source.text.indexOf(':', keyEnd) + 1;
}

/** A value becomes a mapping of one key, below its own. */
function toMapping(source: Source, placed: LocatedNode, key: string, value: string): readonly TextEdit[] {
  if (placed.key === undefined || inFlow(source, placed.pointer)) return [];
  const from = afterColon(source, placed.key.end);
  const indent = ' '.repeat(columnOf(source, placed.key.start) + 2);
  const end = trimmedEnd(source.text, placed.value.end);
  return [
    { start: from, end, text: `${newlineOf(source.text)}${indent}${key}: ${scalarText(value, 'double')}` },
  ];
}

function setScalar(
  source: Source,
  placed: LocatedNode,
  value: string | number | boolean,
): readonly TextEdit[] {
  const { shape } = placed;
  const { start, end } = placed.value;
  if (shape === undefined) return [];
  if (shape.kind !== 'scalar') {
    // A list or a mapping of one value.
    if (placed.key === undefined || (shape.flow && start > placed.key.end))
      return [{ start, end: trimmedEnd(source.text, end), text: scalarText(value) }];
    const from = afterColon(source, placed.key.end);
    return [{ start: from, end: trimmedEnd(source.text, end), text: ` ${scalarText(value)}` }];
  }
  if (start === end) {
    const space = source.text[start - 1] === ':' || source.text[start - 1] === '-' ? ' ' : '';
    return [{ start, end, text: space + scalarText(value) }];
  }
  const { style } = shape;
  const written = source.text.slice(start, end);
  const text = scalarText(value, style);
  const ending = style === 'block' ? (/\r?\n$/.exec(written)?.[0] ?? '') : '';
  return written === text + ending ? [] : [{ start, end, text: text + ending }];
}

/** What stands between two items of the list that `placed` is an item of. */
function betweenItems(source: Source, placed: LocatedNode): string {
  if (inFlow(source, placed.pointer)) return ', ';
  const line = source.text.slice(
    source.lines.startOf(source.lines.lineAt(placed.value.start)),
    placed.value.start,
  );
  const dash = /-\s*$/.exec(line);
  return dash === null ? ', ' : `${newlineOf(source.text)}${' '.repeat(dash.index)}- `;
}

function toList(source: Source, placed: LocatedNode, items: readonly string[]): readonly TextEdit[] {
  const { start, end } = placed.value;
  if (source.map.nodeAt(parentPointer(placed.pointer))?.shape?.kind === 'seq' && placed.pointer !== '')
    return [{ start, end, text: items.map((item) => scalarText(item)).join(betweenItems(source, placed)) }];
  if (placed.key === undefined || inFlow(source, placed.pointer))
    return [{ start, end, text: `[${items.map((item) => scalarText(item, 'double')).join(', ')}]` }];
  const indent = ' '.repeat(columnOf(source, placed.key.start) + 2);
  const newline = newlineOf(source.text);
  const from = afterColon(source, placed.key.end);
  if (items.length === 0) return [{ start: from, end: trimmedEnd(source.text, end), text: ' []' }];
  const between = source.text.slice(from, start);
  const written = source.text.slice(start, end);
  const ending = /\r?\n$/.exec(written)?.[0] ?? '';
  const list = items.map((item) => `${newline}${indent}- ${scalarText(item)}`).join('');
  return [{ start: between.trim() === '' ? from : start, end, text: list + ending }];
}

/** Takes a list item or a key with its value away, with the lines that it alone occupies. */
function remove(source: Source, placed: LocatedNode): readonly TextEdit[] {
  const { text, lines, map } = source;
  const parent = map.nodeAt(parentPointer(placed.pointer));
  const holder = parent?.shape;
  if (parent === undefined || holder === undefined || holder.kind === 'scalar') return [];
  const own = {
    start: placed.key?.start ?? placed.value.start,
    end: Math.max(placed.value.end, placed.key?.end ?? 0),
  };
  if (holder.flow) return [withoutComma(text, own, parent.value)];
  if (holder.size === 1) {
    if (parent.key === undefined) return [];
    const empty = holder.kind === 'seq' ? ' []' : ' {}';
    return [{ start: afterColon(source, parent.key.end), end: trimmedEnd(text, own.end), text: empty }];
  }
  const firstLine = lines.lineAt(own.start);
  const lineStart = lines.startOf(firstLine);
  const lead = text.slice(lineStart, own.start);
  const end = trimmedEnd(text, own.end);
  const lastLine = lines.lineAt(Math.max(end - 1, own.start));
  if (!/^\s*(?:-\s*)?$/.test(lead)) return [];
  // A key that opens a list item shares its line with the dash: the next key takes its place.
  if (placed.key !== undefined && lead.includes('-')) {
    const next = lines.startOf(lastLine + 1);
    const indent = /^\s*/.exec(text.slice(next))?.[0].length ?? 0;
    return [{ start: own.start, end: next + indent, text: '' }];
  }
  return [{ start: lineStart, end: lines.startOf(lastLine + 1), text: '' }];
}

/** The end of a value without the line ends and blanks that a block value takes with it. */
function trimmedEnd(text: string, end: number): number {
  let at = end;
  while (at > 0 && /\s/.test(text[at - 1] ?? '')) at--;
  return at;
}

function withoutComma(
  text: string,
  own: { readonly start: number; readonly end: number },
  holder: { readonly start: number; readonly end: number },
): TextEdit {
  const after = /^\s*,[ \t]*/.exec(text.slice(own.end, holder.end))?.[0].length;
  if (after !== undefined) return { start: own.start, end: own.end + after, text: '' };
  const before = /,\s*$/.exec(text.slice(holder.start, own.start))?.[0].length ?? 0;
  return { start: own.start - before, end: own.end, text: '' };
}

function add(
  source: Source,
  holder: LocatedNode,
  key: string,
  value: string | number | boolean,
): readonly TextEdit[] {
  const { text, map } = source;
  const { shape } = holder;
  if (shape?.kind !== 'map') return [];
  const pair = `${key}: ${scalarText(value)}`;
  if (shape.flow) {
    const close = holder.value.end - 1;
    const end = trimmedEnd(text, close);
    return [{ start: end, end, text: shape.size === 0 ? pair : `, ${pair}` }];
  }
  const children = [...map.nodes.values()].filter(
    (placed) =>
      placed.key !== undefined && parentPointer(placed.pointer) === holder.pointer && placed.pointer !== '',
  );
  const [first] = children;
  const last = children.at(-1);
  if (first?.key === undefined || last === undefined) return [];
  const newline = newlineOf(text);
  const indent = ' '.repeat(columnOf(source, first.key.start));
  if (key === 'version')
    return [{ start: first.key.start, end: first.key.start, text: `${pair}${newline}${indent}` }];
  // After the last line that the mapping occupies, its trailing comment included.
  const end = trimmedEnd(text, Math.max(last.value.end, last.key?.end ?? 0));
  const line = source.lines.lineAt(Math.max(0, end - 1));
  const at = line < source.lines.count ? source.lines.startOf(line + 1) : text.length;
  const before = at === text.length && !text.endsWith('\n') ? newline : '';
  return [{ start: at, end: at, text: `${before}${indent}${pair}${newline}` }];
}

/** Puts a key of the root under a mapping that is not there yet: `siret: x` becomes `organization: {siret: x}`. */
function nest(source: Source, placed: LocatedNode, parent: string, key: string): readonly TextEdit[] {
  const { text, lines } = source;
  if (placed.key === undefined || inFlow(source, placed.pointer)) return [];
  const newline = newlineOf(text);
  const edits: TextEdit[] = [
    { start: placed.key.start, end: placed.key.end, text: `${parent}:${newline}  ${key}` },
  ];
  const end = trimmedEnd(text, placed.value.end);
  const last = lines.lineAt(Math.max(end - 1, placed.key.start));
  for (let line = lines.lineAt(placed.key.start) + 1; line <= last; line++)
    if (lines.textOf(line) !== '')
      edits.push({ start: lines.startOf(line), end: lines.startOf(line), text: '  ' });
  return edits;
}

/** A key in the quotes, or without, in which the one at an offset stands. */
function keyText({ text }: Source, start: number, key: string): string {
  const quote = text[start] ?? '';
  return quote === '"' || quote === "'" ? `${quote}${key}${quote}` : scalarText(key);
}

/**
 * The edits of a correction; none when it cannot be done without touching more than it should.
 *
 * @param pointer where the report stands, in the file's own terms
 */
export function correctionEdits(
  source: Source,
  correction: Exclude<Correction, { readonly kind: 'renameAll' }>,
  pointer: string,
): readonly TextEdit[] {
  if (correction.kind === 'text')
    return correction.edits.map(({ range, text }) => ({
      start: source.lines.offsetAt(range.start),
      end: source.lines.offsetAt(range.end),
      text,
    }));
  if (correction.kind === 'into') return intoParent(source, correction.parent, correction.keys);
  const placed = source.map.nodeAt(pointer);
  if (placed === undefined) return [];
  switch (correction.kind) {
    case 'set':
      return setScalar(source, placed, correction.value);
    case 'list':
      return toList(source, placed, correction.items);
    case 'mapping':
      return toMapping(source, placed, correction.key, correction.value);
    case 'remove':
      return remove(source, placed);
    case 'rename':
      return placed.key === undefined
        ? []
        : [{ ...placed.key, text: keyText(source, placed.key.start, correction.key) }];
    case 'add':
      return add(source, placed, correction.key, correction.value);
    case 'out':
      return outOfParent(source, placed);
    case 'withoutHyphen':
      return withoutHyphen(source, placed);
    case 'item':
      return asItem(source, placed);
    case 'nest':
      return nest(source, placed, correction.parent, correction.key);
  }
}
