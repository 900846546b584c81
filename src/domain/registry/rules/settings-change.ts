import { type CellName, cellNames } from '#base/config/cells';
import type { Freeze } from '#domain/registry/freeze';
import { settingName } from '#domain/registry/setting-name';
import {
  defaultSettings,
  readSettingsFile,
  type Settings,
  type SettingsFile,
  settingsPath,
} from '#domain/registry/settings';
import { settingsMessages } from '#domain/registry/settings-messages';
import { settingLine } from '#domain/registry/settings-reader';
import { loosenedSettings } from '#domain/registry/stricter-settings';
import { changeRule, type RegistryExample } from './rule.ts';

/**
 * A change of the registry's own settings. It is weighed against the settings in force, never by those that it writes.
 */
export const settingsChange = changeRule({
  id: 'change/settings',
  severity: 'decision',
  title: { fr: 'Les réglages du registre changent', en: 'The settings of the registry change' },
  why: {
    fr: 'Les réglages disent combien de personnes approuvent, ce qui se fusionne tout seul et ce qui est gelé. Tant que le fichier ne se lit pas en entier, les derniers réglages lus restent en vigueur ; les assouplir se décide à autant de personnes qu’un changement de production.',
    en: 'The settings say how many people approve, what is merged by itself and what is frozen. As long as the file cannot be read as a whole, the last ones that could stay in force; to loosen them takes as many people as a change of production.',
  },
  messages: {
    ...settingsMessages,
    loosened: {
      fr: '{key} : {before} deviendrait {value}, et les changements suivants seraient moins protégés. Une personne de l’équipe décidera.',
      en: '{key} would go from {before} to {value}: the changes that follow would be less protected. Someone from the team will decide.',
    },
    'team-added': {
      fr: 'L’approbation des membres d’une autre équipe, {value}, compterait aussi. Une personne de l’équipe décidera.',
      en: 'The approval of the members of {value} would count too. Someone from the team will decide.',
    },
    past: {
      fr: 'Le gel finit le {day}, qui est déjà là : il ne gèle rien ({cell}). Est-ce la bonne année ?',
      en: 'The freeze of {cell} ends on {day}, which has come already: it freezes nothing. Is it the right year?',
    },
    changed: {
      fr: 'À la fusion, ces réglages changent : {keys}.',
      en: 'At the merge these settings change: {keys}.',
    },
  },
  check(_changes, { settings: before, proposedSettings, misnamedSettings = [], today }, report) {
    for (const path of misnamedSettings)
      report(path, {
        pointer: '',
        messageId: 'misnamed',
        values: { path: settingsPath },
        severity: 'error',
      });
    if (proposedSettings === undefined) return;
    const { settings: after, problems } = readSettingsFile(proposedSettings);
    for (const problem of problems) report(settingsPath, { ...problem, severity: 'error' });
    if (problems.length > 0 || !('text' in proposedSettings)) return;
    const lineOf = (pointer: string) => settingLine(proposedSettings.text, pointer);
    const changes = changesBetween(before, after);
    for (const { key, from, to, looser, pointer = `/${key}` } of changes)
      if (looser)
        report(settingsPath, {
          pointer,
          line: lineOf(pointer),
          messageId: 'loosened',
          values: { key: settingName(key), before: from, value: to },
        });
    for (const { cell, until } of after.freezes) {
      const pointer = freezePointer(cell);
      // One that was left there once it was over is nothing new.
      if (until === undefined || today === undefined || today < until) continue;
      if (changes.some((change) => change.pointer === pointer))
        report(settingsPath, {
          pointer,
          line: lineOf(pointer),
          messageId: 'past',
          values: { cell, day: until },
          severity: 'warning',
        });
    }
    const teams = new Set(before.approvals.teams);
    after.approvals.teams.forEach((value, index) => {
      const pointer = `/approvals/teams/${index}`;
      if (!teams.has(value))
        report(settingsPath, { pointer, line: lineOf(pointer), messageId: 'team-added', values: { value } });
    });
    const keys = changes.map(({ key }) => settingName(key));
    if (keys.length > 0)
      report(settingsPath, { pointer: '', messageId: 'changed', values: { keys }, severity: 'info' });
  },
  examples: {
    good: [example('# rien', [])],
    bad: [
      example('approvals:\n  production: 1', ['loosened', 'changed'], {
        ...defaultSettings,
        approvals: { ...defaultSettings.approvals, production: 2 },
      }),
      example('automatic_merge:\n  integration: true', ['loosened', 'changed']),
      example(
        'freeze:\n  internet/production: { until: 2027-01-04, reason: Fêtes }',
        ['loosened', 'changed'],
        {
          ...defaultSettings,
          freezes: [{ cell: 'internet/production', until: '2027-01-11', reason: 'Fêtes' }],
        },
      ),
      example('freeze:\n  internet/production: { until: 2027-02-30, reason: Fêtes }', ['day']),
      pastFreeze('freeze:\n  internet/production: { until: 2026-01-04, reason: Fêtes }'),
      example('freeze:\n  internet/production: { until: 2027-01-04 }', ['lacking']),
      example('freeze:\n  internet/production: { until: 2027-01-04, reason: "" }', ['reason']),
      example('reviewers:\n  ask: [mon organisation]', ['reviewer']),
      example('recertify: 1 an', ['period']),
      example('aprovals:\n  production: 2', ['unknown']),
      example('approvals:\n  teams: [organisation/equipe]', ['team-added', 'changed']),
      example('language: en', ['changed']),
      example('approvals: 2', ['mapping']),
      example('approvals:\n  production: 0', ['number']),
      example('approvals:\n  teams: organisation/equipe', ['list']),
      example('approvals:\n  teams: [equipe]', ['team']),
      example('automatic_merge:\n  integration: oui', ['boolean']),
      example('language: de', ['choice']),
      example('labels:\n  ready: ""', ['label']),
      example('labels:\n  ready: invalid', ['same-label']),
      example('labels:\n  ready: "prêt\\u200b"', ['hidden']),
      { yaml: '', context: { misnamedSettings: ['.github/greffier.yml'] }, messageIds: ['misnamed'] },
      unreadable({ text: 'approvals:\n\tproduction: 2' }, 'tab'),
      unreadable({ text: 'language: fr\nlanguage: en' }, 'twice'),
      unreadable({ text: 'approvals:\n  production: 2\n integration: 1' }, 'yaml'),
      ...(['missing', 'link', 'encoding', 'size'] as const).map((reason) =>
        unreadable({ unreadable: reason }, reason),
      ),
    ],
  },
});

