/** What the rules on the two lists of URLs have in common. */

import type { UrlAddress } from './address.ts';

/** The first address of a list under each form. */
export function firstByForm(
  addresses: readonly UrlAddress[],
  list: UrlAddress['list'],
  form: (href: string) => string,
) {
  const first = new Map<string, UrlAddress>();
  for (const address of addresses) {
    if (address.list !== list || address.url === undefined) continue;
    const key = form(address.url.href);
    if (!first.has(key)) first.set(key, address);
  }
  return first;
}

export const urlLists = ['login', 'logout'] as const;

/** Whether one of the lists may hold two URLs that are one: no two are of the same length, a final slash apart. */
export function mayHoldDuplicates(addresses: readonly UrlAddress[]): boolean {
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
