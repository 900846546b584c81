import { describe, expect, it } from 'vitest';
import { defaultScopes } from '#domain/definition/rules/scope/known-scopes';
import { wantedMetadata } from '#domain/provisioning/client-metadata';
import { canonicalJson, digestOf } from '#domain/provisioning/digest';
import { type CellState, type KnownClient, type Plan, planFor } from '#domain/provisioning/plan';
import type { MetadataField } from '#domain/provisioning/provider';
import type { DesiredClient } from '#domain/registry/registry';
import { fc } from '../../fast-check.ts';
import { aDesired } from './desired.ts';

const everyField: readonly MetadataField[] = [
  'client_name',
  'redirect_uris',
  'post_logout_redirect_uris',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'scopes',
  'contacts',
  'active',
];
const day = 86_400_000;

function known(desired: DesiredClient, changes: Partial<KnownClient> = {}): KnownClient {
  return {
    id: desired.id,
    clientId: `client-${desired.id}`,
    state: 'active',
    metadata: wantedMetadata(desired),
    ...changes,
  };
}

function cell(clients: readonly KnownClient[], governs = everyField): CellState {
  return { cell: 'internet/integration', provider: 'registration', governedFields: governs, clients };
}

function plan(desired: readonly DesiredClient[], state: CellState, more: object = {}): Plan {
  return planFor({ desired, cells: [state], now: 0, removalDelay: 7 * day, ...more });
}

describe('the plan of one client', () => {
  const agenda = aDesired('agenda');

  it('creates what is not there, field by field', () => {
    const [step] = plan([agenda], cell([])).steps;
    expect(step).toMatchObject({ action: 'create', cell: 'internet/integration', id: 'agenda' });
    expect(step?.changes).toContainEqual({ field: 'client_name', to: 'Service agenda' });
    expect(step?.changes).toContainEqual({ field: 'scopes', to: [...defaultScopes].sort() });
  });

  it('says old and new for a field that differs, and nothing of the others', () => {
    const before = known(aDesired('agenda', { redirect_uris: ['https://a.example.fr/cb'] }));
    const [step] = plan([agenda], cell([before])).steps;
    expect(step).toMatchObject({ action: 'update', clientId: 'client-agenda' });
    expect(step?.changes).toEqual([
      {
        field: 'redirect_uris',
        from: ['https://a.example.fr/cb'],
        to: ['https://agenda.ville.example.fr/callback'],
      },
    ]);
  });

  it('takes lists as sets and composed accents as the same name', () => {
    const written = aDesired('agenda', { name: 'Agenda de\u0301partemental' });
    const before = known(aDesired('agenda', { name: 'Agenda départemental' }));
    const shuffled = {
      ...before,
      metadata: { ...before.metadata, scopes: [...defaultScopes].reverse() },
    };
    expect(plan([written], cell([shuffled])).steps).toEqual([]);
  });

  it('never compares what the provider cannot tell', () => {
    const before = known(agenda, { metadata: { client_name: 'Service agenda', active: true } });
    expect(plan([agenda], cell([before])).steps).toEqual([]);
  });

  it('deactivates first, waits, then deletes; and revives the same client in time', () => {
    expect(plan([], cell([known(agenda)])).steps[0]).toMatchObject({
      action: 'deactivate',
      clientId: 'client-agenda',
    });
    const inactive = known(agenda, {
      state: 'inactive',
      inactiveSince: 0,
      metadata: { ...wantedMetadata(agenda), active: false },
    });
    const waiting = plan([], cell([inactive]), { now: 7 * day - 1 });
    expect(waiting.steps).toEqual([]);
    expect(waiting.waiting).toEqual([
      { cell: 'internet/integration', id: 'agenda', clientId: 'client-agenda', until: 7 * day },
    ]);
    expect(plan([], cell([inactive]), { now: 7 * day }).steps[0]).toMatchObject({ action: 'delete' });
    expect(plan([agenda], cell([inactive])).steps[0]).toMatchObject({
      action: 'revive',
      clientId: 'client-agenda',
    });
  });

  it('plans an unfinished creation exactly as it was first shown', () => {
    const first = plan([agenda], cell([])).steps[0];
    const resumed = plan([agenda], cell([known(agenda, { state: 'unfinished' })])).steps[0];
    expect(resumed).toEqual(first);
  });

  it('leaves alone a definition that is there and may not be applied', () => {
    const held = [{ cell: 'internet/integration' as const, id: 'agenda' }];
    expect(plan([], cell([known(agenda)]), { held }).steps).toEqual([]);
  });

  it('does nothing to a client that is lost, and says so', () => {
    const result = plan([agenda], cell([known(agenda, { state: 'lost' })]));
    expect(result.steps).toEqual([]);
    expect(result.lost).toEqual([{ cell: 'internet/integration', id: 'agenda', clientId: 'client-agenda' }]);
  });

  it('reports what the provider cannot set instead of dropping it', () => {
    const asking = aDesired('agenda', {
      private_sector: false,
      ip_addresses: ['10.1.2.3'],
      optional_scopes: [{ scope: 'siren', justification: 'Pour regrouper les établissements' }],
    });
    const governs = everyField.filter((field) => field !== 'scopes');
    const [step] = plan([asking], cell([], governs)).steps;
    expect(step?.left).toEqual([
      { field: 'scopes', to: ['siren'] },
      { field: 'private_sector', to: false },
      { field: 'ip_addresses', to: ['10.1.2.3'] },
    ]);
  });

  it('counts definitions of cells that nobody provisions', () => {
    const elsewhere = aDesired('agenda', {}, 'rie/production');
    expect(plan([elsewhere], cell([]))).toMatchObject({ steps: [], unserved: 1 });
  });

  it('can be narrowed to one pull request', () => {
    const only = new Set(['internet/integration/agenda']);
    const result = plan([agenda, aDesired('carte')], cell([known(aDesired('plan'))]), { only });
    expect(result.steps.map((step) => step.id)).toEqual(['agenda']);
  });
});

