/** One issue for all live clients to which public services object by now. */
import type { Objections } from '#application/reconciliation/live-checks';
import type { Language } from '#base/i18n/message';
import { codeSpan } from '#base/i18n/render';
import { limitParagraphs } from '#domain/provisioning/outcome-lines';
import { outcomeTranslator } from '#domain/provisioning/outcome-translator';
import type { IssueContent } from './topic-issue.ts';

export function liveIssue(language: Language, objections: Objections): IssueContent {
  const t = outcomeTranslator(language);
  const lines = Array.from(objections, ([client, text]) => `- ${codeSpan(client)} ${text}`).sort();
  return {
    topic: 'live-checks',
    title: t('live-title'),
    text:
      lines.length === 0
        ? undefined
        : [t('live-lead'), limitParagraphs(lines, language).join('\n')].join('\n\n'),
    over: t('live-over'),
  };
}
