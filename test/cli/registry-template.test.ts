import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cellNames } from '#base/config/cells';
import { defaultSettings, readSettings, settingsPath } from '#domain/registry/settings';
import { greffier } from './console.ts';
import { newFolder } from './git-repository.ts';
import { registryOnDisk } from './registry-on-disk.ts';

const template = join(import.meta.dirname, '../../templates/registry');

describe('the registry to start from', () => {
  it('is a registry, empty', async () => {
    const ran = await greffier(template, ['validate', '--format', 'json']);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ files: 0, findings: [] });
  });

  it('has a model for every cell, of which nothing is to be said but that its values are samples', async () => {
    const folder = newFolder();
    cpSync(template, folder, { recursive: true });
    const models = readdirSync(join(template, 'modeles'), { recursive: true, encoding: 'utf8' });
    expect(models.filter((path) => path.endsWith('.yaml')).sort()).toEqual(
      cellNames.map((cell) => `${cell}/mon-service.yaml`),
    );
    for (const cell of cellNames)
      cpSync(
        join(template, 'modeles', cell, 'mon-service.yaml'),
        join(folder, 'service-providers', cell, 'mon-service.yaml'),
      );
    const { code, out } = await greffier(folder, ['validate', '--format', 'json']);
    const { files, findings } = JSON.parse(out) as {
      files: number;
      findings: { rule: string; path: string }[];
    };
    expect(files).toBe(4);
    // Copied and left as it is, a model would create somebody else's client.
    expect([...new Set(findings.map(({ rule }) => rule))]).toEqual(['file/placeholder']);
    expect(new Set(findings.map(({ path }) => path)).size).toBe(4);
    expect(code).toBe(1);
  });

  it('shows every setting with its default', () => {
    const text = readFileSync(join(template, settingsPath), 'utf8');
    expect(readSettings(text)).toEqual({ settings: defaultSettings, problems: [] });
    for (const name of [
      'language',
      'labels',
      'approvals',
      'teams',
      'automatic_merge',
      'freeze',
      'reviewers',
      'live_checks',
      'limits',
    ])
      expect(text).toContain(`${name}:`);
  });

  it('keeps the commented lines of its models ready to use', async () => {
    for (const cell of cellNames) {
      const text = readFileSync(join(template, 'modeles', cell, 'mon-service.yaml'), 'utf8');
      const used = text.replace(/^# ((?:optional_scopes|owners):| {2})/gm, '$1');
      expect(used).not.toBe(text);
      const { root } = registryOnDisk({ [`service-providers/${cell}/mon-service.yaml`]: used });
      const { out } = await greffier(root, ['validate', '--format', 'json']);
      const { findings } = JSON.parse(out) as { findings: { rule: string }[] };
      expect(findings.filter(({ rule }) => rule !== 'file/placeholder')).toEqual([]);
    }
  });
});
