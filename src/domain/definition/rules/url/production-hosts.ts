/** What the rules on hosts in production have in common. */

import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import type { RuleId } from '#domain/definition/rules/rule-ids';
import { type UrlAddress, unusualAddressesOf } from './address.ts';
import type { HostKind } from './host.ts';

/** When the host itself has to change, nothing more is reported of the URL that goes with it. */
export const suppressedByHost: readonly RuleId[] = [
  'url/https-required',
  'url/canonical',
  'url/slash-twin',
  'url/non-production-host',
  'url/foreign-logout',
  'url/network-suffix',
];

/** The addresses of a definition in production whose host is of one of these kinds, none of them `ordinary`. */
export function* productionAddresses(
  partial: PartialDefinition,
  ...kinds: readonly Exclude<HostKind, 'ordinary'>[]
): Generator<UrlAddress & { kind: HostKind; name: string }> {
  if (partial.environment !== 'production') return;
  for (const address of unusualAddressesOf(partial)) {
    const { host } = address;
    if (host !== undefined && kinds.some((kind) => kind === host.kind))
      yield { ...address, kind: host.kind, name: host.name };
  }
}
