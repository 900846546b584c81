/** Host names made to be read as another one. */
import { domainToUnicode } from 'node:url';
import { parse } from 'tldts';

/** The accented letters of French names (AFNIC, « Charte de nommage », IDN), and those of its neighbours. */
const usualLetters = /[ßàáâãäåæçèéêëìíîïñòóôõöœùúûüýÿăčłńşšţžșț·]/u;
/** Cheap sign that a name may play on `gouv.fr`. */
const hint = /[gq9][o0u]{1,3}[uvw]|xn--/;
/** What `gouv` becomes under a slipping finger or on purpose, as a whole label in front of `.fr`. */
const misspelt = new Set([
  'gov',
  'guov',
  'gouvv',
  'gouuv',
  'goouv',
  'ggouv',
  'gouve',
  'gouvf',
  'gvou',
  'gouv-fr',
  'gouvfr',
]);

/** `xn--…` labels as they are displayed. */
export function displayed(name: string): string {
  return name.includes('xn--') ? domainToUnicode(name) || name : name;
}

/** A letter of another alphabet, which passes for a Latin one; undefined in nearly every name. */
export function foreignLetter(name: string): string | undefined {
  if (!name.includes('xn--')) return undefined;
  for (const character of displayed(name).normalize('NFC'))
    if (character > '\u007f' && /\p{L}|\p{N}/u.test(character) && !usualLetters.test(character))
      return character;
  return undefined;
}

function skeleton(label: string): string {
  return label
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/0/g, 'o')
    .replace(/[q9]/g, 'g')
    .replace(/vv/g, 'w');
}

/**
 * The part of a name that imitates `gouv.fr` without being under it: `gouv.fr.evil.com`, `impots-gouv.fr`,
 * `g0uv.fr`.
 */
export function lookalike(name: string): string | undefined {
  if (name.endsWith('.gouv.fr') || !hint.test(name)) return undefined;
  const shown = displayed(name);
  const middle = /(?:^|\.)(gouv\.fr[.-].*)$/.exec(shown)?.[1];
  if (middle !== undefined) return middle;
  const {
    domain,
    domainWithoutSuffix: label,
    publicSuffix: suffix,
  } = parse(name, { validateHostname: false });
  if (domain === null || label === null || suffix === null) return undefined;
  const own = skeleton(displayed(label));
  if (/(?:^|-)gouv-?fr(?:-|$)/.test(own) || /-gouv$/.test(own)) return domain;
  if (suffix === 'fr' && label !== 'gouv' && (own === 'gouv' || misspelt.has(own))) return domain;
  return own === 'gouv' && (suffix.length > 2 || suffix === 'eu' || suffix === 'co') ? domain : undefined;
}
