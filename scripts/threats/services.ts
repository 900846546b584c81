/** The services that Greffier asks. */
import { proof, type ThreatActor } from './model.ts';

const idp = 'infrastructure/identity-providers/registration/provider.ts';
const management = 'infrastructure/identity-providers/registration/management.ts';

export const services: ThreatActor = {
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
          "if (issued.value.management === undefined) return failure('management-missing', { issuer });",
          '',
          'infrastructure/identity-providers/registration',
          'refuses a server that gives no way to manage the client',
        ),
        proof(
          'infrastructure/identity-providers/proconnect/wire-format.ts',
          "if (!isJsonObject(body) || typeof body._id !== 'string' || typeof body.key !== 'string') return undefined;",
          'if (!isJsonObject(body)) return undefined;',
          'infrastructure/identity-providers/untrusted',
          'makes no client',
        ),
      ],
    },
    {
      threat:
        'Its last answer was lost, and with it the way to manage the client; since then the definition has changed',
      protection:
        'That a redirect URI is accepted shows an attempt at this very step complete, and nothing of another: the client is told as lost, and its keys go to none of the new contacts.',
      proofs: [
        proof(
          'application/reconciliation/step-run.ts',
          'this.triedBefore = before.intent?.digest === step.digest;',
          'this.triedBefore = before.intent !== undefined;',
          'application/reconciliation/authority',
          'is not taken for what it was asked to become since a kill hid it',
        ),
      ],
    },
    {
      threat: 'It answers without end',
      protection:
        'Every answer is read up to a length: 1 MB of a provider, 64 MB of its list of clients (of which one is 1 MB at most), 2 MB of a public service.',
      proofs: [
        proof(
          'infrastructure/http-client/bounded-body.ts',
          'if (size > maxBytes) return undefined;',
          '',
          'infrastructure/identity-providers/untrusted',
          'is read no further than a bounded length',
        ),
        proof(
          'infrastructure/identity-providers/http.ts',
          'readBoundedText(response.body, maxBodyBytes)',
          'response.text()',
          'infrastructure/identity-providers/untrusted',
          'is read no further than a bounded length',
        ),
        proof(
          'infrastructure/http-client/json-list.ts',
          "if (size > maxBytes) return { kind: 'too-long' };",
          '',
          'infrastructure/http-client/json-list',
          'reads no further than it is told, of the whole and of one item',
        ),
        proof(
          'infrastructure/lookups/throttled-client.ts',
          'readBoundedText(response.body, maxBodyBytes)',
          'response.text()',
          'infrastructure/identity-providers/untrusted',
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
          'infrastructure/identity-providers/http.ts',
          "redirect: 'manual',",
          "redirect: 'follow',",
          'infrastructure/identity-providers/untrusted',
          'is not followed, and takes no token with it',
        ),
        proof(
          'infrastructure/identity-providers/redirect-uri-probe.ts',
          "redirect: 'manual',",
          "redirect: 'follow',",
          'infrastructure/identity-providers/untrusted',
          'is not followed by the probe',
        ),
        proof(
          'infrastructure/lookups/throttled-client.ts',
          "redirect: 'error',",
          "redirect: 'follow',",
          'infrastructure/identity-providers/untrusted',
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
          'infrastructure/identity-providers/registration/discovery.ts',
          'if (endpoint === undefined || isTrustedEndpoint(endpoint, url)) continue;',
          'continue;',
          'infrastructure/identity-providers/untrusted',
          'is refused in words, and nothing is asked there',
        ),
        proof(
          management,
          'if (uri !== undefined && !this.#isTrusted(uri))',
          "if (uri === '7')",
          'infrastructure/identity-providers/untrusted',
          'is refused in words, and nothing is asked there',
        ),
        proof(
          'infrastructure/identity-providers/registration/discovery.ts',
          'if (body.issuer !== issuer)',
          'if (body.issuer === 7)',
          'infrastructure/identity-providers/registration',
          'refuses a description that names another issuer',
        ),
      ],
    },
    {
      threat: 'Its list of clients ends before its end, so that clients seem to be gone',
      protection:
        'A list that was cut off, or is longer than is read, says nothing: the call failed. Nor is a client gone for not being listed: it is read by itself.',
      proofs: [
        proof(
          'infrastructure/http-client/json-list.ts',
          "return splitter.state === 'in' ? { kind: 'cut-off' } : { kind: 'other', text: splitter.rest() };",
          "return splitter.state === 'in' ? { kind: 'list' } : { kind: 'other', text: splitter.rest() };",
          'infrastructure/http-client/json-list',
          'never takes a list that was cut off for one that ended',
        ),
      ],
    },
    {
      threat: 'It has clients with Greffier’s address that are no definition’s, and nobody knows of them',
      protection:
        'What a sweep lists and nothing ties to a definition is told in the issue of the cell and counted as drift, once, and neither taken nor touched.',
      proofs: [
        proof(
          'application/reconciliation/unknown-clients.ts',
          'return { count: unknown.length, first };',
          'return { count: 0, first: [] };',
          'application/reconciliation/partner-clients',
          'that carries our address and is nobody’s is told once',
        ),
      ],
    },
    {
      threat: 'It answers with the client, or the secret, of someone else',
      protection:
        'An answer about any other client than the one that was asked for is not believed; nothing of it is kept. What answers a creation carries its mark, where there is room for one, and is recorded for no other definition; which client a definition has never changes.',
      proofs: [
        proof(
          'application/reconciliation/create-client.ts',
          'if (holder === undefined) return { ok: true, value: withNewClient(account, client) };',
          'return { ok: true, value: withNewClient(account, client) };',
          'application/reconciliation/partner-clients',
          'that is recorded for another definition is not taken',
        ),
        proof(
          'infrastructure/identity-providers/proconnect/provider.ts',
          'if (!made.value.collaborators.includes(markOf(attempt)))',
          'if (markOf(attempt) === "")',
          'application/reconciliation/partner-clients',
          'that is recorded for another definition is not taken',
        ),
        proof(
          'application/reconciliation/kept-account.ts',
          'if (client.handle === handle && client.clientId === clientId) return undefined;',
          'if (client.handle === handle) return undefined;',
          'application/reconciliation/partner-clients',
          'that is given another id under the same handle is lost and told',
        ),
        proof(
          management,
          "return isJsonObject(body) && typeof body.client_id === 'string' && body.client_id !== clientId;",
          'return clientId === body;',
          'infrastructure/identity-providers/untrusted',
          'is not believed by `registration`',
        ),
        proof(
          'infrastructure/identity-providers/proconnect/provider.ts',
          "if (handle !== '' && client.handle !== handle)",
          "if (handle === 'x')",
          'infrastructure/identity-providers/untrusted',
          'is not believed by `proconnect`',
        ),
        proof(
          'infrastructure/identity-providers/proconnect/provider.ts',
          '.filter((one) => one?.collaborators.includes(address) === true)',
          '',
          'infrastructure/identity-providers/untrusted',
          'is not believed by `proconnect`',
        ),
      ],
    },
    {
      threat:
        'It answers a creation by what it answered another one: of another registry, of a client that is gone (`Idempotency-Key`)',
      protection:
        'Each attempt has a random key, written in the ledger before: the same as long as its answer is lost, another once there is one.',
      proofs: [
        proof(
          idp,
          'JSON.stringify(attempt.key)',
          'JSON.stringify(ref.id)',
          'application/reconciliation/creation-attempts',
          'gives two registries two clients',
        ),
        proof(
          'application/reconciliation/creation-attempt.ts',
          'return withNewKey(isUnsure ? { ...counted, unanswered: before.unanswered } : before);',
          'return isUnsure ? { ...counted, unanswered: before.unanswered } : before;',
          'application/reconciliation/creation-attempts',
          'which it would repeat for ever',
        ),
      ],
    },
    {
      threat: 'It repeats a secret in an error message, or anywhere else: whole, in part, encoded',
      protection:
        'Every answer goes through one place before anything sees it: what is named a secret can only be asked for as one, no other text holds it, and an error shows nothing that looks like a key and was not in the request.',
      proofs: [
        proof(
          'infrastructure/identity-providers/http.ts',
          'return { read: withoutSecrets(parseJson(text), answerContext(request, response.ok)) };',
          'return { read: parseJson(text) };',
          'infrastructure/identity-providers/redaction',
          'holds no secret that was sent',
        ),
        proof(
          'infrastructure/identity-providers/http.ts',
          'items.push(withoutSecrets(item, context));',
          'items.push(item);',
          'infrastructure/identity-providers/redaction',
          'holds no secret in any item of a list',
        ),
        proof(
          'infrastructure/identity-providers/redaction.ts',
          'return mixed && !context.sent.includes(word) ? redactedMark : word;',
          'return word;',
          'infrastructure/identity-providers/redaction',
          'no key that was given long ago',
        ),
        proof(
          'infrastructure/identity-providers/redirect-uri-probe.ts',
          'errorCode.test(error) ? error :',
          'true ? error :',
          'infrastructure/identity-providers/redaction',
          'takes nothing for an error code that is none',
        ),
      ],
    },
    {
      threat: 'It gives another token or secret with any answer, or each time that it is asked',
      protection:
        'What an answer renews is on durable storage before anything else is made of it. Drift is put right once: what comes back is told, and left; a secret that is renewed unasked is mailed once a day.',
      proofs: [
        proof(
          management,
          'if (Object.keys(renewed).length > 0) await keep(renewed);',
          '',
          'application/reconciliation/providers',
          'is kept: a registration token of each read',
        ),
        proof(
          'domain/provisioning/approval-gate.ts',
          'return repaired === undefined || (repaired.digest !== step.digest && now - repaired.at >= repairPauseMs);',
          'return repaired === undefined || now > 0;',
          'application/reconciliation/providers',
          'does not repair again what does not take',
        ),
        proof(
          'application/reconciliation/refresh-account.ts',
          'if (!isRenewed || (renewedAt !== undefined && now() - renewedAt < renewalPauseMs))',
          'if (!isRenewed)',
          'application/reconciliation/providers',
          'is handed over: a secret, once a day',
        ),
      ],
    },
    {
      threat: 'It says that a client is gone, or that it did what it did not',
      protection:
        'A client that the provider says it knows nothing of is gone when it lets nobody in any more, and, where it can be switched off, when its deletion was sent while we saw it; a page of a gateway says nothing. Where people are sent, and how tokens are signed, must be as it was asked for before keys are handed over.',
      proofs: [
        proof(
          'application/reconciliation/remove-client.ts',
          'const gone = removed.lost === true ? await isGone(run.deps, now) : false;',
          'const gone = removed.lost === true;',
          'application/reconciliation/providers',
          'is not done because the provider no longer knows our token',
        ),
        proof(
          'application/reconciliation/gone.ts',
          'if (provider.dormantUri === undefined && (deletionSent !== true || probe === undefined))',
          'if (provider.dormantUri === undefined) return true; if (probe === undefined)',
          'application/reconciliation/partner-clients',
          'that hides is not taken for deleted, though its deletion was begun',
        ),
        proof(
          'application/reconciliation/update-client.ts',
          'if (differing.length === 0) return run.done(updated, wanted);',
          'return run.done(updated, wanted);',
          'application/reconciliation/providers',
          'is not reported as done',
        ),
      ],
    },
    {
      threat: 'It is dead, or so slow that the other cells would wait for it',
      protection:
        'Cells are asked side by side, each for a bounded time; a provider that twice did not answer, about different clients, is not asked again in that run.',
      proofs: [
        proof(
          'application/reconciliation/provider-health.ts',
          "if (outcome.fault === 'provider' || this.#inARow >= maxFailures) this.#isDown = true;",
          '',
          'application/reconciliation/providers',
          'a dead provider holds up nobody',
        ),
      ],
    },
    {
      threat: 'A public service is silent, or lies about having answered',
      protection:
        'A missing answer is never an error and never a consent: it is asked again, and what depends on it waits, unless a writer confirms that very step without it. Where there is no account, nothing is asked.',
      proofs: [
        proof(
          'application/reconciliation/recheck-steps.ts',
          "return taken === 'all' || decisions.every((one) => taken?.includes(one));",
          'return taken !== decisions;',
          'application/reconciliation/reconcile',
          'waits for a person to decide what the review that was merged did not show',
        ),
        proof(
          'application/pull-requests/merge-by-itself.ts',
          'if (review.unanswered)',
          'if (review.files.length < 0)',
          'application/pull-requests/merging',
          'waits for a public service that is silent',
        ),
        proof(
          'application/reconciliation/recheck-steps.ts',
          "held.set(clientKey(step), kind === 'refused' ? text : unansweredText(kind, text, step, deps.language));",
          '',
          'application/reconciliation/reconcile',
          'waits while an outside check refuses, and says why',
        ),
        proof(
          'application/reconciliation/recheck-steps.ts',
          "if (kind !== 'refused' && confirmed.has(step.digest)) continue;",
          "if (kind === 'silent') continue;",
          'application/reconciliation/reconcile',
          'waits while a public service is silent',
        ),
        proof(
          'application/reconciliation/recheck-steps.ts',
          "if (kind !== 'refused' && confirmed.has(step.digest)) continue;",
          'if (confirmed.has(step.digest)) continue;',
          'application/reconciliation/reconcile',
          'waits while a public service is silent',
        ),
        proof(
          'infrastructure/lookups/datapass.ts',
          "if (typeof value !== 'string') return client.answer<DatapassRecord>(question, value, undefined);",
          "if (typeof value !== 'string') return { ok: false, reason: 'unconfigured' };",
          'infrastructure/lookups/lookups',
          'no answer, which is no consent',
        ),
        proof(
          'application/lookups/answer-cache.ts',
          '{ found: 5 * minute, missing: 0, standsIn: freshness.found }',
          '{ found: 5 * minute, missing: 0, standsIn: maxStaleMs }',
          'infrastructure/lookups/lookups',
          'are used with their age',
        ),
      ],
    },
  ],
};
