/** The services that Greffier asks. */
import { type Actor, proof } from './model.ts';

const idp = 'provisioning/providers/registration.ts';

export const services: Actor = {
  name: 'An identity provider or a public service, compromised or faulty',
  can: 'lie about its own clients, refuse, be silent, be slow. A provider that is taken over owns the sign-in of its cell: nothing that Greffier does can help that.',
  cannot:
    'reach the secrets of other cells, have Greffier ask inner addresses, or have one applicant given the keys of another.',
  threats: [
    {
      threat: 'It answers 200 to everything',
      protection:
        'An answer without what the protocol asks for is a failure, told in words; nothing is recorded as done.',
      proofs: [
        proof(
          idp,
          "if (issued.value.management === undefined) return refusal('management-missing', { issuer });",
          '',
          'provisioning/registration',
          'refuses a server that gives no way to manage the client',
        ),
        proof(
          'provisioning/providers/partner-wire.ts',
          "if (!isRecord(body) || typeof body._id !== 'string' || typeof body.key !== 'string') return undefined;",
          'if (!isRecord(body)) return undefined;',
          'provisioning/untrusted',
          'makes no client',
        ),
      ],
    },
    {
      threat: 'It answers without end',
      protection: 'Every answer is read up to a length: 1 MB of a provider, 2 MB of a public service.',
      proofs: [
        proof(
          'provisioning/exchange.ts',
          "if (size > mostBytes) throw new Error('the answer is too long');",
          '',
          'provisioning/untrusted',
          'is read no further than a bounded length',
        ),
        proof(
          'outside/call.ts',
          'if (size > mostBytes) return undefined;',
          '',
          'provisioning/untrusted',
          'is read no further than a bounded length',
        ),
      ],
    },
    {
      threat: 'It redirects, to have a token or a request sent to an inner address',
      protection:
        'No redirection is ever followed: not by a provider, nor the probe, nor DataPass, nor Recherche d’entreprises.',
      proofs: [
        proof(
          'provisioning/exchange.ts',
          "redirect: 'manual',",
          "redirect: 'follow',",
          'provisioning/untrusted',
          'is not followed, and takes no token with it',
        ),
        proof(
          'provisioning/probe.ts',
          "redirect: 'manual',",
          "redirect: 'follow',",
          'provisioning/untrusted',
          'is not followed by the probe',
        ),
        proof(
          'outside/call.ts',
          "redirect: 'error',",
          "redirect: 'follow',",
          'provisioning/untrusted',
          'is not followed where public services are asked',
        ),
      ],
    },
    {
      threat: 'Its description names an inner address, or a client’s management does',
      protection:
        'An announced address is asked only on the server’s own origin, or over https by a name that its certificate must carry: never a bare IP address, never this machine. The description must name the issuer that the operator wrote.',
      proofs: [
        proof(
          'provisioning/providers/discovery.ts',
          'if (told === undefined || isToldInGoodFaith(told, url)) continue;',
          'continue;',
          'provisioning/untrusted',
          'is refused in words, and nothing is asked there',
        ),
        proof(
          idp,
          "if (typeof uri === 'string' && !(URL.canParse(uri) && isToldInGoodFaith(new URL(uri), new URL(issuer))))",
          'if (uri === 7)',
          'provisioning/untrusted',
          'is refused in words, and nothing is asked there',
        ),
        proof(
          'provisioning/providers/discovery.ts',
          'if (body.issuer !== issuer)',
          'if (body.issuer === 7)',
          'provisioning/registration',
          'refuses a description that names another issuer',
        ),
      ],
    },
    {
      threat: 'It answers with the client, or the secret, of someone else',
      protection:
        'An answer about any other client than the one that was asked for is not believed; nothing of it is kept.',
      proofs: [
        proof(
          idp,
          "if (isRecord(body) && typeof body.client_id === 'string' && body.client_id !== clientId)",
          'if (clientId === body)',
          'provisioning/untrusted',
          'is not believed by `registration`',
        ),
        proof(
          'provisioning/providers/proconnect.ts',
          "if (handle !== '' && client.handle !== handle)",
          "if (handle === 'x')",
          'provisioning/untrusted',
          'is not believed by `proconnect`',
        ),
        proof(
          'provisioning/providers/proconnect.ts',
          '.filter((one) => one?.collaborators.includes(address) === true)',
          '',
          'provisioning/untrusted',
          'is not believed by `proconnect`',
        ),
      ],
    },
    {
      threat: 'It repeats our token in an error message',
      protection: 'A message that holds the token is not shown.',
      proofs: [
        proof(
          idp,
          'const error = token !== undefined && told.includes(token) ? String(status) : told;',
          'const error = told;',
          'provisioning/registration',
          'but not our token when the server repeats it',
        ),
      ],
    },
    {
      threat: 'A public service is silent, or lies about having answered',
      protection:
        'A missing answer is never an error and never a consent: it is asked again before anything is provisioned.',
      proofs: [
        proof(
          'service/reconcile.ts',
          'if (reason !== undefined) held.set(clientKey(step), reason);',
          '',
          'service/reconcile',
          'waits while an outside check refuses, and says why',
        ),
      ],
    },
  ],
};
