import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../src/registry/changes.ts';
import { judgeChanges } from '../../src/registry/judge.ts';
import type { ChangeContext, Person } from '../../src/registry/rule.ts';
import { defaultSettings } from '../../src/registry/settings.ts';
import { entry } from './entries.ts';

const owned = { name: 'Agenda', owners: ['Camille-DSI'] };
const camille: Person = { login: 'camille-dsi', id: 1, reviewer: false };
const lou: Person = { login: 'lou-dsi', id: 2, reviewer: false };

/** The sentences of `change/owner` on a change of name. */
function told(
  context: Partial<ChangeContext>,
  before = owned,
  after = { ...owned, name: 'Agenda associatif' },
) {
  const at = 'internet/integration/agenda';
  return judgeChanges(changesBetween([entry(at, before)], [entry(at, after)]), {
    settings: defaultSettings,
    otherPaths: [],
    ...context,
  })
    .filter(({ rule }) => rule === 'change/owner')
    .map(({ report }) => report.words);
}

describe('the owners of a definition', () => {
  it('may change it, as may the team of the registry', () => {
    expect(told({ author: camille })).toEqual([]);
    expect(told({ author: { ...lou, reviewer: true } })).toEqual([]);
    expect(told({ author: lou })).toEqual(['stranger']);
  });

  it('can agree to what someone else changes', () => {
    expect(told({ author: lou, approvers: [camille] })).toEqual([]);
    expect(told({ author: lou, approvers: [{ login: 'autre', id: 3, reviewer: false }] })).toEqual([
      'stranger',
    ]);
  });

  it('are who they were when they were named: a login that someone else took over is not enough', () => {
    expect(told({ author: { ...camille, id: 99 }, ownerIds: { 'camille-dsi': 1 } })).toEqual(['stranger']);
    expect(told({ author: camille, ownerIds: { 'camille-dsi': 1 } })).toEqual([]);
  });

  it('are those of the base, never those that the change names', () => {
    expect(told({ author: lou }, owned, { name: 'Agenda', owners: ['lou-dsi'] })).toEqual(['handover']);
    expect(told({ author: lou }, owned, { name: 'Agenda', owners: [] })).toEqual(['handover']);
    expect(told({ author: camille }, owned, { name: 'Agenda', owners: ['lou-dsi'] })).toEqual([]);
  });

  it('are missed only where a change could be merged without anyone', () => {
    const nobody = { name: 'Agenda', owners: [] };
    expect(told({ author: lou }, nobody)).toEqual([]);
    const settings = { ...defaultSettings, automaticMerge: { integration: true } };
    expect(told({ author: lou, settings }, nobody)).toEqual(['nobody']);
    expect(told({ author: { ...lou, reviewer: true }, settings }, nobody)).toEqual([]);
  });

  it('are not judged where the author is not known', () => {
    expect(told({})).toEqual([]);
  });
});
