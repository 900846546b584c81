/** Requests to people, where GitHub refuses them: the matter of one cell. */
import { describe, expect, it } from 'vitest';
import { servedCells } from '#application/reconciliation/cells';
import { defaultConfiguration } from '#base/config/config-file';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';
import { aDesired } from '../../domain/provisioning/desired.ts';
import { anAttempt } from '../../domain/provisioning/outcomes.ts';
import { aVault } from '../../infrastructure/identity-providers/store.ts';

const cell = 'internet/production' as const;

function refusing(status: number) {
  const refuse = async () => {
    throw Object.assign(new Error('Issues are disabled'), { status });
  };
  const tracker: IssueTracker = {
    findOpen: refuse,
    open: refuse,
    edit: refuse,
    close: refuse,
    reopen: refuse,
    state: refuse,
  };
  const cells = servedCells({
    configuration: { ...defaultConfiguration, cells: { [cell]: { provider: 'manual' } } },
    repo: 'org/registre',
    trackerFor: () => tracker,
    vault: aVault(),
    fetch,
    now: () => 0,
    language: () => 'fr',
  });
  return cells.get(cell)?.provider ?? expect.fail();
}

describe('requests to people', () => {
  it.each([403, 404, 410, 422])('that GitHub refuses with %i are a fault of the cell', async (status) => {
    const asked = await refusing(status).create(
      { cell, id: 'agenda' },
      wantedMetadata(aDesired('agenda')),
      anAttempt,
    );
    expect(asked).toMatchObject({ ok: false, fault: 'provider' });
  });

  it.each([429, 502])('that GitHub cannot take now (%i) are tried again with the job', async (status) => {
    const asked = refusing(status).create(
      { cell, id: 'agenda' },
      wantedMetadata(aDesired('agenda')),
      anAttempt,
    );
    await expect(asked).rejects.toMatchObject({ status });
  });
});
