/** Asks for the values of one field until the rules accept them. */
import type { Bilingual, Values } from '#base/i18n/message';
import { t } from '#cli/messages';
import { CliError, type Terminal, type TextStyles, textStyles } from '#cli/terminal';
import type { Finding } from '#domain/definition/finding';
import type { FormAnswers } from '#domain/definition/fix/serialize';
import { optionalScopes, restrictedScopes } from '#domain/definition/rules/scope/known-scopes';
import { answerMessage } from './answer-message.ts';
import { cellOf, type Field } from './fields.ts';
import { interviewMessages as words } from './messages.ts';
import { givenWords, scopeWords } from './scope-words.ts';
import { corrected, findingsOn, hasErrors, understood } from './understand.ts';

/** The word that goes back to the question before. */
const back = '<';
/** The word that empties an answer that may be left out. */
const none = '-';

/** The answers after a question; `back` when the one before is wanted instead. */
export type Asked = FormAnswers | 'back';

const yesWords = ['o', 'oui', 'y', 'yes', 'true', '1'];
const noWords = ['n', 'non', 'no', 'false', '0'];

export class Asker {
  readonly #terminal: Terminal;
  readonly style: TextStyles;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.style = textStyles(terminal.colours);
  }

  text(sentence: Bilingual, values: Values = {}): string {
    return t(sentence, this.#terminal.language, values);
  }

  print(sentence: Bilingual, values: Values = {}): void {
    this.printText(this.text(sentence, values));
  }

  printText(text: string): void {
    this.#terminal.err(`${text}\n`);
  }

  /** A line that someone types, blanks around it left out. */
  async line(question: Bilingual, values: Values = {}): Promise<string> {
    const prompt = `${this.style.bold(this.text(question, values))} `;
    const line = await this.#terminal.ask(prompt);
    if (line === undefined) throw new CliError(words.interrupted);
    return line.trim();
  }

  printFindings(findings: readonly Finding[]): void {
    for (const { severity, message } of findings) {
      const mark = severity === 'error' ? this.style.red('✗') : this.style.yellow('!');
      this.printText(`  ${mark} ${answerMessage(message, this.#terminal.language)}`);
    }
  }

  /** How the value of a field is shown to people. */
  shown(field: Field, value: string): string {
    if (field.kind !== 'yesNo') return value;
    return this.text(value === 'true' ? words.yes : words.no);
  }

  /** Asks a field. What was answered before is kept by an empty line. */
  async ask(field: Field, answers: FormAnswers): Promise<Asked> {
    const cell = cellOf(answers);
    const optional = field.optionalIn(cell);
    const before = field.read(answers);
    if (field.note !== undefined) this.print(field.note);
    if (field.kind === 'scopes') this.#printScopes();
    if (before.length > 0)
      this.print(optional ? words.presentOptional : words.present, {
        values: before.map((value) => this.shown(field, value)),
      });
    else if (optional && field.kind === 'one') this.print(words.optional);
    switch (field.kind) {
      case 'one':
        return await this.#askOne(field, answers, optional);
      case 'several':
        return await this.#askSeveral(field, answers, optional, (line, values) =>
          this.#judgeItem(field, answers, values, line),
        );
      case 'scopes':
        return await this.#askSeveral(field, answers, optional, (line, values) =>
          this.#askScope(field, answers, values, line),
        );
      default:
        return await this.#askWord(field, answers);
    }
  }

  async #askOne(field: Field, answers: FormAnswers, optional: boolean): Promise<Asked> {
    let question: Bilingual = field.question;
    for (;;) {
      const typed = await this.line(question);
      question = words.again;
      if (typed === back) return 'back';
      if (typed === '' && (optional || field.read(answers).length > 0)) return answers;
      if (typed === none && optional) return field.write(answers, []);
      if (typed === '') {
        this.print(words.needed);
        continue;
      }
      const values = await this.#judge(field, answers, [], typed);
      if (values === 'back') return 'back';
      if (values !== undefined) return field.write(answers, values);
    }
  }

  async #askSeveral(
    field: Field,
    answers: FormAnswers,
    optional: boolean,
    take: (line: string, values: readonly string[]) => Promise<readonly string[] | 'back' | undefined>,
  ): Promise<Asked> {
    const before = field.read(answers);
    let values: readonly string[] = [];
    this.print(field.question);
    for (;;) {
      const typed = await this.line(words.item);
      if (typed === back) {
        if (values.length === 0) return 'back';
        this.print(words.takenBack, { values: values.slice(-1) });
        values = values.slice(0, -1);
      } else if (typed === none && optional && values.length === 0) return field.write(answers, []);
      else if (typed === '') {
        if (values.length > 0) return field.write(answers, values);
        if (before.length > 0) return answers;
        if (optional) return field.write(answers, []);
        this.print(words.atLeastOne);
      } else {
        const added = await take(typed, values);
        if (added !== undefined && added !== 'back') values = [...values, ...added];
      }
    }
  }

  /** The values of a line of a list: one, or several that are typed one after the other. */
  async #judgeItem(
    field: Field,
    answers: FormAnswers,
    values: readonly string[],
    line: string,
  ): Promise<readonly string[] | 'back' | undefined> {
    const parts = line.split(/[\s,;]+/).filter((part) => part !== '');
    const { part: pattern } = field;
    if (parts.length < 2 || pattern === undefined || !parts.every((part) => pattern.test(part)))
      return await this.#judge(field, answers, values, line);
    const added: string[] = [];
    for (const part of parts) {
      const judged = await this.#judge(field, answers, [...values, ...added], part);
      if (judged === 'back') return 'back';
      added.push(...(judged ?? []));
    }
    return added;
  }

  /**
   * What the rules and the person make of a typed value.
   *
   * @param values the values before it, when the field is a list
   * @returns the values to add; undefined when the question is to be asked again
   */
  async #judge(
    field: Field,
    answers: FormAnswers,
    values: readonly string[],
    typed: string,
  ): Promise<readonly string[] | 'back' | undefined> {
    const cell = cellOf(answers);
    const pointer = field.kind === 'several' ? `${field.pointer}/${values.length}` : field.pointer;
    const candidate = (text: string) => field.write(answers, [...values, text]);
    const found = findingsOn(candidate(typed), cell, [pointer]);
    const meant = understood(
      typed,
      (text) => !hasErrors(findingsOn(candidate(text), cell, [pointer])),
      (text) => {
        const after = corrected(candidate(text), cell);
        const [meant, ...others] = after === undefined ? [] : field.read(after).slice(values.length);
        return others.length > 0 ? undefined : meant;
      },
      field.sentence === true,
    );
    if (meant === undefined || meant === typed) {
      this.printFindings(found);
      return hasErrors(found) ? undefined : [typed];
    }
    // A plain slip (blanks, quotation marks) needs no lesson; what is only doubtful is said before it is changed.
    if (!hasErrors(found)) this.printFindings(found);
    this.print(words.understood, { values: [meant] });
    const answer = await this.line(words.again);
    if (answer === '') return [meant];
    if (answer === back) return 'back';
    if (answer === typed && !hasErrors(found)) return [typed];
    return await this.#judge(field, answers, values, answer);
  }

  /** A word among a few, by itself or by its number; or yes or no. */
  async #askWord(field: Field, answers: FormAnswers): Promise<Asked> {
    const { choices = ['true', 'false'], byDefault } = field;
    const present = field.read(answers)[0];
    for (;;) {
      const typed = (await this.line(field.question, byDefault === undefined ? {} : { byDefault }))
        .toLowerCase()
        .replace(/^["'«“\s]+|["'»”\s.]+$/g, '');
      if (typed === back) return 'back';
      const taken =
        typed === ''
          ? (present ?? byDefault)
          : field.kind === 'yesNo'
            ? yesWords.includes(typed)
              ? 'true'
              : noWords.includes(typed)
                ? 'false'
                : undefined
            : (choices[Number(typed) - 1] ?? chosen(choices, typed));
      if (taken === undefined) {
        this.print(field.kind === 'yesNo' ? words.yesOrNo : words.choose, { allowed: choices });
        continue;
      }
      const after = field.write(answers, [taken]);
      const found = findingsOn(after, cellOf(after), [field.pointer]);
      this.printFindings(found);
      if (!hasErrors(found)) return after;
    }
  }

  #printScopes(): void {
    const { language } = this.#terminal;
    this.printText(words.given[language].replace('{words}', givenWords[language]));
    for (const scope of [...optionalScopes, ...restrictedScopes])
      this.printText(`    ${scope.padEnd(28)} ${scopeWords[scope]?.[language] ?? ''}`.trimEnd());
  }

  /** A scope, then its reason. */
  async #askScope(
    field: Field,
    answers: FormAnswers,
    values: readonly string[],
    line: string,
  ): Promise<readonly string[] | 'back' | undefined> {
    const scope = line.replace(/^["'«“`\s]+|["'»”`\s,;.]+$/g, '');
    const cell = cellOf(answers);
    const pointer = `${field.pointer}/${values.length}`;
    const withReason = (reason: string) => field.write(answers, [...values, `${scope}=${reason}`]);
    const known = findingsOn(withReason('Une raison pour essayer'), cell, [pointer]);
    this.printFindings(known);
    if (hasErrors(known)) return undefined;
    for (;;) {
      const reason = await this.line(words.justification, { scope });
      if (reason === back) return undefined;
      const found = findingsOn(withReason(reason), cell, [`${pointer}/justification`]);
      this.printFindings(found);
      if (!hasErrors(found)) return [`${scope}=${reason}`];
    }
  }
}

/** The fewest letters by which a choice is told from the others: `prod`, `intégr`. */
const fewestLetters = 3;

/** The choice that someone typed, whole or its beginning, with or without accents. */
function chosen(choices: readonly string[], typed: string): string | undefined {
  const plain = typed.normalize('NFD').replace(/\p{Mn}/gu, '');
  const begun =
    plain.length < fewestLetters ? [] : choices.filter((one) => one.toLowerCase().startsWith(plain));
  return choices.find((one) => one.toLowerCase() === plain) ?? (begun.length === 1 ? begun[0] : undefined);
}
