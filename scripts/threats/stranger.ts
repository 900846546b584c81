/** Whoever can reach the HTTP server, or the link of a one-time page. */
import { byAnswers } from './answers.ts';
import { proof, type ThreatActor } from './model.ts';

export const stranger: ThreatActor = {
  name: 'A stranger, and the network',
  can: 'reach the server, send anything in any quantity and as slowly as they like, record and repeat what passes where TLS does not protect it.',
  cannot:
    'have anything done, learn why they were refused, or keep others out for longer than the network itself is full. A flood of requests is for the proxy in front to slow down: Greffier only bounds what it holds.',
  threats: [
    {
      threat: 'A forged delivery: no signature, another one, SHA-1, a known word as secret',
      protection:
        'HMAC-SHA-256 of the raw bytes, compared in constant time; a refusal says nothing but 401. There is no default secret: without one of 32 characters Greffier does not start.',
      proofs: [
        proof(
          'http/webhook/route.ts',
          "if (!isSigned(body, signature, secrets)) return { status: 401, reason: 'another signature' };",
          '',
          'http/server',
          'without detail',
        ),
        proof(
          'http/webhook/signature.ts',
          'const form = /^sha256=([0-9a-f]{64})$/;',
          'const form = /^sha\\d+=([0-9a-z]*)$/;',
          'http/server',
          'without detail',
        ),
        proof(
          'base/config/environment.ts',
          "if (name === 'WEBHOOK_SECRET') errors.push(startupError('webhook-secret-missing'));",
          '',
          'cli/serve',
          'a webhook secret',
        ),
        proof(
          'base/config/environment.ts',
          'if (text.length < minWebhookSecretLength) {',
          'if (text.length < 0) {',
          'base/config/environment',
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
          'infrastructure/queue/inbox.ts',
          'wanted.filter(({ request }) => ids.has(request)),',
          'wanted,',
          'infrastructure/queue/inbox',
          'does nothing more for the same delivery',
        ),
      ],
    },
    {
      threat:
        'A delivery that was recorded, sent again under another id, which GitHub does not sign: a command that somebody gave once is done once more, its answer being deleted by now',
      protection:
        'Events only say “look now”, but for commands: the comment that gives one is remembered once all of it was done, for longer than a comment counts after it was written (seven days).',
      proofs: [
        proof(
          'application/pull-requests/run-commands.ts',
          'if (await areCommandsDone(kept)) return undefined;',
          '',
          'application/pull-requests/run-commands',
          'are done once for good',
        ),
        proof(
          'application/pull-requests/handlers.ts',
          'if (isOfLongAgo(comment, job.since)) {',
          'if (false) {',
          'application/pull-requests/handlers',
          'takes no command of long before it was delivered',
        ),
      ],
    },
    {
      threat: 'A secret that was replaced is used again',
      protection: 'The previous webhook secret is accepted only while it is configured.',
      proofs: [
        proof(
          'http/webhook/signature.ts',
          'if (timingSafeEqual(own, claimed)) signed = true;',
          'signed = own.length === claimed.length;',
          'http/server',
          'refuses the previous secret once the rotation is over',
        ),
      ],
    },
    {
      threat: 'Bodies that fill the memory, with or without an announced length',
      protection:
        'Counted while they come: 25 MB for one, 64 MB for all at once, to the last byte and piece. When there are more, the one that has been coming the longest goes: GitHub’s come within a moment.',
      proofs: [
        proof(
          'http/request-body.ts',
          'if (announced > limits.one)',
          'if (announced < 0)',
          'http/server',
          'as soon as it is announced',
        ),
        proof(
          'http/webhook/route.ts',
          "if (typeof signature !== 'string') return { status: 401, reason: 'no signature' };",
          '',
          'http/server',
          'does not wait for the body of a request',
        ),
        proof(
          'http/request-body.ts',
          'if (length > limits.one) {',
          'if (length < 0) {',
          'http/server',
          'refuses more than 25 MB by counting',
        ),
        proof(
          'http/request-body.ts',
          'if (this.#held <= limits.held) break;',
          'break;',
          'http/server',
          'counts every byte of every body that is held open',
        ),
        proof(
          'http/request-body.ts',
          'oldest.giveUp();',
          'body.giveUp();',
          'http/server',
          'gives up those that have been held open the longest',
        ),
        proof(
          'http/request-body.ts',
          'const pieceBytes = 256;',
          'const pieceBytes = 0;',
          'http/server',
          'counts what it costs to hold many small pieces',
        ),
      ],
    },
    {
      threat:
        'A delivery that the store has no place for, among those of other people: a NUL, a number out of range',
      protection:
        'What is no text for the store is replaced where it is written; a number that it would not give back (the queue with it) is none; a batch that is refused for what one delivery says is kept one by one, and that one as bytes, told once.',
      proofs: [
        proof(
          'infrastructure/database/storable-json.ts',
          'if (!unstorable.test(json)) return json;',
          'return json;',
          'infrastructure/queue/inbox',
          'does what a comment with',
        ),
        proof(
          'infrastructure/queue/inbox.ts',
          'for (const each of together) await this.#keep([each]);',
          'for (const { settle } of together) settle.reject(error);',
          'infrastructure/queue/inbox',
          'and its neighbours with their work',
        ),
        proof(
          'http/webhook/payload.ts',
          'return Number.isSafeInteger(this.#value) ? (this.#value as number) : undefined;',
          "return typeof this.#value === 'number' ? this.#value : undefined;",
          'http/event-routing',
          'counts by no number that no store gives back',
        ),
        proof(
          'application/mirror/owner-accounts.ts',
          'names.filter(isLogin).map(',
          'names.map(',
          'application/mirror/owner-accounts',
          'do not keep the registry from being read',
        ),
      ],
    },
    {
      threat:
        'Clients that speak slowly, or do not listen, to hold every connection, the memory, or the process when it stops',
      protection:
        'Ten seconds for the headers, thirty for the whole request, a minute until its answer is taken; a hundred requests a connection; whoever is still there when the time to stop is over is hung up on.',
      proofs: [
        proof(
          'http/server.ts',
          "server.on('request', (request, response) => hangUpOnUntaken(request, response, answerTimeoutMs));",
          '',
          'http/connections',
          'is hung up on when it does not take its answer',
        ),
        proof(
          'http/server.ts',
          'server.maxRequestsPerSocket = maxRequestsPerConnection;',
          '',
          'http/connections',
          'is answered a hundred times at most',
        ),
        proof(
          'http/server.ts',
          'const hangUp = setTimeout(() => server.closeAllConnections(), milliseconds);',
          'const hangUp = setTimeout(() => undefined, milliseconds);',
          'http/connections',
          'does not keep the process from ending',
        ),
        proof(
          'http/server.ts',
          'headersTimeout: headersTimeoutMs,',
          '',
          'http/server',
          'waits less for the headers than for the whole request',
        ),
        proof(
          'http/server.ts',
          'requestTimeout: requestTimeoutMs,',
          '',
          'http/server',
          'hangs up on those who are slow to speak',
        ),
      ],
    },
    {
      threat:
        'A few bytes that ask for the longest answers, a hundred at once on each connection, and are never read: gigabytes are held for them',
      protection:
        'Of one connection an answer is made once the one before it was taken; all together hold 64 MB, beyond which whoever has not taken theirs the longest is hung up on; and the longest, the catalogue, is written once for all.',
      proofs: [
        proof(
          'http/held-answers.ts',
          'if (waiting !== undefined) waiting.push(answer);',
          'if (waiting !== undefined) answer();',
          'http/connections',
          'has no answer made before the one before it was taken',
        ),
        proof(
          'http/held-answers.ts',
          'if (held <= this.#limit) break;',
          'if (held < Number.POSITIVE_INFINITY) break;',
          'http/connections',
          'that has not taken its answer the longest is hung up on',
        ),
      ],
    },
    {
      threat: 'Looking for what else is there: other routes, other methods, error messages',
      protection:
        'Six routes, each with its methods; every other answer is empty, and what went wrong is in the log only.',
      proofs: [
        proof('http/server.ts', '{ getPath: pathAsWritten }', '', 'http/server', 'as it is written'),
        proof('http/server.ts', 'app.notFound(() => answer(404));', '', 'http/server', 'has nothing at'),
        proof(
          'http/operator-routes.ts',
          "    .on(['ALL'], ['/healthz', '/readyz', '/metrics'], methodNotAllowed('GET, HEAD'));",
          '    ;',
          'http/server',
          'and says nothing about it',
        ),
        proof(
          'http/server.ts',
          'return answer(500);',
          'return answer(500, String(error));',
          'http/server',
          'says nothing of what went wrong behind any of its routes',
        ),
        proof(
          'http/webhook/route.ts',
          "outgoing.writeHead(status, { 'content-length': 0 }).end();",
          'outgoing.writeHead(status).end(String(status));',
          'http/server',
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
          'application/handover/link-token.ts',
          'return randomBytes(32).toString',
          'return randomBytes(8).toString',
          'application/handover/one-time-page',
          'shows the keys once on the button',
        ),
      ],
    },
    {
      threat: 'Link scanners that open every address in a mail',
      protection: 'Nothing of the keys is in the answer to a GET or a HEAD; only the button shows them.',
      proofs: [
        proof(
          'application/handover/one-time-page.ts',
          "if (method === 'POST') {",
          "if (method !== 'HEAD') {",
          'application/handover/one-time-page',
          'link scanners open everything',
        ),
      ],
    },
    {
      threat:
        'Whoever is on the way to the mail server takes its offer of STARTTLS away, to be told the account and every link to keys in clear',
      protection:
        'An account is told to another machine encrypted only, and by a certificate that names it; without, mails wait, and `doctor` and the log say so. A relay without an account encrypts where the operator says so.',
      proofs: [
        proof(
          'infrastructure/mail/smtp.ts',
          '...(mustEncrypt(new URL(options.url)) && { requireTLS: true }),',
          '',
          'infrastructure/mail/encryption',
          'is told neither the account nor a mail',
        ),
        proof(
          'infrastructure/mail/smtp-probe.ts',
          "if (!isOffered && mustEncrypt(target)) throw new SmtpRefusal('encryption', 'STARTTLS');",
          '',
          'infrastructure/mail/encryption',
          'is found out by looking',
        ),
      ],
    },
    {
      threat: 'The link of a one-time page is read by someone else, or used again',
      protection:
        'Keys are shown once and erased; after seven days they are erased unseen; a new link ends the older ones, and so does a change by which its reader is no contact any more, or the client sleeps. Someone who is faster than the applicant is noticed by the applicant, and is in the audit trail.',
      proofs: [
        proof(
          'application/ledger/links.ts',
          "return state === 'inactive' || !linkSentTo.every((address) => wanted?.contacts.includes(address));",
          "return state === 'inactive';",
          'application/handover/former-contacts',
          'no longer works once its reader is no contact any more',
        ),
        proof(
          'application/ledger/links.ts',
          "return state === 'inactive' || !linkSentTo.every((address) => wanted?.contacts.includes(address));",
          'return !linkSentTo.every((address) => wanted?.contacts.includes(address));',
          'application/handover/former-contacts',
          'no longer works while the client sleeps',
        ),
        proof(
          'application/handover/handover-store.ts',
          '.set({ secret: null, revealed_at: now })',
          '.set({ name: row.name })',
          'application/handover/one-time-page',
          'shows the keys once on the button, and erases them',
        ),
        proof(
          'application/handover/handover-store.ts',
          "return row.expires_at.getTime() <= Date.now() ? 'expired' : undefined;",
          'return undefined;',
          'application/handover/one-time-page',
          'expires, and the secret is erased without having been seen',
        ),
      ],
    },
    {
      threat: 'Whoever opened a one-time page first keeps keys that the applicant is then given as well',
      protection:
        'No link is made to a secret that one has shown, whoever asks and however: all links are made in one place, which knows every secret that was shown by its mark, and waits for whoever presses the button at that moment. The way on is another client with keys of its own (`/greffier rotate`), by a writer, once; the former links end, and the former client is closed once the new keys were read, or at once. Whoever still has the account of before in hand does not bring its client back.',
      proofs: [
        proof(
          'application/ledger/links.ts',
          'if (await wereShown(transaction, registry, client)) return false;',
          '',
          'application/handover/shown-keys',
          'make no second link, though everything else asked for one',
        ),
        proof(
          'application/ledger/links.ts',
          'return shown.some((row) => mark === undefined || row.secret_mark === null || row.secret_mark === mark);',
          'return shown.some((row) => row.secret_mark === mark);',
          'application/reconciliation/replace-client',
          'were shown by an earlier version, which noted no mark: not handed over either',
        ),
        proof(
          'application/ledger/links.ts',
          "if (event?.what === 'replaced') {",
          'if (event === undefined) {',
          'application/reconciliation/replace-client',
          'end their link with the client, opened or not',
        ),
        proof(
          'application/ledger/sql-ledger.ts',
          'if (isReplacedIn(present, given)) return this.#keepMeans(transaction, present, given);',
          '',
          'application/reconciliation/replace-client',
          'are not brought back by whoever read the account before',
        ),
        proof(
          'application/reconciliation/replace-client.ts',
          "return state === 'active' && intent === undefined && readAt !== undefined && now - readAt >= delay;",
          "return state === 'active' && intent === undefined;",
          'application/reconciliation/replace-client',
          'are replaced with their client, which works until the others were read',
        ),
      ],
    },
    {
      threat: 'The one-time page in a frame, in a cache, in a referrer, with a script in it',
      protection: 'Strict headers on every answer of the page; no script at all; foreign text is escaped.',
      proofs: [
        proof(
          'application/handover/one-time-page.ts',
          "frame-ancestors 'none'`",
          'frame-ancestors *`',
          'application/handover/one-time-page',
          'sends strict headers with',
        ),
        proof(
          'application/handover/one-time-page.ts',
          "'cache-control': 'no-store',",
          '',
          'application/handover/one-time-page',
          'sends strict headers with',
        ),
        proof(
          'application/handover/one-time-page.ts',
          'quoteHtml(summary.name)',
          'summary.name',
          'application/handover/one-time-page',
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
          'application/handover/secrets/keyring.ts',
          'cipher.setAAD(Buffer.from(purpose));\n      const',
          'const',
          'application/handover/keyring',
          'opens what it sealed, for the same purpose only',
        ),
        proof(
          'application/ledger/client-mails.ts',
          'token: token === undefined ? null : vault.seal(token, tokenSealingPurpose(id)),',
          'token: token ?? null,',
          'application/reconciliation/setup',
          'leaves no secret in clear anywhere',
        ),
        proof(
          'application/handover/link-token.ts',
          "return createHash('sha256').update(token).digest('hex');",
          'return token;',
          'application/reconciliation/setup',
          'leaves no secret in clear anywhere',
        ),
      ],
    },
    ...byAnswers,
  ],
};
