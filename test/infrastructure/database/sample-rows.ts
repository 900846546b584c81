/**
 * A row or two of every table, of one registry at work: what an old store holds in the tests of migrations. A column
 * that the store of a version has not is left out.
 */
import { gzipSync } from 'node:zlib';
import { applicantSealingPurpose } from '#application/front-desk/applicant';
import { tokenHash } from '#application/handover/link-token';
import { parseKeyring } from '#application/handover/secrets/keyring';
import { tokenSealingPurpose } from '#application/ledger/client-mails';
import { sealingPurpose } from '#domain/provisioning/provider';

export const registry = 'org/registre';
export const commit = '1f0e7a3c5d9b2468ace013579bdf02468ace1357';
const blob = 'b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0';
/** Seals what the samples hold; of tests only. */
export const key = Buffer.alloc(32, 7).toString('base64');
export const token = 'aGFuZG92ZXItdG9rZW4tb2YtdGhlLXRlc3RzLTAxMjM';
export const secret = 'secret-of-the-samples';
/** Who asked for something at the front desk. */
export const applicant = '{"email":"camille@example.fr","siret":"21999900000017"}';
export const delivered = '{"action":"opened","pull_request":{"number":4}}';
const at = '2026-03-02T08:30:00.123456+00:00';
const later = '2126-03-02T08:30:00+00:00';
const place = { cell: 'internet/integration', id: 'agenda' } as const;

export const metadata = {
  active: true,
  client_name: 'Agenda des associations',
  redirect_uris: ['https://agenda.example.fr/retour'],
  post_logout_redirect_uris: [],
  id_token_signed_response_alg: 'RS256',
  userinfo_signed_response_alg: 'none',
  scopes: ['openid', 'email'],
  contacts: ['equipe@example.fr'],
};

type Row = Readonly<Record<string, unknown>>;

