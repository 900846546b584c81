/** Text on a terminal: colours where there are any, and widths as the eye sees them. */
import { escapeInvisible } from '#base/i18n/invisible';

/** How something is written: names of SGR attributes (ECMA-48 §8.3.117). */
export type TextStyle =
  | 'bold'
  | 'dim'
  | 'italic'
  | 'underline'
  | 'red'
  | 'green'
  | 'yellow'
  | 'blue'
  | 'magenta'
  | 'cyan';

const codes: Readonly<Record<TextStyle, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
};

const introducer = '\u001b[';

/** Writes with a style, or plainly. */
export class TextStyler {
  readonly coloured: boolean;

  constructor(coloured: boolean) {
    this.coloured = coloured;
  }

  style(text: string, ...styles: readonly TextStyle[]): string {
    if (!this.coloured || text === '') return text;
    return styles.reduce((inner, style) => {
      const [on, off] = codes[style];
      // What is painted inside may have switched the same attribute off: it goes on again behind it.
      return `${introducer}${on}m${inner.replaceAll(`${introducer}${off}m`, `${introducer}${off}m${introducer}${on}m`)}${introducer}${off}m`;
    }, text);
  }

  /** A label: its name on the colour that every terminal has of nearly the same hue. */
  label(name: string, color: string): string {
    if (!this.coloured) return `[${name}]`;
    const [red = 0, green = 0, blue = 0] =
      color.match(/[0-9a-f]{2}/gi)?.map((part) => Number.parseInt(part, 16)) ?? [];
    return `${introducer}${backgroundOf(red, green, blue)}m${introducer}30m ${name} ${introducer}39m${introducer}49m`;
  }
}

/** Red, yellow, green, cyan, blue, magenta: every sixth of the circle of hues. */
const backgrounds = [41, 43, 42, 46, 44, 45];

/** The command line lets nothing through but attributes of one plain number. */
function backgroundOf(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (range < 16) return 47;
  const sixth =
    most === red
      ? (green - blue) / range
      : most === green
        ? 2 + (blue - red) / range
        : 4 + (red - green) / range;
  return backgrounds[Math.round(sixth + 6) % 6] ?? 47;
}

const ansi = new RegExp(`${introducer.replace('[', '\\[')}[0-9;]*m`, 'g');
const wide =
  /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]/u;
const unseen = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const segments = new Intl.Segmenter('fr', { granularity: 'grapheme' });

/** How many columns a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of segments.segment(text.replace(ansi, '')))
    width += unseen.test(segment) ? 0 : wide.test(segment) ? 2 : 1;
  return width;
}

export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Breaks a line at spaces; a word that is longer than the width is broken anywhere. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = word;
      while (widthOf(line) > width) {
        const [head, tail] = cutAtWidth(line, width);
        lines.push(head);
        line = tail;
      }
    }
  }
  return [...lines, line];
}

/** Breaks a line anywhere, keeping every space: for code. */
export function breakAnywhere(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (widthOf(rest) > width) {
    const [head, tail] = cutAtWidth(rest, width);
    lines.push(head);
    rest = tail;
  }
  return [...lines, rest];
}

/** Cuts after so many columns, never inside an escape sequence. */
function cutAtWidth(text: string, width: number): [string, string] {
  let taken = '';
  let columns = 0;
  for (const part of text.split(new RegExp(`(${ansi.source})`))) {
    if (part.startsWith(introducer)) {
      taken += part;
      continue;
    }
    for (const { segment } of segments.segment(part)) {
      if (columns + widthOf(segment) > width) return [taken, text.slice(taken.length)];
      taken += segment;
      columns += widthOf(segment);
    }
  }
  return [taken, ''];
}

/** Text of others on a terminal: no escape sequence of theirs acts, no character of theirs hides. */
export function sanitizeText(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').map(keepingEmoji).join('  '))
    .join('\n');
}

/** Emoji are made of a sign and an invisible selector, French puts a no-break space before its colons: both stay. */
function keepingEmoji(text: string): string {
  return text
    .split(/(\p{Extended_Pictographic}\ufe0f|[\u00a0\u202f])/u)
    .map((part, index) => (index % 2 === 1 ? part : escapeInvisible(part)))
    .join('');
}
