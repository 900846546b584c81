/** Shows what each person sees, as they would see it, and keeps count of what was observed. */
import type { Language } from '#base/i18n/message';
import type { CheckAnnotation } from '#demo/github/state';
import type { ReceivedMail } from '#demo/mailbox';
import { renderMarkdown } from './markdown.ts';
import { renderPage } from './page.ts';
import {
  breakAnywhere,
  padToWidth,
  sanitizeText,
  type TextStyle,
  TextStyler,
  widthOf,
  wrapText,
} from './terminal.ts';

export interface PresenterOptions {
  readonly write: (text: string) => void;
  readonly coloured: boolean;
  /** Columns. */
  readonly width: number;
  /** How long to leave something before eyes, in milliseconds; 0 when nobody looks. */
  readonly pause: number;
  /** Of what stands around what people see; French when absent. */
  readonly language?: Language;
}

export interface Observation {
  readonly what: string;
  /** The story that it is of; undefined before the first one. */
  readonly part: string | undefined;
  readonly seen: boolean;
}

const levels: Readonly<Record<CheckAnnotation['annotation_level'], TextStyle>> = {
  failure: 'red',
  warning: 'yellow',
  notice: 'blue',
};

const conclusions: Readonly<Record<string, readonly [string, TextStyle]>> = {
  success: ['✓', 'green'],
  failure: ['✗', 'red'],
  action_required: ['●', 'yellow'],
};

const framing: Readonly<Record<Language, { from: string; to: string; subject: string; colon: string }>> = {
  fr: { from: 'De :', to: 'À :', subject: 'Objet :', colon: ' : ' },
  en: { from: 'From:', to: 'To:', subject: 'Subject:', colon: ': ' },
};

export class Presenter {
  readonly observations: Observation[] = [];
  readonly styler: TextStyler;
  readonly #options: PresenterOptions;
  #scenes = 0;
  #part: string | undefined;

  constructor(options: PresenterOptions) {
    this.#options = options;
    this.styler = new TextStyler(options.coloured);
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
    this.line(this.styler.style(text, 'bold', 'magenta'));
    for (const line of wrapText(below, this.width)) this.line(this.styler.style(line, 'dim'));
  }

  /** One story of several. */
  part(title: string): void {
    this.#part = title;
    this.line();
    this.line(this.styler.style(title, 'bold', 'magenta', 'underline'));
  }

  async scene(title: string): Promise<void> {
    await this.#rest();
    this.#scenes++;
    const head = `━━ ${this.#scenes}. ${title} `;
    this.line();
    this.line(this.styler.style(head + '━'.repeat(Math.max(0, this.width - widthOf(head))), 'bold', 'blue'));
  }

  /** What is said between what is seen. */
  narrate(text: string): void {
    for (const line of wrapText(sanitizeText(text), this.width)) this.line(line);
  }

  /** Something that had to happen: it did, or it did not. */
  observe(what: string, seen: boolean, detail?: string): boolean {
    this.observations.push({ what, seen, part: this.#part });
    const mark = seen ? this.styler.style('✓', 'green', 'bold') : this.styler.style('✗', 'red', 'bold');
    this.line(
      `${mark} ${what}${detail === undefined ? '' : this.styler.style(`  ${sanitizeText(detail)}`, 'dim')}`,
    );
    return seen;
  }

  check(name: string, conclusion: string | null, title: string | null): void {
    const [mark, style] = conclusions[conclusion ?? ''] ?? ['…', 'dim'];
    this.line(
      `${this.styler.style(mark, style, 'bold')} ${this.styler.style(name, 'bold')} — ${sanitizeText(title ?? '')}`,
    );
  }

  labels(labels: readonly { readonly name: string; readonly color: string }[]): void {
    this.line(labels.map(({ name, color }) => this.styler.label(sanitizeText(name), color)).join(' '));
  }

  comment(
    author: string,
    markdown: string,
    options: { readonly unfolded?: boolean; readonly replaced?: readonly string[] } = {},
  ): void {
    this.#frame(author, renderMarkdown(markdown, { styler: this.styler, width: this.width - 4, ...options }));
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
      this.styler.style(sanitizeText(place), 'dim'),
      ...renderMarkdown(body, { styler: this.styler, width, replaced }),
    ]);
    this.#frame(author, lines);
  }

