/** What is wrong with options: each finding under the option that it comes from, not under a line of a file that is not there. */
import { quoteInBackticks } from '#base/i18n/render';
import { t } from '#cli/messages';
import { type Terminal, textStyles } from '#cli/terminal';
import type { Finding } from '#domain/definition/finding';
import { isAtOrBelow } from '#domain/definition/parse/pointer';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { type Field, fields } from './fields.ts';
import type { InterviewResult } from './interview.ts';
import { interviewMessages } from './messages.ts';
import { corrected } from './understand.ts';

/** The field that a finding is about: the one where it stands, or the one whose key it misses. */
function fieldOf({ pointer, message }: Finding): Field | undefined {
  const { key } = message.values;
  const missing = typeof key === 'string' ? `${pointer}/${key}` : pointer;
  return (
    fields.find((field) => isAtOrBelow(pointer, field.pointer)) ??
    fields.find((field) => isAtOrBelow(missing, field.pointer) || isAtOrBelow(field.pointer, missing))
  );
}

/** A value as a shell reads it. */
function shellWord(value: string): string {
  return /^[\w./:@%+=,-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** @returns the report as text for a terminal */
export function optionReport(
  findings: readonly Finding[],
  { answers, cell }: InterviewResult,
  { language, colours }: Terminal,
): string {
  const style = textStyles(colours);
  const lines: string[] = [];
  for (const finding of findings) {
    const { rule, severity, message, pointer } = finding;
    const mark = severity === 'error' ? style.red('✗') : style.yellow('!');
    const field = fieldOf(finding);
    const option = field === undefined ? '' : `${style.bold(`--${field.option}`)}  `;
    lines.push(`  ${mark} ${option}${style.dim(rule)}`);
    lines.push(`    ${catalogue.translate(message, language, quoteInBackticks)}`);
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
  return `${lines.join('\n')}\n`;
}