/** Settings that someone would write. */
function example(text: string, messageIds: readonly string[], settings = defaultSettings): RegistryExample {
  return { yaml: text, context: { settings, proposedSettings: { text } }, messageIds };
}

/** A freeze that someone writes in December, with the year that one has been writing for twelve months. */
function pastFreeze(text: string): RegistryExample {
  const { context, ...rest } = example(text, ['past', 'changed']);
  return { ...rest, context: { ...context, today: '2026-12-18' } };
}

/** What cannot be shown as an example of YAML. */
function unreadable(proposedSettings: SettingsFile, messageId: string): RegistryExample {
  return { yaml: '', context: { proposedSettings }, messageIds: [messageId] };
}

interface SettingChange {
  readonly key: string;
  /** Where it stands, when that is not `/KEY`. */
  readonly pointer?: string;
  readonly from: string;
  readonly to: string;
  /** More can be done with less consent. */
  readonly looser: boolean;
}

/** Teams are not among those that are looser: each new one is reported by its name. */
function changesBetween(before: Settings, after: Settings): readonly SettingChange[] {
  const loosened = loosenedSettings(before, after);
  const change = (key: string, from: unknown, to: unknown): SettingChange[] =>
    JSON.stringify(from) === JSON.stringify(to)
      ? []
      : [{ key, from: JSON.stringify(from), to: JSON.stringify(to), looser: loosened.has(key) }];
  const [old, approvals] = [before.approvals, after.approvals];
  return [
    ...change('language', before.language, after.language),
    ...change('labels', before.labels, after.labels),
    ...change('approvals/integration', old.integration, approvals.integration),
    ...change('approvals/production', old.production, approvals.production),
    ...change('approvals/teams', old.teams, approvals.teams).map((one) => ({ ...one, looser: false })),
    ...change(
      'automatic_merge/integration',
      before.automaticMerge.integration,
      after.automaticMerge.integration,
    ),
    ...change('live_checks', before.liveChecks, after.liveChecks),
    ...change('reviewers', before.reviewers, after.reviewers),
    ...change('recertify', shownPeriod(before.recertify), shownPeriod(after.recertify)),
    ...cellNames.flatMap((cell) => freezeChanges(cell, before, after, loosened.has(`freeze/${cell}`))),
    ...change('limits/definitions', before.limits.definitions, after.limits.definitions),
  ];
}

function shownPeriod(days: number | undefined): string {
  return days === undefined ? '–' : `${days}d`;
}

function freezePointer(cell: CellName): string {
  return `/freeze/${cell.replace('/', '~1')}`;
}

/**
 * Whether a freeze is over already is nobody's to say here: one that stays in the file once it is past changes nothing.
 */
function freezeChanges(
  cell: CellName,
  before: Settings,
  after: Settings,
  looser: boolean,
): readonly SettingChange[] {
  const [from, to] = [before, after].map(({ freezes }) => freezes.find((freeze) => freeze.cell === cell));
  if (from?.until === to?.until && from?.reason === to?.reason) return [];
  const pointer = freezePointer(cell);
  return [{ key: `freeze/${cell}`, pointer, from: shownFreeze(from), to: shownFreeze(to), looser }];
}

function shownFreeze(freeze: Freeze | undefined): string {
  return freeze === undefined ? '–' : [freeze.until ?? '?', freeze.reason].join(' ').trim();
}
