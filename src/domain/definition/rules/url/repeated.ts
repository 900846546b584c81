/** URLs that stand twice in a list, to the letter or nearly. */
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import { addressesOf, type UrlAddress } from './address.ts';

interface Repeated {
  readonly address: UrlAddress;
  /** The first of the same list that is the same in that form. */
  readonly first: UrlAddress;
}

/** @param form of a URL: two that have it in common are the same */
export function repeatedIn(partial: PartialDefinition, form: (href: string) => string): readonly Repeated[] {
  if (partial.redirectUris.length < 2 && partial.postLogoutRedirectUris.length < 2) return [];
  const addresses = addressesOf(partial);
  if (!mayHoldDuplicates(addresses)) return [];
  const firsts = new Map<string, UrlAddress>();
  return addresses.flatMap((address) => {
    if (address.url === undefined) return [];
    const key = `${address.list} ${form(address.url.href)}`;
    const first = firsts.get(key);
    if (first !== undefined) return [{ address, first }];
    firsts.set(key, address);
    return [];
  });
}

/** Whether one of the lists may hold two URLs that are one: no two are of the same length, a final slash apart. */
function mayHoldDuplicates(addresses: readonly UrlAddress[]): boolean {
  for (let later = 1; later < addresses.length; later += 1) {
    const one = addresses[later];
    for (let earlier = 0; earlier < later; earlier += 1) {
      const other = addresses[earlier];
      if (one === undefined || other === undefined || one.list !== other.list) continue;
      if (!one.usual || !other.usual || Math.abs(one.text.length - other.text.length) < 2) return true;
    }
  }
  return false;
}
