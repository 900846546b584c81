/** The issues about settings of the default branch that are not in force, since they cannot be read or nobody agreed. */

import type { UnknownTeam } from '#application/reconciliation/registry-source';
import type { SettingsToConfirm } from '#application/reconciliation/settle-settings';
import type { Language } from '#base/i18n/message';
import { codeSpan, interpolate } from '#base/i18n/render';
import { limitParagraphs } from '#domain/provisioning/outcome-lines';
import { outcomeTranslator } from '#domain/provisioning/outcome-translator';
import { settingName } from '#domain/registry/setting-name';
import { settingsPath } from '#domain/registry/settings';
import { type SettingsProblem, settingsMessages } from '#domain/registry/settings-messages';
import type { IssueContent } from './topic-issue.ts';

/** What an issue says of settings that are not in force, since they cannot be read. Markdown. */
export function settingsText(language: Language, problems: readonly SettingsProblem[]): string {
  const t = outcomeTranslator(language);
  const lines = problems.map(({ messageId, line, values }) => {
    const words = interpolate(settingsMessages[messageId][language], values, codeSpan, language);
    return `- ${t('settings-problem', { line, words: { trusted: words } })}`;
  });
  const path = { trusted: codeSpan(settingsPath) };
  return [t('settings-lead', { path }), limitParagraphs(lines, language).join('\n'), t('settings-mend')].join(
    '\n\n',
  );
}

/** What an issue says of teams that GitHub does not show. Markdown. */
function teamsText(language: Language, unknown: readonly UnknownTeam[]): string {
  const t = outcomeTranslator(language);
  const path = { trusted: codeSpan(settingsPath) };
  const lines = unknown.map(({ team, reason, line }) => {
    const words = { trusted: t(`team-${reason}`, { team: { trusted: codeSpan(team) } }) };
    return `- ${t('settings-problem', { line, words })}`;
  });
  return [t('teams-lead', { path }), limitParagraphs(lines, language).join('\n'), t('teams-mend')].join(
    '\n\n',
  );
}

export function teamsIssue(language: Language, unknown: readonly UnknownTeam[]): IssueContent {
  const t = outcomeTranslator(language);
  return {
    topic: 'teams',
    title: t('teams-title'),
    text: unknown.length === 0 ? undefined : teamsText(language, unknown),
    over: t('teams-over'),
  };
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

/** What an issue says of settings that loosen something on nobody's word. Markdown. */
function heldSettingsText(language: Language, { digest, loosened, authors }: SettingsToConfirm): string {
  const t = outcomeTranslator(language);
  const lines = Array.from(
    loosened,
    ([key, { before, after }]) => `- ${t('settings-held-value', { key: settingName(key), before, after })}`,
  );
  return [
    t('settings-held-lead', { path: { trusted: codeSpan(settingsPath) } }),
    limitParagraphs(lines, language).join('\n'),
    authors === undefined
      ? t('settings-held-waits')
      : t('settings-held-confirm', { digest: { trusted: digest } }),
    t('settings-held-mend'),
  ].join('\n\n');
}

export function heldSettingsIssue(language: Language, held: SettingsToConfirm | undefined): IssueContent {
  const t = outcomeTranslator(language);
  return {
    topic: 'settings-held',
    title: t('settings-held-title'),
    text: held && heldSettingsText(language, held),
    over: t('settings-held-over'),
  };
}