  mail(mail: ReceivedMail): void {
    const words = framing[this.#options.language ?? 'fr'];
    const head = [
      `${this.styler.style(words.from, 'dim')} ${sanitizeText(mail.from)}`,
      `${this.styler.style(words.to, 'dim')} ${sanitizeText(mail.to.join(', '))}`,
      `${this.styler.style(words.subject, 'dim')} ${this.styler.style(sanitizeText(mail.subject), 'bold')}`,
      '',
    ];
    const text = sanitizeText(mail.text.trimEnd())
      .split('\n')
      .flatMap((line) => wrapText(line, this.width - 4));
    this.#frame('✉', [...head, ...text]);
  }

  /** What was answered to what. */
  facts(title: string, facts: readonly (readonly [name: string, value: string])[]): void {
    const { colon } = framing[this.#options.language ?? 'fr'];
    this.#frame(
      title,
      facts.flatMap(([name, value]) =>
        wrapText(
          `${this.styler.style(sanitizeText(name), 'dim')}${colon}${sanitizeText(value)}`,
          this.width - 4,
        ),
      ),
    );
  }

  page(title: string, html: string): void {
    this.#frame(title, renderPage(html, this.styler, this.width - 4));
  }

  /** A file with notes under its lines, as the « Files changed » tab shows them; only the lines around notes. */
  file(path: string, text: string, annotations: readonly CheckAnnotation[]): void {
    const lines = sanitizeText(text).replace(/\n$/, '').split('\n');
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
      if (skipped && shown.length > 0) shown.push(this.styler.style('   ⋮', 'dim'));
      skipped = false;
      shown.push(`${this.styler.style(`${String(number).padStart(4)} │`, 'dim')} ${line}`);
      for (const note of byLine.get(number) ?? []) shown.push(...this.#note(note, this.width - 4));
    }
    this.#frame(
      path,
      shown.flatMap((line) => breakAnywhere(line, this.width - 4)),
    );
  }

  #note(note: CheckAnnotation, width: number): string[] {
    const style = levels[note.annotation_level];
    const gutter = this.styler.style('     │ ', 'dim');
    const start = (note.start_column ?? 1) - 1;
    // Both columns are part of what is meant.
    const length = Math.max(1, (note.end_column ?? start + 1) - start);
    const carets = ' '.repeat(start) + '^'.repeat(Math.min(length, Math.max(1, width - 8 - start)));
    return [
      gutter + this.styler.style(carets, style),
      ...sanitizeText([note.title, note.message].filter(Boolean).join('\n'))
        .split('\n')
        .flatMap((line) => wrapText(line, width - 9))
        .map(
          (line, index) =>
            gutter + (index === 0 && note.title !== null ? this.styler.style(line, style, 'bold') : line),
        ),
    ];
  }

  /** What was seen and what was not; true when all of it was. */
  summary(title: string): boolean {
    this.line();
    this.line(this.styler.style(title, 'bold'));
    let shown: string | undefined;
    for (const { what, seen, part } of this.observations) {
      if (part !== undefined && part !== shown) this.line(`  ${this.styler.style(part, 'bold')}`);
      shown = part;
      const mark = seen ? this.styler.style('✓', 'green') : this.styler.style('✗', 'red', 'bold');
      this.line(`  ${mark} ${what}`);
    }
    return this.observations.every(({ seen }) => seen);
  }

  #frame(title: string, lines: readonly string[]): void {
    const inner = this.width - 4;
    const head = `╭─ ${sanitizeText(title)} `;
    this.line(this.styler.style(`${head + '─'.repeat(Math.max(0, this.width - 1 - widthOf(head)))}╮`, 'dim'));
    const side = this.styler.style('│', 'dim');
    for (const line of lines) this.line(`${side} ${padToWidth(line, inner)} ${side}`);
    this.line(this.styler.style(`╰${'─'.repeat(this.width - 2)}╯`, 'dim'));
  }

  async #rest(): Promise<void> {
    if (this.#options.pause > 0) await new Promise((resolve) => setTimeout(resolve, this.#options.pause));
  }
}
