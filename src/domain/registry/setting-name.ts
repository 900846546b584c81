/** Settings as the documentation names them. */

/**
 * The name of the setting at a place of the file.
 *
 * @param place a JSON pointer, or the same without its first slash and without escapes
 * @example /approvals/production: approvals.production; freeze/rie/production/until: freeze.rie/production.until
 */
export function settingName(place: string): string {
  const parts = place.replace(/^\//, '').split('/');
  const [section, network, environment, ...rest] = parts;
  const named =
    section === 'freeze' && (network === 'internet' || network === 'rie') && environment !== undefined
      ? [section, `${network}/${environment}`, ...rest]
      : parts;
  return named.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join('.');
}
