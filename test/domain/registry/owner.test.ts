import { describe, expect, it } from 'vitest';
import { changesBetween } from '#domain/registry/changes';
import { evaluateChanges } from '#domain/registry/evaluate';
import type { Actor, ChangeContext } from '#domain/registry/rules/rule';
import { defaultSettings } from '#domain/registry/settings';
import { entry } from './entries.ts';

const owned = { name: 'Agenda', owners: ['Camille-DSI'] };
const camille: Actor = { login: 'camille-dsi', id: 1, reviewer: false };
const lou: Actor = { login: 'lou-dsi', id: 2, reviewer: false };

/** The sentences of `change/owner` on a change of name. */
function messageIdsOf(
  context: Partial<ChangeContext>,
  before = owned,
  after = { ...owned, name: 'Agenda associatif' },
) {
  const at = 'internet/integration/agenda';
  return evaluateChanges(changesBetween([entry(at, before)], [entry(at, after)]), {
    settings: defaultSettings,
    otherPaths: [],
    ...context,
  })
    .filter(({ rule }) => rule === 'change/owner')
    .map(({ report }) => report.messageId);
}

describe('the owners of a definition', () => {
  it('may change it, as may the team of the registry', () => {
    expect(messageIdsOf({ author: camille })).toEqual([]);
    expect(messageIdsOf({ author: { ...lou, reviewer: true } })).toEqual([]);
    expect(messageIdsOf({ author: lou })).toEqual(['stranger']);
  });

  it('can agree to what someone else changes', () => {
    expect(messageIdsOf({ author: lou, approvers: [camille] })).toEqual([]);
    expect(messageIdsOf({ author: lou, approvers: [{ login: 'autre', id: 3, reviewer: false }] })).toEqual([
      'stranger',
    ]);
  });

  describe('whose account is known', () => {
    const path = 'service-providers/internet/integration/agenda.yaml';
    const ownerAccounts = { [path]: { 'camille-dsi': 1 } };

    it('lose nothing with a change of login', () => {
      const renamed = { ...camille, login: 'camille-ministere' };
      expect(messageIdsOf({ author: renamed, ownerAccounts })).toEqual([]);
      expect(messageIdsOf({ author: lou, approvers: [renamed], ownerAccounts })).toEqual([]);
      expect(messageIdsOf({ author: renamed })).toEqual(['stranger']);
    });

    it('give nothing to someone who took their login over', () => {
      const other = { ...camille, id: 99 };
      expect(messageIdsOf({ author: other, ownerAccounts })).toEqual(['recycled']);
      expect(messageIdsOf({ author: lou, approvers: [other], ownerAccounts })).toEqual(['stranger']);
      expect(messageIdsOf({ author: other })).toEqual([]);
    });

    it('are nobody where there was no such account', () => {
      expect(messageIdsOf({ author: camille, ownerAccounts: { [path]: { 'camille-dsi': null } } })).toEqual([
        'recycled',
      ]);
    });

    it('are known for the one definition, and by no other word', () => {
      const elsewhere = { 'service-providers/internet/integration/autre.yaml': { 'camille-dsi': 99 } };
      expect(messageIdsOf({ author: camille, ownerAccounts: elsewhere })).toEqual([]);
      const before = { name: 'Agenda', owners: ['constructor'] };
      const after = { ...before, name: 'Agenda associatif' };
      expect(
        messageIdsOf({ author: { ...lou, login: 'constructor' }, ownerAccounts }, before, after),
      ).toEqual([]);
    });
  });

  it('are those of the base, never those that the change names', () => {
    expect(messageIdsOf({ author: lou }, owned, { name: 'Agenda', owners: ['lou-dsi'] })).toEqual([
      'handover',
    ]);
    expect(messageIdsOf({ author: lou }, owned, { name: 'Agenda', owners: [] })).toEqual(['handover']);
    expect(messageIdsOf({ author: camille }, owned, { name: 'Agenda', owners: ['lou-dsi'] })).toEqual([]);
  });

  it('are missed only where a change could be merged without anyone', () => {
    const nobody = { name: 'Agenda', owners: [] };
    expect(messageIdsOf({ author: lou }, nobody)).toEqual([]);
    const settings = { ...defaultSettings, automaticMerge: { integration: true } };
    expect(messageIdsOf({ author: lou, settings }, nobody)).toEqual(['nobody']);
    expect(messageIdsOf({ author: { ...lou, reviewer: true }, settings }, nobody)).toEqual([]);
  });

  it('are not judged where the author is not known', () => {
    expect(messageIdsOf({})).toEqual([]);
  });
});
