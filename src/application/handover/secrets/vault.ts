/** The vault of provisioning over the keys of `GREFFIER_KEY`. */

import type { Sealed, Vault } from '#domain/provisioning/provider';
import type { Keyring } from './keyring.ts';

/** @param keyring undefined without a key: then there is no cell whose secrets are kept, and nothing to open */
export function vaultWith(keyring: Keyring | undefined): Vault {
  const open = (sealed: Sealed, purpose: string) => keyring?.open(sealed, purpose);
  const seal = (secret: string, purpose: string): Sealed => {
    if (keyring === undefined) throw new Error('There is no GREFFIER_KEY to seal a secret with');
    return keyring.seal(secret, purpose) as Sealed;
  };
  return {
    open,
    seal,
    reseal(sealed, purpose) {
      if (keyring?.isStale(sealed) !== true) return sealed;
      const secret = open(sealed, purpose);
      return secret === undefined ? sealed : seal(secret, purpose);
    },
  };
}