describe('the digest', () => {
  it('is the same whatever the order of the definitions, and another when the effect is another', () => {
    const some = [aDesired('agenda'), aDesired('carte')];
    const first = plan(some, cell([])).digest;
    expect(plan([...some].reverse(), cell([])).digest).toBe(first);
    expect(plan([aDesired('agenda'), aDesired('carte', { name: 'Autre' })], cell([])).digest).not.toBe(first);
  });

  it('is taken of one text, whatever the order of the keys', () => {
    expect(canonicalJson({ b: [1, 'é'], a: { d: null, c: undefined } })).toBe('{"a":{"d":null},"b":[1,"é"]}');
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
    expect(digestOf('x')).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('too many removals', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => aDesired(`service-${n}`));

  it.each([
    { clients: 15, kept: 5, guarded: false, why: '10 removals, under 20 clients' },
    { clients: 15, kept: 4, guarded: true, why: '11 removals' },
    { clients: 20, kept: 16, guarded: false, why: '4 of 20' },
    { clients: 20, kept: 15, guarded: true, why: '5 of 20' },
    { clients: 19, kept: 14, guarded: false, why: '5 of 19' },
    { clients: 100, kept: 90, guarded: false, why: '10 of 100' },
  ])('$why: asks first is $guarded', ({ clients, kept, guarded }) => {
    const all = many(clients);
    const result = plan(all.slice(0, kept), cell(all.map((desired) => known(desired))));
    expect(result.guards.length > 0).toBe(guarded);
  });

  it.each([
    { made: 50, begun: 0, guarded: false },
    { made: 51, begun: 0, guarded: true },
    { made: 51, begun: 1, guarded: false },
  ])('asks first, of $made new clients of which $begun are begun: $guarded', ({ made, begun, guarded }) => {
    const all = many(made);
    const unfinished = all.slice(0, begun).map((desired) => known(desired, { state: 'unfinished' }));
    const { guards } = plan(all, cell(unfinished));
    expect(guards.map(({ kind }) => kind)).toEqual(guarded ? ['creations'] : []);
  });

  it('does not ask again for deletions whose deactivation was confirmed', () => {
    const inactive = many(15).map((desired) => known(desired, { state: 'inactive', inactiveSince: 0 }));
    const result = plan([], cell(inactive), { now: 8 * day });
    expect(result.steps.map((step) => step.action)).toEqual(Array(15).fill('delete'));
    expect(result.guards).toEqual([]);
  });
});

/** What a provider that does as it is told holds after a plan. */
function afterwards(state: CellState, done: Plan, desired: readonly DesiredClient[], now: number): CellState {
  const clients = new Map(state.clients.map((client) => [client.id, client]));
  for (const step of done.steps) {
    const before = clients.get(step.id);
    const source = desired.find((candidate) => candidate.id === step.id);
    if (step.action === 'delete') clients.delete(step.id);
    else if (step.action === 'deactivate' && before !== undefined)
      clients.set(step.id, {
        ...before,
        state: 'inactive',
        inactiveSince: now,
        metadata: { ...before.metadata, active: false },
      });
    else if (source !== undefined) clients.set(step.id, known(source));
  }
  return { ...state, clients: [...clients.values()] };
}

describe('apply, then plan', () => {
  const definitions = fc
    .uniqueArray(
      fc.record({
        id: fc.constantFrom('agenda', 'carte', 'annuaire', 'depot', 'plan'),
        name: fc.constantFrom('Un', 'Deux'),
        userinfo: fc.constantFrom('RS256' as const, 'none' as const),
        uris: fc.subarray(['https://a.example.fr/1', 'https://a.example.fr/2', 'https://a.example.fr/3'], {
          minLength: 1,
        }),
      }),
      { selector: (one) => one.id },
    )
    .map((list) =>
      list.map((one) =>
        aDesired(one.id, {
          name: one.name,
          redirect_uris: one.uris,
          userinfo_signed_response_alg: one.userinfo,
        }),
      ),
    );

  it('is empty, whatever was there before', () => {
    fc.assert(
      fc.property(definitions, definitions, fc.boolean(), (before, after, inactive) => {
        const start = cell(
          before.map((desired) =>
            known(desired, inactive ? { state: 'inactive', inactiveSince: -8 * day } : {}),
          ),
        );
        const done = plan(after, start);
        const end = afterwards(start, done, after, 0);
        const again = plan(after, end);
        expect(again.steps).toEqual([]);
        expect(again.unchanged + again.waiting.length).toBe(end.clients.length);
      }),
    );
  });
});
