/** What is wrong with options: each finding under the option that it comes from, not under a line of a file that is not there. */
import type { Language } from '#base/i18n/message';
import { interpolate } from '#base/i18n/render';
import { shellWord } from '#base/invocation';
import { t } from '#cli/messages';
import { type Terminal, textStyles } from '#cli/terminal';
import type { Finding } from '#domain/definition/finding';
import type { FormAnswers } from '#domain/definition/fix/serialize';
import { isAtOrBelow } from '#domain/definition/parse/pointer';
import { answerMessage } from './answer-message.ts';
import { type Field, fields } from './fields.ts';
import type { InterviewResult } from './interview.ts';
import { interviewMessages } from './messages.ts';
import { corrected } from './understand.ts';

/** The field that a finding is about: the one where it stands, or the one whose key it misses. */
function fieldOf({ pointer, message }: Finding): Field | undefined {
  const { key } = message.values;
  const missing = typeof key === 'string' ? `${pointer}/${key}` : pointer;
  // What is said of the whole file is about none of them.
  if (missing === '') return undefined;
  return (
    fields.find((field) => isAtOrBelow(pointer, field.pointer)) ??
    fields.find((field) => isAtOrBelow(missing, field.pointer) || isAtOrBelow(field.pointer, missing))
  );
}

/** The options that findings are about: what else is wrong is in a file. */
export function isAboutOption(finding: Finding, options: readonly string[]): boolean {
  return options.includes(fieldOf(finding)?.option ?? '');
}

function isAbsent(field: Field, answers: FormAnswers): boolean {
  return field.read(answers).every((value) => value.trim() === '');
}

/**
 * @param command what is typed before the options
 * @returns the report as text for a terminal
 */
export function optionReport(
  findings: readonly Finding[],
  { answers, cell }: Pick<InterviewResult, 'answers' | 'cell'>,
  { language, colours }: Terminal,
  command: string,
): string {
  const style = textStyles(colours);
  const lines: string[] = [];
  const missing = new Set<Field>();
  for (const finding of findings) {
    const { rule, severity, message, pointer } = finding;
    const mark = severity === 'error' ? style.red('✗') : style.yellow('!');
    const field = fieldOf(finding);
    // The rules speak of lines of a file; of what was not typed at all, what is to be typed is said.
    if (field !== undefined && severity === 'error' && isAbsent(field, answers)) {
      if (!missing.has(field)) lines.push(`  ${mark} ${missingLine(field, language)}`, '');
      missing.add(field);
      continue;
    }
    const option = field === undefined ? '' : `${style.bold(`--${field.option}`)}  `;
    lines.push(`  ${mark} ${option}${style.dim(rule)}`);
    lines.push(`    ${answerMessage(message, language)}`);
    const after =
      field === undefined ? undefined : corrected(field.write({ version: 1 }, field.read(answers)), cell);
    if (field !== undefined && after !== undefined) {
      const index = field.kind === 'several' ? Number(pointer.split('/').at(-1)) : 0;
      const value = field.read(after)[index];
      if (value !== undefined && value !== field.read(answers)[index]) {
        const written = `--${field.option} ${shellWord(value)}`;
        lines.push(`    ${t(interviewMessages.writeOption, language, { option: written })}`);
      }
    }
    lines.push('');
  }
  if (missing.size > 0) {
    const whole = wholeCommand(command, answers, [...missing]);
    lines.push(
      interpolate(interviewMessages.wholeCommand[language], { command: whole }, (text) => text, language),
      '',
    );
  }
  return `${lines.join('\n')}\n`;
}

function withExample({ option, example = '…' }: Field): string {
  return `--${option} ${shellWord(example)}`;
}

function missingLine(field: Field, language: Language): string {
  const values = { option: `--${field.option}`, label: field.label[language], example: withExample(field) };
  return interpolate(interviewMessages.missingOption[language], values, (text) => text, language);
}

/** What was given, as it was, then what is missing. */
function wholeCommand(command: string, answers: FormAnswers, missing: readonly Field[]): string {
  const given = fields
    .filter((field) => !isAbsent(field, answers) && field.read(answers).join() !== field.byDefault)
    .flatMap((field) => field.read(answers).map((value) => `--${field.option} ${shellWord(value)}`));
  return [command, ...given, ...missing.map(withExample)].join(' ');
}

/** An option with a value that may be given with it. @param option with its hyphens */
export function optionExample(option: string): string {
  const field = fields.find((one) => `--${one.option}` === option);
  return field === undefined ? option : withExample(field);
}
