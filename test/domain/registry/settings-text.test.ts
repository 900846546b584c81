import { describe, expect, it } from 'vitest';
import { defaultSettings, readSettings, type Settings } from '#domain/registry/settings';
import { settingsText } from '#domain/registry/settings-text';

/** Each value another than its default. */
const all: Settings = {
  language: 'en',
  labels: { ...defaultSettings.labels, ready: 'prêt' },
  approvals: { integration: 2, production: 3, teams: ['org/proconnect'] },
  automaticMerge: { integration: true },
  freezes: [
    { cell: 'internet/production', until: '2027-01-04', reason: 'Fêtes' },
    { cell: 'rie/production', until: '2027-02-01', reason: 'Migration' },
  ],
  liveChecks: true,
  reviewers: { ask: ['org/proconnect'], remind: 3 },
  recertify: 365,
  limits: { definitions: 40 },
};

describe('settings as they are kept', () => {
  it.each([
    ['the defaults', defaultSettings],
    ['every other value', all],
  ])('are understood again as they were: %s', (_name, settings) => {
    expect(readSettings(settingsText(settings))).toMatchObject({ settings, problems: [] });
  });
});
