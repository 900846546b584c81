/** OpenID providers, by the issuer that names them. */

/**
 * The address of an issuer's description (OpenID Connect Discovery 1.0 §4): the well-known path comes after the
 * issuer's own path.
 */
export function openidConfigurationUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}
