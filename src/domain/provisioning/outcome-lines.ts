/** Lines that comments, issues and the command line share: a change of a field, a step that waits, as many as one place holds. */
import type { Language } from '#base/i18n/message';
import { codeSpan, type Quote } from '#base/i18n/render';
import { trusted } from '#base/i18n/translator';
import type { StopReason } from './approval-gate.ts';
import type { FieldChange, FieldValue } from './client-metadata.ts';
import { requestTranslator } from './manual-request.ts';
import { outcomeTranslator } from './outcome-translator.ts';
import type { Step } from './plan.ts';

/** Characters of a text that GitHub takes whole (65,536 a comment or issue), whatever stands around it. */
export const maxDetailedLength = 40_000;

/** Paragraphs, as many as one issue can hold; the others are counted. */
export function limitParagraphs(paragraphs: readonly string[], language: Language): readonly string[] {
  let length = 0;
  const kept = paragraphs.filter((paragraph) => {
    length += paragraph.length + 2;
    return length <= maxDetailedLength;
  });
  const left = paragraphs.length - kept.length;
  return left === 0 ? kept : [...kept, outcomeTranslator(language)('others', { count: left })];
}

/** Why a step waits, what it would do, and who lets it go on. */
export function stoppedLines(step: Step, reason: StopReason, language: Language): string[] {
  const t = outcomeTranslator(language);
  return [
    `${t(`stopped-${reason}`)} ${t(`action-${step.action}`)}`,
    ...step.changes.map((change) => `  - ${changeLine(change, language)}`),
    t('stopped-confirm', { digest: trusted(step.digest) }),
  ];
}

/** Why a step waits for public services, and who can do without their answer. Markdown. */
export function unansweredText(
  kind: 'silent' | 'undecided',
  reason: string,
  step: Step,
  language: Language,
): string {
  return outcomeTranslator(language)(`held-${kind}`, {
    reason: trusted(reason),
    digest: trusted(step.digest),
  });
}

/** One field that differs, as people read it. */
export function changeLine(change: FieldChange, language: Language, quote: Quote = codeSpan): string {
  const t = outcomeTranslator(language, quote);
  const field = requestTranslator(language)(`field-${change.field}`);
  return t('change', {
    field: trusted(field),
    from: shown(change.from, language),
    to: shown(change.to, language),
  });
}

function shown(value: FieldValue | undefined, language: Language) {
  if (value === undefined || (typeof value === 'object' && value.length === 0))
    return trusted(outcomeTranslator(language)('nothing'));
  if (typeof value === 'boolean') return trusted(requestTranslator(language)(value ? 'yes' : 'no'));
  return value;
}

export function spans(values: readonly string[]): string {
  return values.map(codeSpan).join(', ');
}
