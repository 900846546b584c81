/** An authorization request (OpenID Connect Core 1.0 §3.1.2.1) as an application makes a browser send it. Pure. */

/** The address without its query, and each parameter in the order in which it was written, once per time. */
export interface AuthorizationRequest {
  readonly endpoint: URL;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** @param fields what a form adds to the query of its target; absent for a link or a redirect */
export function readRequest(
  target: URL,
  fields: readonly (readonly [string, string])[] = [],
): AuthorizationRequest {
  const endpoint = new URL(target);
  endpoint.search = '';
  endpoint.hash = '';
  return { endpoint, parameters: [...target.searchParams, ...fields] };
}

/** Whether an address, or a form, is such a request: whichever server it goes to. */
export function isAuthorizationRequest({ parameters }: AuthorizationRequest): boolean {
  const names = new Set(parameters.map(([name]) => name));
  return names.has('client_id') && ['response_type', 'redirect_uri', 'scope'].some((name) => names.has(name));
}

/** The first value of a parameter. */
export function parameterOf({ parameters }: AuthorizationRequest, wanted: string): string | undefined {
  return parameters.find(([name]) => name === wanted)?.[1];
}
