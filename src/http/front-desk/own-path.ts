/** Characters, of a path and its query. */
const maxLength = 2000;

/**
 * Where to go after the sign-in: a path of our own, whatever was asked for. What browsers read as another host (`//host`,
 * `/\host`, with what they leave out of an address in between) is none.
 */
export function ownPath(wanted: string | undefined, origin: string): string {
  const home = '/demandes';
  if (wanted === undefined || wanted.length > maxLength || !/^\/[\x21-\x5b\x5d-\x7e]*$/.test(wanted))
    return home;
  const url = URL.parse(wanted, origin);
  return url?.origin === origin &&
    `${url.pathname}${url.search}${url.hash}` === wanted &&
    !wanted.startsWith('//')
    ? wanted
    : home;
}
