/** Which address was meant by what is none. */
import { parse } from 'tldts';
import { withPlainSigns } from '#domain/definition/rules/plain-signs';
import { unwrapped } from '#domain/definition/rules/wrapping';
import { isAccepted } from './address.ts';

const around = /^[\s<("'«“”‘’,;:]+|[\s>)"'»“”‘’,;:.-]+$/g;

/** Whether a domain ends as one that exists does. */
function isKnownDomain(domain: string): boolean {
  return parse(domain, { extractHostname: false, validateHostname: false }).isIcann === true;
}

/** What stands in the place of a dot of a domain, with the rest behind it. */
const brokenDot = /\s*([,;/])\s*|\s*(\.)\s+|\s+(\.)|\s+/g;

/** An address whose domain has something else in the place of one dot, put together, and whether it could be no other. */
function rejoined(value: string): { address: string; certain: boolean } | undefined {
  const [, local = '', domain = ''] = /^([^@\s]+)@([^@]+)$/.exec(value.replace(around, '')) ?? [];
  const [broken, ...others] = domain.matchAll(brokenDot);
  if (broken === undefined || others.length > 0) return undefined;
  const [before, after] = [domain.slice(0, broken.index), domain.slice(broken.index + broken[0].length)];
  const address = `${local}@${before}.${after}`;
  if (!isAccepted(address) || !isKnownDomain(`${before}.${after}`)) return undefined;
  // Behind a whole domain stands a note, if it is no more than the end of one.
  if (isKnownDomain(before) && !/^[a-z]{2,3}$/i.test(after)) return undefined;
  const isTypo = broken[1] === ',' || broken[2] !== undefined || broken[3] !== undefined;
  return { address, certain: isTypo && !isKnownDomain(before) };
}

/** What was meant, when taking away what surrounds it or writing out `(at)` gives an address. */
export function meantAddress(value: string): string | undefined {
  const named = /<([^<>\s]+@[^<>\s]+)>\s*$/.exec(value)?.[1];
  const plain = (named ?? value)
    .replace(around, '')
    .replace(/^mailto:/i, '')
    .replace(/\?.*$/s, '')
    .replace(
      /\s*[[({]\s*(?:at|arobase|à|@)\s*[\])}]\s*|\s+(?:at|arobase)\s+|\s*\uff20\s*|\s+@\s*|\s*@\s+/gi,
      '@',
    )
    .replace(/\s*[[({]\s*(?:dot|point)\s*[\])}]\s*|\s+(?:dot|point)\s+/gi, '.')
    .replace(around, '')
    .replace(/@{2,}/, '@');
  if (plain !== value && isAccepted(plain)) return plain;
  // A dot at the start may be all that is left of a first name.
  if (/^\s*\./.test(value)) return undefined;
  const inner = unwrapped(value, isAccepted);
  // What is only the beginning of a domain is no address.
  const whole =
    inner === undefined ||
    inner.note === '' ||
    isKnownDomain(inner.value.slice(inner.value.indexOf('@') + 1));
  return whole ? inner?.value : undefined;
}

/** An address with a sign in it that no keyboard types, or broken in front of its end, as it is to be written. */
export function plainAddress(
  value: string,
): { messageId: 'signs' | 'cut'; address: string; certain: boolean } | undefined {
  const plain = withPlainSigns(value);
  if (plain !== value && isAccepted(plain)) return { messageId: 'signs', address: plain, certain: true };
  const whole = rejoined(value);
  return whole === undefined ? undefined : { messageId: 'cut', ...whole };
}

/** The one address that a link to it says twice: `[a@b.fr](mailto:a@b.fr)`, `a@b.fr <a@b.fr>`. */
export function sameTwice(value: string): string | undefined {
  const found = value.match(/[^\s,;:<>()[\]"]+@[^\s,;:<>()[\]"]+/g) ?? [];
  const [address, ...others] = new Set(found.map((one) => one.toLowerCase()));
  return address !== undefined && others.length === 0 && isAccepted(address) ? address : undefined;
}
