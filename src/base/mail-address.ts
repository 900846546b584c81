/**
 * An e-mail address as it is compared: its letters of ASCII in lower case. Of others `toLowerCase` makes letters of ASCII
 * (U+212A, the kelvin, becomes a `k`), and so somebody else's mailbox.
 */
export function addressKey(address: string): string {
  return address.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
