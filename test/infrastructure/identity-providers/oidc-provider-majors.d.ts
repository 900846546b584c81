/** Former major versions of the library, which ProConnect and others still run. They are used as the newest one is. */
declare module 'oidc-provider-7' {
  export { default } from 'oidc-provider';
}
declare module 'oidc-provider-8' {
  export { default } from 'oidc-provider';
}
