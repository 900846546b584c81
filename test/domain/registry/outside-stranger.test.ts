/** What anybody is told of an authorization of somebody else, whose number they write into a definition of their own. */
import { expect, it } from 'vitest';
import type { CellName } from '#base/config/cells';
import { languages } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { placeFromPath } from '#domain/definition/cell';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import { evaluateOutsideAnswers } from '#domain/registry/evaluate';
import type { DatapassRecord } from '#domain/registry/outside-answers';
import {
  activeDatapass,
  datapassAnswer,
  type FoundDatapass,
} from '#domain/registry/rules/outside/datapass-record';
import { catalogue } from '#domain/registry/rules/rule-catalogue';

const stranger = '20009999200014';
const refused: FoundDatapass['state'] = { kind: 'demande', state: 'refused', habilitations: [] };
const states: readonly FoundDatapass['state'][] = [
  refused,
  { kind: 'demande', state: 'draft', habilitations: [] },
  { kind: 'demande', state: 'validated', habilitations: ['revoked'] },
  { kind: 'habilitation', state: 'obsolete' },
];

/** Every sentence of what is found, with how bad it is. */
function told(cell: CellName, record: DatapassRecord): readonly string[] {
  const path = `service-providers/${cell}/agenda.yaml`;
  const { text } = completeExample({ yaml: 'datapass: H4821', path, cell });
  const { partial } = readDefinition({ path, bytes: new TextEncoder().encode(text) });
  const place = placeFromPath(path);
  if (place === undefined || partial === undefined) throw new Error(path);
  const found = evaluateOutsideAnswers({ path, place, partial, blob: '' }, datapassAnswer(record));
  return found.flatMap(({ rule, report }) =>
    languages.map((language) => {
      const message = { key: `${rule}#${report.messageId}`, values: report.values ?? {} };
      return `${report.severity ?? ''} ${catalogue.translate(message, language, quoteInBackticks)}`;
    }),
  );
}

it.each(['internet/production', 'internet/integration'] as const)(
  'is told that it is, and neither whose nor how far it has come, in %s',
  (cell) => {
    const of = (state: FoundDatapass['state'], definition = activeDatapass.definition) =>
      told(cell, { ...activeDatapass, siret: stranger, state, definition });
    const first = of(refused);
    expect(first.length).toBeGreaterThan(0);
    for (const state of states) expect(of(state)).toEqual(first);
    const other = of(refused, 'api_particulier');
    expect(other.length).toBeGreaterThan(0);
    expect(of(refused, 'franceconnect')).toEqual(other);
    const all = [...first, ...other, ...of(activeDatapass.state)].join('\n');
    expect(all).not.toMatch(new RegExp(`${stranger}|${stranger.slice(0, 9)}|api_particulier|refus`));
  },
);
