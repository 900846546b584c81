/** What a value of each key looks like, where that can be told from the value alone. */

import { pointerParts } from '#domain/definition/parse/pointer';
import { schemaAt } from '#domain/definition/schema/schema-check';
import { isAccepted } from './email/address.ts';
import { blockOf } from './ip/block.ts';
import { isLogin } from './owner/login.ts';
import { isUrlAlone } from './url/fault.ts';
import type { IsValue } from './wrapping.ts';

const kinds: ReadonlyMap<string, IsValue> = new Map([
  ['siret', (text) => /^\d{14}$/.test(text)],
  ['datapass', (text) => /^[HD]\d{1,9}$/.test(text)],
  ['technical', isAccepted],
  ['support', isAccepted],
  ['redirect_uris', isUrlAlone],
  ['post_logout_redirect_uris', isUrlAlone],
  ['ip_addresses', (text) => blockOf(text) !== undefined],
  ['owners', isLogin],
]);

/** The key that a pointer leads to, list positions left out. */
export function lastKeyOf(pointer: string): string {
  return pointerParts(pointer).findLast((part) => !/^\d+$/.test(part)) ?? '';
}

/** Tells the values of a key from other texts; undefined where any text may stand. */
export function kindOf(pointer: string): IsValue | undefined {
  return kinds.get(lastKeyOf(pointer));
}

/** A value of a key as documentation shows it. */
export function exampleOf(pointer: string): string {
  const examples = schemaAt(pointerParts(pointer).filter((part) => !/^\d+$/.test(part)))?.examples;
  return String([examples?.[0]].flat()[0] ?? '');
}
