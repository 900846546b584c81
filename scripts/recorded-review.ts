/** What is kept of a recorded review: its facts, and what they give. */
import { type Language, languages } from '#base/i18n/message';
import { replay } from '#domain/review/evaluate/replay';
import type { PullRequestFacts } from '#domain/review/facts/facts';

/** The files of a case that its facts give, by name: the effects, and the comment in each language. */
export function outcomeFiles(facts: PullRequestFacts): Readonly<Record<string, string>> {
  const { comment, ...others } = replay(facts).effects;
  const said = typeof comment === 'string' ? comment : 'comment.fr.md';
  const effects = { ...others, comment: said, check: { ...others.check, summary: undefined } };
  return {
    'effects.json': `${JSON.stringify(effects, null, 2)}\n`,
    ...Object.fromEntries(languages.map((language) => [`comment.${language}.md`, textIn(facts, language)])),
  };
}

/** What there is to read: the comment, or the check's summary when the comment is left alone. */
function textIn(facts: PullRequestFacts, language: Language): string {
  const { effects } = replay(facts, language);
  return typeof effects.comment === 'string' ? effects.check.summary : effects.comment.body;
}

/** What a verdict is, but for its words: what two recordings of one pull request must have in common. */
export function verdictSummary(facts: PullRequestFacts): readonly string[] {
  const { effects, review } = replay(facts);
  return [
    `conclusion ${effects.check.conclusion}`,
    ...(effects.labels === 'keep' ? ['labels kept'] : effects.labels.wanted.map(({ key }) => `label ${key}`)),
    typeof effects.comment === 'string' ? `comment ${effects.comment}` : 'comment',
    ...review.approvals.required.map(({ reason }) => `required ${reason}`),
    ...review.approvals.missing.map(({ reason }) => `missing ${reason}`),
    ...[...review.general, ...review.files.flatMap(({ findings }) => findings)]
      .map(({ rule, severity, range, fix }) => {
        const { start, end } = range;
        return `${rule} ${severity} ${start.line}:${start.column}-${end.line}:${end.column}${fix === undefined ? '' : ' fix'}`;
      })
      .sort(),
  ];
}