/** By table, as an archive has them. `sealed` values are new ones each time: the frozen stores keep those of their day. */
export function sampleRows(): Readonly<Record<string, readonly Row[]>> {
  const keyring = parseKeyring(key);
  if (keyring === undefined) throw new Error('not a key');
  const bytes = (text: string | Buffer): string => Buffer.from(text).toString('base64');
  const turn = { sender: '1001', turn: 3, priority: 20, installation: 1004 };
  const job = { kind: 'review', ...turn, since: at, updated_at: at };
  const waiting = { repo: registry, number: 4, installation: 1004 };
  return {
    deliveries: [
      {
        id: '0b9f3a52-0000-4000-8000-000000000001',
        event: 'pull_request',
        action: 'opened',
        installation: 1004,
        repository: registry,
        body: bytes(gzipSync(delivered)),
        received_at: at,
        state: 'accepted',
      },
      {
        id: '0b9f3a52-0000-4000-8000-000000000002',
        event: 'ping',
        body: bytes(gzipSync('{}')),
        received_at: at,
        state: 'ignored',
        reason: 'a greeting',
      },
    ],
    jobs: [
      {
        ...job,
        id: 1,
        lane: `pull:${registry}#4`,
        key: `review:${registry}#4`,
        payload: waiting,
        state: 'waiting',
        request: 'a delivery',
        ready_at: at,
        attempts: 2,
        losses: 1,
        last_error: 'HttpError: Bad Gateway',
      },
      {
        ...job,
        id: 2,
        lane: `pull:${registry}#5`,
        key: `review:${registry}#5`,
        payload: { ...waiting, number: 5 },
        state: 'dead',
        request: 'another delivery',
        ready_at: at,
        attempts: 5,
        losses: 0,
        last_error: 'poison',
      },
    ],
    pauses: [{ installation: 77, until: later, reason: 'GitHub answered 403' }],
    marks: [{ name: 'sweep', at }],
    blobs: [{ id: blob, bytes: bytes('version: 1\n'), unused_since: at }],
    registry_commits: [{ repo: registry, commit }],
    registry_files: [
      {
        repo: registry,
        path: 'service-providers/internet/integration/agenda.yaml',
        blob,
        mode: 'file',
        claims: { path: 'service-providers/internet/integration/agenda.yaml', redirectUris: [], scopes: [] },
      },
      { repo: registry, path: 'README.md', blob: '0'.repeat(40), mode: 'file', claims: null },
    ],
    pulls: [
      {
        repo: registry,
        number: 4,
        head: commit,
        read_at: '2026-03-02T08:29:00Z',
        open: true,
        comparison: { base: commit, head: commit, mergeBase: commit, files: [], complete: true },
        claims: [],
        touched: ['service-providers/internet/integration/agenda.yaml'],
        published: {
          check: { head: commit, id: 12, digest: 'd', annotations: [] },
          comment: { id: 3, digest: 'e' },
        },
      },
    ],
    known_labels: [{ repo: registry, name: 'ready' }],
    owners: [
      {
        repo: registry,
        path: 'service-providers/internet/integration/agenda.yaml',
        login: 'camille',
        account: 42,
        known: true,
      },
    ],
    last_readable: [
      { repo: registry, path: 'service-providers/internet/integration/agenda.yaml', blob, commit },
    ],
    registry_moves: [{ id: 1, repo: registry, changed: ['README.md'], moved: { claims: [] } }],
    clients: [
      {
        registry,
        ...place,
        state: 'active',
        client_id: 'client-1',
        request: null,
        account: {
          ...place,
          state: 'active',
          handle: 'client-1',
          clientId: 'client-1',
          management: keyring.seal(
            '{"uri":"https://idp.example.fr/reg/1","token":"t"}',
            sealingPurpose(place, 'management'),
          ),
          wanted: metadata,
          seen: metadata,
          unanswered: 0,
          last: { action: 'create', pull: 4 },
        },
        updated_at: at,
      },
    ],
    handovers: [
      {
        token_hash: tokenHash(token),
        registry,
        ...place,
        client_id: 'client-1',
        name: 'Agenda des associations',
        secret: keyring.seal(secret, sealingPurpose(place, 'client-secret')),
        created_at: at,
        expires_at: later,
      },
    ],
    mails: [
      {
        id: '0b9f3a52-0000-4000-8000-0000000000aa',
        registry,
        cell: place.cell,
        client: place.id,
        facts: {
          notice: 'created',
          name: 'Agenda des associations',
          to: ['equipe@example.fr'],
          clientId: 'client-1',
          handle: 'client-1',
        },
        token: keyring.seal(token, tokenSealingPurpose('0b9f3a52-0000-4000-8000-0000000000aa')),
        state: 'waiting',
        created_at: at,
      },
    ],
    shown_plans: [
      {
        registry,
        pull: 4,
        head: commit,
        client: 'internet/integration/agenda',
        digest: 'abcdef',
        step: { action: 'create' },
        shown_at: at,
      },
    ],
    confirmations: [{ registry, digest: 'abcdef', by: 'dominique', at }],
    reconciliations: [{ registry, commit, at }],
    origins: [
      {
        registry,
        client: 'internet/integration/agenda',
        blob,
        commit,
        pull: 4,
        head: commit,
        word: 'pull',
        author: '7',
      },
      {
        registry,
        client: 'internet/integration/retire',
        blob: null,
        commit,
        pull: null,
        head: null,
        word: 'push',
        author: null,
      },
    ],
    served_cells: [{ registry, cell: place.cell }],
    confirmable: [{ registry, digest: 'abcdef', author: '7' }],
    merges: [
      {
        registry,
        pull: 4,
        commit,
        facts: { author: 'camille', approvedBy: ['dominique'] },
        published: 'abc',
        deployments: { 'internet-integration': { id: 9, state: 'success' } },
      },
    ],
    topics: [{ registry, topic: 'drift internet/integration', issue: 6, digest: 'abc' }],
    outside_answers: [{ question: 'siret 21999900000017', answer: { found: false }, at }],
    audit: [
      { number: 1, at, registry, cell: place.cell, client: place.id, entry: { ...place, what: 'create' } },
    ],
    repositories: [{ id: '700123456', registry, name: 'org/proconnect', installation: 1004, seen_at: at }],
    drift: [{ registry, cell: place.cell, clients: 1 }],
    requests: [
      {
        number: 1,
        id: '0b9f3a52-0000-4000-8000-0000000000bb',
        registry,
        person: 'a'.repeat(64),
        applicant: keyring.seal(applicant, applicantSealingPurpose('0b9f3a52-0000-4000-8000-0000000000bb')),
        path: 'service-providers/internet/integration/agenda.yaml',
        wanted: 'version: 1\n',
        base: commit,
        base_blob: commit,
        made: 'b'.repeat(64),
        branch: 'demande/1-agenda',
        commit,
        commits: [commit],
        shared: false,
        state: 'open',
        pull: 5,
        review: { head: commit, conclusion: 'success' },
        talk: [],
        told: {},
        created_at: at,
        state_at: at,
      },
    ],
    request_answers: [
      { id: '0b9f3a52-0000-4000-8000-0000000000cc', request: 1, text: 'Oui', posted: true, at },
    ],
    used_sign_ins: [{ state: 'abc', at }],
    cell_servers: [{ registry, cell: place.cell, server: 'registration https://idp.example.fr', at }],
  };
}
