import { describe, expect, it } from 'vitest';
import { changesBetween } from '#domain/registry/changes';
import type { Entry } from '#domain/registry/registry';
import { entry, sirets } from './entries.ts';

const agenda = {
  name: 'Agenda des associations',
  uris: ['https://agenda.ville.fr/cb'],
  contacts: ['equipe@ville.fr'],
};
const suivi = {
  name: 'Suivi des subventions',
  uris: ['https://suivi.ville.fr/cb'],
  contacts: ['suivi@ville.fr'],
};

function changesOf(before: readonly Entry[], after: readonly Entry[]): readonly string[] {
  const short = (path: string) => path.slice('service-providers/'.length, -'.yaml'.length);
  return changesBetween(before, after).map((change) =>
    change.kind === 'renamed'
      ? `renamed ${short(change.from)} to ${short(change.path)}`
      : `${change.kind} ${short(change.path)}`,
  );
}

describe('changesBetween', () => {
  it('tells what was added, modified and removed, by path, and passes over what is the same', () => {
    const same = entry('internet/production/same', { ...agenda, blob: 'a1' });
    expect(
      changesOf(
        [
          same,
          entry('internet/production/old', suivi),
          entry('rie/production/kept', { ...agenda, blob: 'b1' }),
        ],
        [
          same,
          entry('rie/production/kept', { ...agenda, blob: 'b2' }),
          entry('internet/integration/new', { ...agenda, siret: sirets[1] }),
        ],
      ),
    ).toEqual([
      'added internet/integration/new',
      'removed internet/production/old',
      'modified rie/production/kept',
    ]);
  });

  it('compares what was read when the texts have no blob id', () => {
    const before = entry('internet/production/one', agenda);
    expect(changesOf([before], [entry('internet/production/one', agenda)])).toEqual([]);
    expect(changesOf([before], [entry('internet/production/one', suivi)])).toEqual([
      'modified internet/production/one',
    ]);
  });

  it('takes the same text under another path for a rename, whatever the text', () => {
    const broken: Entry = { ...entry('internet/production/one'), blob: 'c1' };
    const moved: Entry = { ...entry('rie/production/two', { siret: sirets[1] }), blob: 'c1' };
    expect(changesOf([broken], [moved])).toEqual(['renamed internet/production/one to rie/production/two']);
  });

  it('takes what says mostly the same for the same organization for a rename', () => {
    const before = [entry('internet/production/agenda', agenda)];
    const after = { ...agenda, description: 'Réserver une salle' };
    expect(changesOf(before, [entry('internet/production/agenda-des-associations', after)])).toEqual([
      'renamed internet/production/agenda to internet/production/agenda-des-associations',
    ]);
    expect(changesOf(before, [entry('internet/production/autre', { ...after, siret: sirets[1] })])).toEqual([
      'removed internet/production/agenda',
      'added internet/production/autre',
    ]);
    expect(changesOf(before, [entry('internet/production/suivi', suivi)])).toEqual([
      'removed internet/production/agenda',
      'added internet/production/suivi',
    ]);
  });

  it('takes the same id of the same organization in another cell for a rename', () => {
    expect(
      changesOf(
        [entry('internet/integration/agenda', { ...agenda, uris: ['https://recette.ville.fr/cb'] })],
        [entry('internet/production/agenda', { ...agenda, name: 'Agenda', contacts: ['dsi@ville.fr'] })],
      ),
    ).toEqual(['renamed internet/integration/agenda to internet/production/agenda']);
  });

  it('uses each side of a rename once, the most alike first', () => {
    expect(
      changesOf(
        [entry('internet/production/aa-un', agenda), entry('internet/production/bb-deux', suivi)],
        [
          entry('internet/production/cc-trois', { ...agenda, description: 'x' }),
          entry('internet/production/dd-quatre', agenda),
        ],
      ),
    ).toEqual([
      'removed internet/production/bb-deux',
      'added internet/production/cc-trois',
      'renamed internet/production/aa-un to internet/production/dd-quatre',
    ]);
  });

  it('stays quick for whole folders that move', () => {
    const many = (folder: string) =>
      Array.from({ length: 3000 }, (_, n) => entry(`${folder}/service-${n}`, { ...agenda, blob: `b${n}` }));
    const kinds = changesBetween(many('internet/production'), many('rie/production')).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['renamed']));
  });
});
