/** Whoever can reach the door, or the link of a one-time page. */
import { type Actor, proof } from './model.ts';

export const stranger: Actor = {
  name: 'A stranger, and the network',
  can: 'reach the door, send anything in any quantity and as slowly as they like, record and repeat what passes where TLS does not protect it.',
  cannot:
    'have anything done, learn why they were refused, or keep others out for longer than the network itself is full. A flood of requests is for the proxy in front to slow down: Greffier only bounds what it holds.',
  threats: [
    {
      threat: 'A forged delivery: no signature, another one, SHA-1, a known word as secret',
      protection:
        'HMAC-SHA-256 of the raw bytes, compared in constant time; a refusal says nothing but 401. There is no default secret: without one of 32 characters Greffier does not start.',
      proofs: [
        proof(
          'service/door.ts',
          "if (!isSigned(read.body, signature, options.secrets)) return refuse(401, 'another signature');",
          '',
          'service/door',
          'without detail',
        ),
        proof(
          'service/signature.ts',
          'const form = /^sha256=([0-9a-f]{64})$/;',
          'const form = /^sha\\d+=([0-9a-z]*)$/;',
          'service/door',
          'without detail',
        ),
        proof(
          'service/settings.ts',
          "if (name === 'WEBHOOK_SECRET') refusals.push(refusal('webhook-secret-missing'));",
          '',
          'cli/serve',
          'a webhook secret',
        ),
        proof(
          'service/settings.ts',
          'if (text.length < shortestWebhookSecret) {',
          'if (text.length < 0) {',
          'service/settings',
          'is refused',
        ),
      ],
    },
    {
      threat: 'A delivery that is sent again',
      protection:
        'Its id is remembered for longer than GitHub can send it again: it is accepted, and does nothing.',
      proofs: [
        proof(
          'work/inbox.ts',
          'const arrivals = Array.from(first.values()).filter(({ delivery }) => ids.has(delivery.id));',
          'const arrivals = Array.from(first.values());',
          'work/inbox',
          'does nothing more for the same delivery',
        ),
      ],
    },
    {
      threat: 'A secret that was replaced is used again',
      protection: 'The previous webhook secret is accepted only while it is configured.',
      proofs: [
        proof(
          'service/signature.ts',
          'if (timingSafeEqual(own, claimed)) signed = true;',
          'signed = own.length === claimed.length;',
          'service/door',
          'refuses the previous secret once the rotation is over',
        ),
      ],
    },
    {
      threat: 'Bodies that fill the memory, with or without an announced length',
      protection: 'Counted while they come: 25 MB for one, 64 MB beyond the first for all that come at once.',
      proofs: [
        proof(
          'service/body.ts',
          'if (announced > longestBody)',
          'if (announced < 0)',
          'service/door',
          'as soon as it is announced',
        ),
        proof(
          'service/body.ts',
          'if (length > longestBody) return',
          'if (length < 0) return',
          'service/door',
          'refuses more than 25 MB by counting',
        ),
      ],
    },
    {
      threat: 'Clients that speak slowly, to hold every connection',
      protection: 'Ten seconds for the headers, thirty for the whole request.',
      proofs: [
        proof(
          'service/door.ts',
          'requestTimeout: requestWithin,',
          '',
          'service/door',
          'hangs up on those who are slow to speak',
        ),
      ],
    },
    {
      threat: 'Looking for what else is there: other routes, other methods, error messages',
      protection:
        'Six routes, each with its methods; every other answer is empty, and what went wrong is in the log only.',
      proofs: [
        proof(
          'service/door.ts',
          "if (!['/healthz', '/readyz', '/metrics'].includes(path) && known === undefined) {",
          "if (path === '/' && known === undefined) {",
          'service/door',
          'has nothing at',
        ),
        proof(
          'service/door.ts',
          "if (methods.includes(request.method ?? '')) return true;",
          'return true;',
          'service/door',
          'and says nothing about it',
        ),
        proof(
          'service/door.ts',
          'end(response, 500);',
          'end(response, 500, String(error));',
          'service/door',
          'says nothing of what went wrong behind any of its routes',
        ),
        proof(
          'service/door.ts',
          'end(response, 503);\n  }\n}',
          'end(response, 503, String(error));\n  }\n}',
          'service/door',
          'and nothing of why',
        ),
      ],
    },
    {
      threat: 'Guessing the address of a one-time page, or timing the answers',
      protection:
        'The token is 256 random bits, looked up by its SHA-256: what an answer takes tells nothing of a token that exists.',
      proofs: [
        proof(
          'handover/token.ts',
          'return randomBytes(32).toString',
          'return randomBytes(8).toString',
          'handover/page',
          'shows the keys once on the button',
        ),
      ],
    },
    {
      threat: 'Link scanners that open every address in a mail',
      protection: 'Nothing of the keys is in the answer to a GET or a HEAD; only the button shows them.',
      proofs: [
        proof(
          'handover/page.ts',
          "if (method === 'POST') {",
          "if (method !== 'HEAD') {",
          'handover/page',
          'link scanners open everything',
        ),
      ],
    },
    {
      threat: 'The link of a one-time page is read by someone else, or used again',
      protection:
        'Keys are shown once and erased; after seven days they are erased unseen; a new link ends the older ones. Someone who is faster than the applicant is noticed by the applicant, and is in the audit trail.',
      proofs: [
        proof(
          'service/handovers.ts',
          '.set({ secret: null, revealed_at: sql`now()` })',
          '.set({ name: row.name })',
          'handover/page',
          'shows the keys once on the button, and erases them',
        ),
        proof(
          'service/handovers.ts',
          "return row.expires_at.getTime() <= Date.now() ? 'expired' : undefined;",
          'return undefined;',
          'handover/page',
          'expires, and the secret is erased without having been seen',
        ),
      ],
    },
    {
      threat: 'The one-time page in a frame, in a cache, in a referrer, with a script in it',
      protection: 'Strict headers on every answer of the page; no script at all; foreign text is escaped.',
      proofs: [
        proof(
          'handover/page.ts',
          "frame-ancestors 'none'`",
          'frame-ancestors *`',
          'handover/page',
          'sends strict headers with',
        ),
        proof(
          'handover/page.ts',
          "'cache-control': 'no-store',",
          '',
          'handover/page',
          'sends strict headers with',
        ),
        proof(
          'handover/page.ts',
          'escaped(card.name)',
          'card.name',
          'handover/page',
          'shows a name as text, whatever is in it',
        ),
      ],
    },
    {
      threat: 'The database, or a copy of it, is stolen without the key',
      protection:
        'Secrets are sealed with AES-256-GCM, bound to their purpose; of a link only the hash is stored. Without `GREFFIER_KEY`, which is kept elsewhere, nothing opens.',
      proofs: [
        proof(
          'handover/keyring.ts',
          'cipher.setAAD(Buffer.from(purpose));\n      const',
          'const',
          'handover/keyring',
          'opens what it sealed, for the same purpose only',
        ),
        proof(
          'service/ledger.ts',
          'token: token === undefined ? null : this.#vault.seal(token, tokenPurpose(id)),',
          'token: token ?? null,',
          'service/provisioning-room',
          'leaves no secret in clear anywhere',
        ),
        proof(
          'handover/token.ts',
          "return createHash('sha256').update(token).digest('hex');",
          'return token;',
          'service/provisioning-room',
          'leaves no secret in clear anywhere',
        ),
      ],
    },
  ],
};
