import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { interpolate, quoteInBackticks } from '#base/i18n/render';
import { defaultSettings, readSettings, settingsMessages } from '#domain/registry/settings';
import { settingsSchema } from '#domain/registry/settings-schema';

const published = join(import.meta.dirname, '../../../schemas/settings.v1.schema.json');

/** The problems of a text, as they are said to a person. */
function problems(text: string): readonly string[] {
  return readSettings(text).problems.map(({ pointer, message }) => {
    const words = Object.entries(settingsMessages).find(([name]) => `settings#${name}` === message.key)?.[1];
    return `${pointer}: ${words === undefined ? message.key : interpolate(words.en, message.values, quoteInBackticks)}`;
  });
}

describe('settings', () => {
  it('are published as a JSON Schema that is not stale', () => {
    expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(JSON.parse(JSON.stringify(settingsSchema)));
  });

  it('have careful defaults when there is no file, and when it is empty', () => {
    for (const text of [undefined, '', '# rien\n'])
      expect(readSettings(text)).toEqual({ settings: defaultSettings, problems: [] });
    expect(defaultSettings).toMatchObject({
      language: 'fr',
      labels: { ready: 'ready', 'needs-decision': 'needs-decision' },
      approvals: { integration: 0, production: 1, teams: [] },
      automaticMerge: { integration: false },
      limits: { definitions: 10 },
    });
  });

  it('are read', () => {
    const text = [
      'language: en',
      'labels: { ready: prêt, invalid: "à corriger" }',
      'approvals: { integration: 1, production: 2, teams: [dinum/proconnect] }',
      'automatic_merge: { integration: true }',
      'limits: { definitions: 40 }',
    ].join('\n');
    expect(readSettings(text)).toEqual({
      problems: [],
      settings: {
        language: 'en',
        labels: { ...defaultSettings.labels, ready: 'prêt', invalid: 'à corriger' },
        approvals: { integration: 1, production: 2, teams: ['dinum/proconnect'] },
        automaticMerge: { integration: true },
        limits: { definitions: 40 },
      },
    });
    const validate = new Ajv2020().compile(settingsSchema);
    expect(validate(load(text))).toBe(true);
  });

  it.each([
    [
      'langue: fr',
      '/langue: There is no setting `langue`; it is ignored. Settings that can stand here: `language`, `labels`, `approvals`, `automatic_merge`, `limits`.',
    ],
    [
      'language: de',
      '/language: `language` cannot be `de`. Possible values: `fr`, `en`. The default applies.',
    ],
    ['approvals: 2', '/approvals: `approvals` must hold settings, as “key: value”. The defaults apply.'],
    ['- a', ': `.github/greffier.yaml` must hold settings, as “key: value”. The defaults apply.'],
    [
      'approvals: { production: 0 }',
      '/approvals/production: `approvals/production` cannot be `0`: a whole number from 1 to 6 is needed. The default applies.',
    ],
    [
      'approvals: { integration: "1" }',
      '/approvals/integration: `approvals/integration` cannot be `1`: a whole number from 0 to 6 is needed. The default applies.',
    ],
    [
      'approvals: { teams: [proconnect] }',
      '/approvals/teams/0: `proconnect` is not the name of a team: write `organization/team`. It is ignored.',
    ],
    [
      'approvals: { teams: a/b }',
      '/approvals/teams: `approvals/teams` must be a list of at most 20 items. The default applies.',
    ],
    [
      'automatic_merge: { integration: oui }',
      '/automatic_merge/integration: `automatic_merge/integration` cannot be `oui`: write `true` or `false`. The default applies.',
    ],
    [
      'automatic_merge: { production: true }',
      '/automatic_merge/production: There is no setting `production`; it is ignored. Settings that can stand here: `integration`.',
    ],
    [
      'labels: { ready: "" }',
      '/labels/ready: `ready` cannot be ``: a text of 1 to 50 characters is needed. The usual name is kept.',
    ],
    [
      'labels: { ready: Invalid }',
      '/labels/ready: Two labels would have the name `Invalid`. The usual names are kept.',
    ],
    ['language: fr: en', ': The settings are not readable YAML (line 1). The defaults apply.'],
  ])('tell what is wrong with %s, and fall back', (text, said) => {
    expect(problems(text)).toEqual([said]);
    expect(readSettings(text).settings).toEqual(defaultSettings);
  });

  it('survive what is hostile', () => {
    for (const text of [
      '__proto__: { language: en }',
      `a: ${'['.repeat(5000)}`,
      'x'.repeat(20_000),
      '\0',
      '{'.repeat(99),
    ])
      expect(readSettings(text).settings).toEqual(defaultSettings);
    expect(readSettings('x'.repeat(20_000)).problems).toHaveLength(1);
  });
});
