import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  comparePermissions,
  neededEvents,
  neededPermissions,
} from '#infrastructure/github/client/permissions';

const manifest = parse(readFileSync(join(import.meta.dirname, '../../../app.yml'), 'utf8')) as Record<
  string,
  unknown
>;
const needed = Object.fromEntries(
  Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
);

describe('the permissions of the App', () => {
  it('are asked for by the manifest, and no others', () => {
    expect(manifest.default_permissions).toEqual(needed);
    expect(new Set(manifest.default_events as string[])).toEqual(new Set(neededEvents));
  });

  it('are enough when they are granted', () => {
    expect(comparePermissions(needed, neededEvents)).toEqual({ missing: [], surplus: [] });
  });

  it('are named when they are missing or too many', () => {
    const granted = {
      ...needed,
      checks: 'read',
      issues: undefined,
      administration: 'write',
      metadata: 'admin',
    };
    expect(comparePermissions(granted, ['push'])).toMatchObject({
      missing: expect.arrayContaining(['checks: write', 'issues: write', 'event pull_request']),
      surplus: ['metadata: admin', 'administration: write'],
    });
  });

  it('may let the operator choose that fixes are committed', () => {
    expect(comparePermissions({ ...needed, contents: 'write' }, neededEvents).surplus).toEqual([]);
  });
});
