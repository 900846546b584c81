import { describe, expect, it } from 'vitest';
import { isLoopbackHost } from '#base/loopback';
import { isSecureEndpoint, isTrustedEndpoint } from '#infrastructure/identity-providers/http';

const source = new URL('https://idp.example.fr');

describe('this machine', () => {
  it.each(['localhost', 'agenda.localhost', '127.0.0.1', '127.255.0.3', '[::1]'])('is %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
    expect(isSecureEndpoint(new URL(`http://${host}:3000/`))).toBe(true);
    expect(isTrustedEndpoint(new URL(`https://${host}/`), source)).toBe(false);
  });

  it.each(['localhost.', 'agenda.localhost.', '127.0.0.1.', '127.1', '2130706433'])(
    'is where a provider’s %s leads, too',
    (host) => {
      expect(isSecureEndpoint(new URL(`http://${host}/`))).toBe(true);
      expect(isTrustedEndpoint(new URL(`https://${host}/`), source)).toBe(false);
    },
  );

  it.each(['localhost.example.fr', 'notlocalhost', '127.example.fr', '127.0.0.1.example.fr', '[::2]'])(
    'is not %s, which is asked over https only',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
      expect(isSecureEndpoint(new URL(`http://${host}/`))).toBe(false);
      expect(isSecureEndpoint(new URL(`https://${host}/`))).toBe(true);
    },
  );
});
