import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { interpolate, quoteInBackticks } from '#base/i18n/render';
import { defaultSettings, readSettings } from '#domain/registry/settings';
import { settingsMessages } from '#domain/registry/settings-messages';
import { settingsSchema } from '#domain/registry/settings-schema';

const published = join(import.meta.dirname, '../../../schemas/settings.v1.schema.json');

/** What applies where nothing could be understood. */
const careful = { ...defaultSettings, approvals: { ...defaultSettings.approvals, integration: 1 } };

/** The problems of a text, as they are said to a person. */
function problems(text: string): readonly string[] {
  return readSettings(text).problems.map(
    ({ pointer, line, messageId, values }) =>
      `${line}${pointer}: ${interpolate(settingsMessages[messageId].en, values, quoteInBackticks, 'en')}`,
  );
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

  it.each([
    [
      'labels: { ready: "pr\\u200Bêt" }',
      '1/labels/ready: `labels.ready` holds a character that nobody sees (`U+200B`)',
    ],
    ['language: fr\nlabels:\n  invalid: "\\u202Ereffus"', '3/labels/invalid: `labels.invalid` holds'],
    [
      'labels:\n  rie: "a\\u001b[31m"',
      '2/labels/rie: `labels.rie` holds a character that nobody sees (`U+001B`)',
    ],
    ['language: "fr\\u200b"', '1/language: `language` holds'],
    [
      'approvals:\n  teams: [a/b, "dinum/pro\\u00adconnect"]',
      '2/approvals/teams/1: `approvals.teams.1` holds',
    ],
  ])('hold nothing that nobody sees, and say where: %j', (text, expected) => {
    expect(problems(text)).toEqual([expect.stringContaining(expected)]);
  });

  it('take pictures in labels, of whatever signs they are made', () => {
    const text = 'labels: { ready: "✔️ prêt", invalid: "👩‍💻 à corriger", rie: "🏛" }';
    expect(readSettings(text)).toMatchObject({ problems: [], settings: { labels: { ready: '✔️ prêt' } } });
  });

  it('are read', () => {
    const text = [
      'language: en',
      'labels: { ready: prêt, invalid: "à corriger" }',
      'approvals: { integration: 1, production: 2, teams: [dinum/proconnect] }',
      'automatic_merge: { integration: true }',
      'freeze: { rie/production: { until: "2027-01-04", reason: Fêtes } }',
      'limits: { definitions: 40 }',
      'live_checks: true',
      'recertify: 365d',
      'reviewers: { ask: [dinum/proconnect, bob_admin], remind: 3 }',
    ].join('\n');
    expect(readSettings(text)).toEqual({
      problems: [],
      settings: {
        language: 'en',
        labels: { ...defaultSettings.labels, ready: 'prêt', invalid: 'à corriger' },
        approvals: { integration: 1, production: 2, teams: ['dinum/proconnect'] },
        automaticMerge: { integration: true },
        freezes: [{ cell: 'rie/production', until: '2027-01-04', reason: 'Fêtes' }],
        limits: { definitions: 40 },
        liveChecks: true,
        recertify: 365,
        reviewers: { ask: ['dinum/proconnect', 'bob_admin'], remind: 3 },
      },
    });
    const validate = new Ajv2020().compile(settingsSchema);
    expect(validate(load(text))).toBe(true);
  });

  it('keep what could not be understood of a freeze frozen, and all cells where none can be told', () => {
    const frozen = (text: string) => readSettings(`freeze: ${text}`).settings.freezes;
    const day = { until: '2027-01-04' };
    expect(frozen('{ rie/production: true }')).toEqual([{ cell: 'rie/production', reason: '' }]);
    expect(frozen('{ rie/production: { until: 2027-13-01, reason: x } }')).toEqual([
      { cell: 'rie/production', reason: 'x' },
    ]);
    expect(frozen('{ rie/production: { until: 2027-01-04 } }')).toEqual([
      { cell: 'rie/production', reason: '', ...day },
    ]);
    expect(frozen('{ production: { until: 2027-01-04, reason: x } }')).toHaveLength(4);
    expect(frozen('production')).toHaveLength(4);
    expect(frozen('{}')).toEqual([]);
  });

  it.each([
    [
      'langue: fr',
      '1/langue: There is no setting `langue`. Settings that can stand here: `language`, `labels`, `approvals`, `automatic_merge`, `freeze`, `reviewers`, `live_checks`, `recertify`, `limits`.',
    ],
    [
      'freeze: { internet: { until: 2027-01-04, reason: x } }',
      '1/freeze/internet: There is no setting `internet`. Settings that can stand here: `internet/integration`, `internet/production`, `rie/integration`, `rie/production`.',
    ],
    [
      'freeze:\n  rie/production: { until: 2027-02-30, reason: x }',
      '2/freeze/rie~1production: `freeze.rie/production.until` cannot be `2027-02-30`: a day is needed, written like `2027-01-04`.',
    ],
    [
      'freeze: { rie/production: { until: 2027-01-04, reason: "a\\nb" } }',
      '1/freeze/rie~1production/reason: `freeze.rie/production.reason` holds a character that nobody sees (`U+000A`), which came by copying. Delete the value and type it anew.',
    ],
    [
      'freeze: { rie/production: true }',
      '1/freeze/rie~1production: `freeze.rie/production` must hold settings, as “key: value”.',
    ],
    [
      'reviewers: { ask: ["@bob"] }',
      '1/reviewers/ask/0: `@bob` is neither an account nor a team: write `account` or `organization/team`.',
    ],
    [
      'reviewers: { remind: 0 }',
      '1/reviewers/remind: `reviewers.remind` cannot be `0`: a whole number from 1 to 30 is needed.',
    ],
    [
      'recertify: 1 an',
      '1/recertify: `recertify` cannot be `1 an`: a number of days from 60 to 3650 is needed, written like `365d`.',
    ],
    ['language: de', '1/language: `language` cannot be `de`. Possible values: `fr`, `en`.'],
    ['approvals: 2', '1/approvals: `approvals` must hold settings, as “key: value”.'],
    ['- a', '1: `.github/greffier.yaml` must hold settings, as “key: value”.'],
    [
      'approvals: { production: 0 }',
      '1/approvals/production: `approvals.production` cannot be `0`: a whole number from 1 to 6 is needed.',
    ],
    [
      'approvals: { integration: "1" }',
      '1/approvals/integration: `approvals.integration` cannot be `1`: a whole number from 0 to 6 is needed.',
    ],
    [
      'approvals: { teams: [proconnect] }',
      '1/approvals/teams/0: `proconnect` is not the name of a team: write `organization/team`.',
    ],
    ['approvals: { teams: a/b }', '1/approvals/teams: `approvals.teams` must be a list of at most 20 items.'],
    [
      'automatic_merge: { integration: oui }',
      '1/automatic_merge/integration: `automatic_merge.integration` cannot be `oui`: write `true` or `false`.',
    ],
    [
      'automatic_merge: { production: true }',
      '1/automatic_merge/production: There is no setting `production`. Settings that can stand here: `integration`.',
    ],
    [
      'labels: { ready: "" }',
      '1/labels/ready: `ready` cannot be ``: a text of 1 to 50 characters is needed.',
    ],
    [
      'labels: { ready: Invalid }',
      '1/labels/ready: Two labels would have the name `Invalid`. Give each one its own.',
    ],
    [
      'language: fr: en',
      '1: The settings are not readable YAML (line 1). Check the colons and the indentation of this line and of the one before.',
    ],
  ])('tell what is wrong with %s, and are careful then', (text, said) => {
    expect(problems(text)).toEqual([said]);
    expect({ ...readSettings(text).settings, freezes: [] }).toEqual(careful);
  });

  it('have the same bounds of a period in the schema', () => {
    const validate = new Ajv2020().compile(settingsSchema);
    for (const period of [
      '0d',
      '59d',
      '60d',
      '365d',
      '999d',
      '2999d',
      '3650d',
      '3651d',
      '065d',
      '365',
      '12m',
      365,
    ])
      expect(validate({ recertify: period }), String(period)).toBe(
        readSettings(`recertify: ${JSON.stringify(period)}`).problems.length === 0,
      );
  });

  it('say the line of what they do not understand', () => {
    expect(problems('# a\nlanguage: fr\napprovals:\n  teams:\n    - a/b\n    - c\n')).toEqual([
      '6/approvals/teams/1: `c` is not the name of a team: write `organization/team`.',
    ]);
    expect(problems('language: fr\nlabels:\n  pret: x\n')[0]).toMatch(/^3\/labels\/pret: /);
  });

  it('let nothing pass with fewer people where they cannot be understood', () => {
    const text =
      'approvals: { production: 2, integration: 0 }\nautomatic_merge: { integration: true }\nx: 1\n';
    expect(readSettings(text).settings).toMatchObject({
      approvals: { integration: 1, production: 2 },
      automaticMerge: { integration: false },
    });
  });

  it('survive what is hostile', () => {
    for (const text of [
      '__proto__: { language: en }',
      `a: ${'['.repeat(5000)}`,
      'x'.repeat(20_000),
      '\0',
      '{'.repeat(99),
    ])
      expect(readSettings(text).settings).toEqual(careful);
    expect(readSettings('x'.repeat(20_000)).problems).toHaveLength(1);
  });
});
