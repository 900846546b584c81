/** The stage of the demo: shows what each person sees, as they would see it, and keeps count of what was observed. */
import type { Annotation } from '#demo/github/state';
import type { Mail } from '#demo/mailbox';
import { renderMarkdown } from './markdown.ts';
import { renderPage } from './page.ts';
import { Brush, broken, padded, type Style, tame, widthOf, wrapped } from './terminal.ts';

export interface StageOptions {
  readonly write: (text: string) => void;
  readonly coloured: boolean;
  /** Columns. */
  readonly width: number;
  /** How long to leave something before eyes, in milliseconds; 0 when nobody looks. */
  readonly pause: number;
}

export interface Observed {
  readonly what: string;
  readonly seen: boolean;
}

const levels: Readonly<Record<Annotation['annotation_level'], Style>> = {
  failure: 'red',
  warning: 'yellow',
  notice: 'blue',
};

const conclusions: Readonly<Record<string, readonly [string, Style]>> = {
  success: ['✓', 'green'],
  failure: ['✗', 'red'],
  action_required: ['●', 'yellow'],
};

export class Stage {
  readonly observed: Observed[] = [];
  readonly brush: Brush;
  readonly #options: StageOptions;
  #scenes = 0;

  constructor(options: StageOptions) {
    this.#options = options;
    this.brush = new Brush(options.coloured);
  }

  get width(): number {
    return this.#options.width;
  }

  line(text = ''): void {
    this.#options.write(`${text}\n`);
  }

  /** A title in the middle of an otherwise quiet screen. */
  title(text: string, below: string): void {
    this.line();
    this.line(this.brush.paint(text, 'bold', 'magenta'));
    for (const line of wrapped(below, this.width)) this.line(this.brush.paint(line, 'dim'));
  }

  async scene(title: string): Promise<void> {
    await this.#rest();
    this.#scenes++;
    const head = `━━ ${this.#scenes}. ${title} `;
    this.line();
    this.line(this.brush.paint(head + '━'.repeat(Math.max(0, this.width - widthOf(head))), 'bold', 'blue'));
  }

  /** What the teller says between what is seen. */
  tell(text: string): void {
    for (const line of wrapped(tame(text), this.width)) this.line(line);
  }

  /** Something that had to happen: it did, or it did not. */
  observe(what: string, seen: boolean, detail?: string): boolean {
    this.observed.push({ what, seen });
    const mark = seen ? this.brush.paint('✓', 'green', 'bold') : this.brush.paint('✗', 'red', 'bold');
    this.line(`${mark} ${what}${detail === undefined ? '' : this.brush.paint(`  ${tame(detail)}`, 'dim')}`);
    return seen;
  }

  check(name: string, conclusion: string | null, title: string | null): void {
    const [mark, style] = conclusions[conclusion ?? ''] ?? ['…', 'dim'];
    this.line(
      `${this.brush.paint(mark, style, 'bold')} ${this.brush.paint(name, 'bold')} — ${tame(title ?? '')}`,
    );
  }

  labels(labels: readonly { readonly name: string; readonly color: string }[]): void {
    this.line(labels.map(({ name, color }) => this.brush.chip(tame(name), color)).join(' '));
  }

  comment(
    author: string,
    markdown: string,
    options: { readonly unfolded?: boolean; readonly replaced?: readonly string[] } = {},
  ): void {
    this.#frame(author, renderMarkdown(markdown, { brush: this.brush, width: this.width - 4, ...options }));
  }

  /** Comments on lines of the diff, each under the name of its place. */
  lineComments(
    author: string,
    comments: readonly {
      readonly place: string;
      readonly body: string;
      readonly replaced: readonly string[];
    }[],
  ): void {
    const width = this.width - 4;
    const lines = comments.flatMap(({ place, body, replaced }, index) => [
      ...(index === 0 ? [] : ['']),
      this.brush.paint(tame(place), 'dim'),
      ...renderMarkdown(body, { brush: this.brush, width, replaced }),
    ]);
    this.#frame(author, lines);
  }

