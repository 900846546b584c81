/** The issue about settings of the default branch that are not in force, since they cannot be read. */
import type { Language } from '#base/i18n/message';
import { codeSpan, interpolate } from '#base/i18n/render';
import { limitParagraphs, outcomeTranslator } from '#domain/provisioning/outcome-comment';
import { settingsPath } from '#domain/registry/settings';
import { type SettingsProblem, settingsMessages } from '#domain/registry/settings-messages';
import type { IssueContent } from './publish-outcomes.ts';

/** What an issue says of settings that are not in force, since they cannot be read. Markdown. */
export function settingsText(language: Language, problems: readonly SettingsProblem[]): string {
  const t = outcomeTranslator(language);
  const lines = problems.map(({ messageId, line, values }) => {
    const words = interpolate(settingsMessages[messageId][language], values, codeSpan);
    return `- ${t('settings-problem', { line, words: { trusted: words } })}`;
  });
  const path = { trusted: codeSpan(settingsPath) };
  return [t('settings-lead', { path }), limitParagraphs(lines, language).join('\n'), t('settings-mend')].join(
    '\n\n',
  );
}

export function settingsIssue(language: Language, problems: readonly SettingsProblem[]): IssueContent {
  const t = outcomeTranslator(language);
  return {
    topic: 'settings',
    title: t('settings-title'),
    text: problems.length === 0 ? undefined : settingsText(language, problems),
    over: t('settings-over'),
  };
}
