/** What someone meant who wrote something else than an IP address or a CIDR block. */
import { unwrapped } from '#domain/definition/rules/wrapping';
import { blockOf, sameBlock } from './block.ts';

export type IpFault =
  | 'spaces'
  | 'wrapped'
  | 'commas'
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
    /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ?? /^\[([0-9a-f:]+)\]:\d{1,5}$/i.exec(text)?.[1];
  const bracketed = /^\[([0-9a-f:]+)\]$/i.exec(text)?.[1];
  return (
    (mapped === undefined ? undefined : certain('mapped', mapped)) ??
    (prefix === undefined ? undefined : certain('netmask', `${masked?.[1] ?? ''}/${prefix}`)) ??
    (withPort === undefined ? undefined : certain('port', withPort)) ??
    (bracketed === undefined ? undefined : certain('spaces', bracketed)) ??
    (/^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/.test(text) && text !== withoutLeadingZeros(text)
      ? certain('leadingZeros', withoutLeadingZeros(text))
      : undefined) ??
    rangeCorrection(text) ??
    certain('spaces', text.replace(/\s+/g, '')) ??
    (/^\d+(?:,\d+){3}$/.test(text) ? certain('commas', text.replaceAll(',', '.')) : undefined) ??
    certain('spaces', text.replace('\\', '/')) ??
    alone(text) ?? { messageId: faultOf(text) }
  );
}

const isBlock = (text: string) => blockOf(text) !== undefined;

/** The one address with something around it. What stands behind must not be a second one, nor the end of a range. */
function alone(text: string): { messageId: IpFault; correction: string } | undefined {
  const found = text.includes('*') ? undefined : unwrapped(text, isBlock);
  return found === undefined || /\d+\.\d|[*-]/.test(found.note)
    ? undefined
    : { messageId: 'wrapped', correction: found.value };
}

/** The first and the last address of a range; undefined of anything else. */
export function rangeEnds(text: string): readonly [string, string] | undefined {
  const [, first, last] =
    /^(?:de\s+|du\s+|from\s+)?(\d+(?:\.\d+){3})\s*(?:-|–|—|à|au|to|\.{2,3})\s*(\d+(?:\.\d+){3})$/i.exec(
      text.trim(),
    ) ?? [];
  return first === undefined || last === undefined ? undefined : [first, last];
}

/** A range or a wildcard as the CIDR block that says exactly the same, where there is one. */
function rangeCorrection(text: string): { messageId: IpFault; correction: string } | undefined {
  const [first, last] = rangeEnds(text) ?? [];
  const block = first === undefined || last === undefined ? undefined : sameBlock(first, last);
  if (block !== undefined) return { messageId: 'range', correction: block };
  const stars = /^(\d+(?:\.\d+){0,2})((?:\.[*x]){1,3})$/i.exec(text);
  const [, start = '', rest = ''] = stars ?? [];
  const all = (byte: string) => `${start}${rest.replace(/\.[*x]/gi, `.${byte}`)}`;
  const whole = stars === null ? undefined : sameBlock(all('0'), all('255'));
  return whole === undefined ? undefined : { messageId: 'wildcard', correction: whole };
}

function faultOf(text: string): IpFault {
  if (/\d\s*(?:-|–|—|\s(?:à|au|to)\s|\.\.)\s*\d/.test(text)) return 'range';
  if (/^\d[\d.]*[*x](?:\.[*x])*$/i.test(text)) return 'wildcard';
  if (text.split(/[\s,;]+/).filter((part) => blockOf(part) !== undefined).length > 1) return 'several';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return 'url';
  const address = text.slice(0, Math.max(0, text.indexOf('/')));
  if (blockOf(address) !== undefined) return 'prefix';
  return /^(?=.*[g-z])[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/i.test(text) ||
    /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/i.test(text)
    ? 'hostname'
    : 'other';
}