  mail(mail: Mail): void {
    const head = [
      `${this.brush.paint('De :', 'dim')} ${tame(mail.from)}`,
      `${this.brush.paint('À :', 'dim')} ${tame(mail.to.join(', '))}`,
      `${this.brush.paint('Objet :', 'dim')} ${this.brush.paint(tame(mail.subject), 'bold')}`,
      '',
    ];
    const text = tame(mail.text.trimEnd())
      .split('\n')
      .flatMap((line) => wrapped(line, this.width - 4));
    this.#frame('✉', [...head, ...text]);
  }

  page(title: string, html: string): void {
    this.#frame(title, renderPage(html, this.brush, this.width - 4));
  }

  /** A file with notes under its lines, as the « Files changed » tab shows them; only the lines around notes. */
  file(path: string, text: string, annotations: readonly Annotation[]): void {
    const lines = tame(text).replace(/\n$/, '').split('\n');
    const byLine = Map.groupBy(annotations, ({ end_line }) => end_line);
    const near = new Set([...byLine.keys()].flatMap((line) => [line - 1, line, line + 1]));
    const shown: string[] = [];
    let skipped = false;
    for (const [index, line] of lines.entries()) {
      const number = index + 1;
      if (annotations.length > 0 && !near.has(number)) {
        skipped = true;
        continue;
      }
      if (skipped && shown.length > 0) shown.push(this.brush.paint('   ⋮', 'dim'));
      skipped = false;
      shown.push(`${this.brush.paint(`${String(number).padStart(4)} │`, 'dim')} ${line}`);
      for (const note of byLine.get(number) ?? []) shown.push(...this.#note(note, this.width - 4));
    }
    this.#frame(
      path,
      shown.flatMap((line) => broken(line, this.width - 4)),
    );
  }

  #note(note: Annotation, width: number): string[] {
    const style = levels[note.annotation_level];
    const gutter = this.brush.paint('     │ ', 'dim');
    const start = (note.start_column ?? 1) - 1;
    // Both columns are part of what is meant.
    const length = Math.max(1, (note.end_column ?? start + 1) - start);
    const carets = ' '.repeat(start) + '^'.repeat(Math.min(length, Math.max(1, width - 8 - start)));
    return [
      gutter + this.brush.paint(carets, style),
      ...tame([note.title, note.message].filter(Boolean).join('\n'))
        .split('\n')
        .flatMap((line) => wrapped(line, width - 9))
        .map(
          (line, index) =>
            gutter + (index === 0 && note.title !== null ? this.brush.paint(line, style, 'bold') : line),
        ),
    ];
  }

  /** What was seen and what was not; true when all of it was. */
  summary(title: string): boolean {
    this.line();
    this.line(this.brush.paint(title, 'bold'));
    for (const { what, seen } of this.observed) {
      const mark = seen ? this.brush.paint('✓', 'green') : this.brush.paint('✗', 'red', 'bold');
      this.line(`  ${mark} ${what}`);
    }
    return this.observed.every(({ seen }) => seen);
  }

  #frame(title: string, lines: readonly string[]): void {
    const inner = this.width - 4;
    const head = `╭─ ${tame(title)} `;
    this.line(this.brush.paint(`${head + '─'.repeat(Math.max(0, this.width - 1 - widthOf(head)))}╮`, 'dim'));
    const side = this.brush.paint('│', 'dim');
    for (const line of lines) this.line(`${side} ${padded(line, inner)} ${side}`);
    this.line(this.brush.paint(`╰${'─'.repeat(this.width - 2)}╯`, 'dim'));
  }

  async #rest(): Promise<void> {
    if (this.#options.pause > 0) await new Promise((resolve) => setTimeout(resolve, this.#options.pause));
  }
}
