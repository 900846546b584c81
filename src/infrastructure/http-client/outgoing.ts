/**
 * How this process reaches other machines: through the proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`,
 * `NO_PROXY`, small letters too), and trusting the authorities of the machine besides those of Node and of
 * `NODE_EXTRA_CA_CERTS`. Mails and databases do not go through a proxy.
 */
import { setGlobalProxyFromEnv } from 'node:http';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

let prepared = false;

/** Once for the whole process, before anything is asked of anyone. The proxies must have been checked. */
export function prepareOutgoing(): void {
  if (prepared) return;
  prepared = true;
  setGlobalProxyFromEnv();
  trustMachineAuthorities();
}

let trusted = false;

/** Once for the whole process, before the first connection over TLS. */
export function trustMachineAuthorities(): void {
  if (trusted) return;
  trusted = true;
  setDefaultCACertificates([...new Set([...getCACertificates('default'), ...getCACertificates('system')])]);
}
