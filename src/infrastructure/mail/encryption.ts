/** Whether a mail server has to encrypt before it is told anything. */
import { isLoopbackHost } from '#base/loopback';

/**
 * Whoever is on the way can take the offer of STARTTLS out of what a server says (RFC 3207 §6), and would have the account,
 * and with it every link to keys. So an account goes to no other machine but encrypted (RFC 8314 §3); to a relay of one's own
 * network, which asks for none, mails go as it takes them, unless `requireTLS=true` stands in the address.
 *
 * @param url `smtp://` or `smtps://`
 */
export function mustEncrypt({ protocol, username, hostname, searchParams }: URL): boolean {
  if (protocol !== 'smtp:') return false;
  const isElsewhere = !isLoopbackHost(hostname.toLowerCase());
  return (username !== '' && isElsewhere) || searchParams.get('requireTLS') === 'true';
}
