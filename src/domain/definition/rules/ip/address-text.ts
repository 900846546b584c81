/** What someone meant who wrote something else than an IP address or a CIDR block. */
import { blockOf } from './block.ts';

export type IpFault =
  | 'spaces'
  | 'leadingZeros'
  | 'netmask'
  | 'mapped'
  | 'range'
  | 'wildcard'
  | 'several'
  | 'port'
  | 'url'
  | 'hostname'
  | 'prefix'
  | 'other';

/** `255.255.255.0` is 24; undefined when the ones and zeros are mixed. */
function prefixOfMask(mask: string): number | undefined {
  const block = blockOf(mask);
  if (block?.kind !== 'ipv4') return undefined;
  const bits = block.bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1+0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

function withoutLeadingZeros(text: string): string {
  return text.replace(/(^|[./])0+(?=\d)/g, '$1');
}

/** Names the fault and, when only the writing is wrong, the correction. */
export function invalidAddress(value: string): { messageId: IpFault; correction?: string } {
  const text = value.trim();
  const certain = (messageId: IpFault, correction: string) =>
    blockOf(correction) === undefined ? undefined : { messageId, correction };
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1];
  const masked = /^(\d+\.\d+\.\d+\.\d+)\s*[/ ]\s*(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const prefix = masked?.[2] === undefined ? undefined : prefixOfMask(masked[2]);
  const withPort =
    /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ?? /^\[([0-9a-f:]+)\](?::\d{1,5})?$/i.exec(text)?.[1];
  return (
    (mapped === undefined ? undefined : certain('mapped', mapped)) ??
    (prefix === undefined ? undefined : certain('netmask', `${masked?.[1] ?? ''}/${prefix}`)) ??
    (withPort === undefined ? undefined : certain('port', withPort)) ??
    (/^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/.test(text) && text !== withoutLeadingZeros(text)
      ? certain('leadingZeros', withoutLeadingZeros(text))
      : undefined) ??
    certain('spaces', text.replace(/\s+/g, '')) ?? { messageId: faultOf(text) }
  );
}

function faultOf(text: string): IpFault {
  if (/^[\d.]+\s*(?:-|–|—|\bà\b|\bto\b|\.\.)\s*[\d.]+$/.test(text)) return 'range';
  if (/^[\d.]+\.[*x](?:\.[*x])*$/i.test(text)) return 'wildcard';
  if (text.split(/[\s,;]+/).filter((part) => blockOf(part) !== undefined).length > 1) return 'several';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return 'url';
  const address = text.slice(0, Math.max(0, text.indexOf('/')));
  if (blockOf(address) !== undefined) return 'prefix';
  return /^(?=.*[g-z])[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/i.test(text) ||
    /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/i.test(text)
    ? 'hostname'
    : 'other';
}
