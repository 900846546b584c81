/** `greffier new` without options: the questions one after the other, back and forth, then the answers to be checked. */

import type { Terminal } from '#cli/terminal';
import { type Cell, idPattern, pathFromPlace } from '#domain/definition/cell';
import { suggestedFileName } from '#domain/definition/file-name';
import type { Finding } from '#domain/definition/finding';
import type { FormAnswers } from '#domain/definition/fix/serialize';
import { isAtOrBelow } from '#domain/definition/parse/pointer';
import { Asker } from './asker.ts';
import { cellOf, type Field, fields } from './fields.ts';
import { interviewMessages as words } from './messages.ts';
import { hasErrors } from './understand.ts';

/** What an interview gives. */
export interface InterviewResult {
  readonly id: string;
  readonly cell: Cell;
  readonly answers: FormAnswers;
}

/** What an interview asks of the registry. */
export interface RegistryForInterview {
  exists(path: string): boolean;
  /** What the rules say of the whole file among the others. */
  judge(result: InterviewResult): Promise<readonly Finding[]>;
}

/** The name that a file would have, without `.yaml`. */
export function suggestedId(name: string | undefined): string {
  return suggestedFileName(name ?? '').replace(/\.yaml$/, '');
}

export function pathOf({ id, cell }: InterviewResult): string {
  return pathFromPlace({ ...cell, id });
}

class Interview {
  readonly #asker: Asker;
  readonly #registry: RegistryForInterview;
  /** The fields that were asked and answered, be it with nothing. */
  readonly #done = new Set<Field>();
  #answers: FormAnswers = { version: 1 };
  #id: string | undefined;

  constructor(terminal: Terminal, registry: RegistryForInterview) {
    this.#asker = new Asker(terminal);
    this.#registry = registry;
  }

  async run(): Promise<InterviewResult> {
    this.#asker.print(words.welcome);
    await this.#askFrom(0);
    for (;;) {
      const result = this.#result();
      const choice = await this.#summary(result);
      if (choice === 'back') await this.#askFrom(this.#asked().length);
      else if (choice !== undefined) await this.#change(choice);
      else if (this.#registry.exists(pathOf(result))) {
        this.#asker.print(words.taken, { path: pathOf(result) });
        await this.#askId();
      } else {
        const errors = (await this.#registry.judge(result)).filter(({ severity }) => severity === 'error');
        if (!hasErrors(errors)) return result;
        this.#asker.print(words.refused);
        this.#asker.printFindings(errors);
        const first = this.#asked().findIndex((field) =>
          errors.some(({ pointer }) => isAtOrBelow(pointer, field.pointer)),
        );
        if (first !== -1) await this.#change(first);
      }
    }
  }

  #asked(): readonly Field[] {
    return fields.filter((field) => field.inCell(cellOf(this.#answers)));
  }

  /** What was left out in integration may be needed in production. */
  #isAnswered(field: Field): boolean {
    const given = field.read(this.#answers).length > 0 || field.optionalIn(cellOf(this.#answers));
    return given && this.#done.has(field);
  }

  /** Without what is not asked for in the cell. */
  #result(): InterviewResult {
    const cell = cellOf(this.#answers);
    const answers = fields.reduce(
      (kept, field) => (field.inCell(cell) ? kept : field.write(kept, [])),
      this.#answers,
    );
    return { id: this.#id ?? '', cell, answers };
  }

  /** Asks what has no answer yet, from a question on; going back asks again what has one. */
  async #askFrom(start: number): Promise<void> {
    let index = start;
    let returning = start > 0;
    for (;;) {
      const asked = this.#asked();
      const field = asked[index];
      if (field === undefined) {
        if (this.#id !== undefined && !returning) return;
        if (await this.#askId()) return;
        returning = true;
        index = asked.length - 1;
        continue;
      }
      if (!returning && this.#isAnswered(field)) {
        index++;
        continue;
      }
      const answer = await this.#asker.ask(field, this.#answers);
      if (answer === 'back') {
        if (index === 0) this.#asker.print(words.first);
        index = Math.max(0, index - 1);
        returning = true;
        continue;
      }
      returning = false;
      this.#answers = answer;
      this.#done.add(field);
      this.#noteOn(field);
      index++;
    }
  }

  #noteOn(field: Field): void {
    const { network, environment } = cellOf(this.#answers);
    if (field.option === 'environment' && network === 'internet' && environment === 'integration')
      this.#asker.print(words.selfService);
  }

  /** One answer anew, and what has become necessary by it. */
  async #change(index: number): Promise<void> {
    const field = this.#asked()[index];
    if (field === undefined) {
      await this.#askId();
      return;
    }
    const answer = await this.#asker.ask(field, this.#answers);
    if (answer === 'back') return;
    this.#answers = answer;
    this.#noteOn(field);
    await this.#askFrom(0);
  }

  /** @returns whether there is a name; false to go back */
  async #askId(): Promise<boolean> {
    const byDefault = this.#id ?? this.#freeId();
    for (;;) {
      const typed = await this.#asker.line(words.id, { byDefault });
      if (typed === '<') return false;
      const id = typed === '' ? byDefault : typed.replace(/\.ya?ml$/i, '');
      const path = pathOf({ id, cell: cellOf(this.#answers), answers: this.#answers });
      if (!idPattern.test(id)) this.#asker.print(words.badId, { id });
      else if (this.#registry.exists(path)) this.#asker.print(words.taken, { path });
      else {
        this.#id = id;
        return true;
      }
    }
  }

  /** The name that goes with the service's; with a number when a file has it already. */
  #freeId(): string {
    const base = suggestedId(this.#answers.name);
    for (let count = 2; ; count++) {
      const id = count === 2 ? base : `${base.slice(0, 59)}-${count - 1}`;
      if (!this.#registry.exists(pathOf({ id, cell: cellOf(this.#answers), answers: {} }))) return id;
    }
  }

  /** Shows every answer. @returns the index of the one to change; undefined to write the file. */
  async #summary(result: InterviewResult): Promise<number | 'back' | undefined> {
    const asker = this.#asker;
    asker.print(words.summary, { path: pathOf(result) });
    const asked = this.#asked();
    const rows = asked.map((field) => {
      const values = field.read(this.#answers).map((value) => asker.shown(field, value));
      return [asker.text(field.label), values.length === 0 ? [asker.text(words.nothing)] : values] as const;
    });
    rows.push([asker.text(words.idLabel), [result.id]]);
    const width = Math.max(...rows.map(([label]) => label.length));
    for (const [index, [label, values]] of rows.entries())
      for (const [line, value] of values.entries()) {
        const head = line === 0 ? `${String(index + 1).padStart(4)}  ${label.padEnd(width)}` : '';
        asker.printText(`${head.padEnd(width + 6)}  ${value}`);
      }
    for (;;) {
      const typed = await asker.line(words.confirm);
      if (typed === '') return undefined;
      if (typed === '<') return 'back';
      const number = Number(typed.replace(/[.)]$/, ''));
      if (Number.isInteger(number) && number >= 1 && number <= rows.length) return number - 1;
      asker.print(words.number, { last: rows.length });
    }
  }
}

/** Asks every question, until the answers make a file that is fit for the registry. */
export async function runInterview(
  terminal: Terminal,
  registry: RegistryForInterview,
): Promise<InterviewResult> {
  return await new Interview(terminal, registry).run();
}
