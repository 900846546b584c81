/** What the rules on DataPass’s answers have in common, and the answers of their examples. */

import { sirenOf } from '#domain/registry/claims';
import type { DatapassRecord, OutsideAnswers } from '#domain/registry/outside-answers';
import type { Entry } from '#domain/registry/registry';

const at = '2026-11-20T09:00:00Z';

/** What DataPass calls the authorization to be a service provider of ProConnect. */
export const providerKind = 'pro_connect_service_provider';

export type FoundDatapass = Extract<DatapassRecord, { found: true }>;

/** The answer, when there is one about a number that the definition does give. */
export function foundDatapass(
  { partial }: Entry,
  { datapass }: OutsideAnswers,
): { readonly value: string; readonly record: FoundDatapass } | undefined {
  if (datapass?.ok !== true || !datapass.value.found || partial?.datapass === undefined) return undefined;
  return { value: partial.datapass, record: datapass.value };
}

/**
 * Whether it is of another organization than the definition. Anybody may write any number: what DataPass says of somebody
 * else's, whose it is among it, is not told to them, in a conversation that everybody reads.
 */
export function isOfAnother({ partial }: Entry, { siret }: FoundDatapass): boolean {
  const holder = siret === undefined ? undefined : sirenOf(siret);
  return holder !== undefined && (partial?.siret === undefined || sirenOf(partial.siret) !== holder);
}

/** A valid habilitation, of the organization of the rules' examples unless said otherwise. */
export const activeDatapass: FoundDatapass = {
  found: true,
  definition: providerKind,
  siret: '13099990700012',
  modalities: ['internet', 'rie'],
  state: { kind: 'habilitation', state: 'active' },
};

export function datapassAnswer(record: DatapassRecord): OutsideAnswers {
  return { datapass: { ok: true, at, value: record } };
}
