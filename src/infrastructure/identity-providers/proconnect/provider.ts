/**
 * ProConnect's partner API, which serves integration on Internet.
 *
 * The API knows a caller by an e-mail address that any holder of the secret may assert, and shows it the clients
 * that have this address among their collaborators. So every client carries two addresses of Greffier's own, under
 * a domain that the operator chose: `<id>@<domain>` finds the client of one definition, even one whose creation
 * was never recorded; one common address lists them all. (An id never holds a dot: the two cannot be confused.)
 *
 * Collaborators read their keys themselves in the partner portal, so that no secret has to be kept or sent: the
 * secret that is in every response is dropped where the response is read.
 */

import { governedBy } from '#domain/provisioning/client-metadata';
import { gone, hitch, refusal, sentence } from '#domain/provisioning/messages';
import type {
  ActualClient,
  ClientMetadata,
  HeldClient,
  Issued,
  Outcome,
  Provider,
  ProviderFailure,
  Subject,
} from '#domain/provisioning/provider';
import { type Answer, busy, exchange, type Fetch } from '#infrastructure/identity-providers/http';
import { signatureHeaders } from './signature.ts';
import {
  type PartnerClient,
  partnerBody,
  partnerClient,
  partnerDetail,
  partnerProblems,
} from './wire-format.ts';

export interface ProconnectOptions {
  readonly cell: Provider['cell'];
  /** The origin of the API, and the path before `/api` where there is one. */
  readonly url: string;
  readonly secret: string;
  /** The domain of Greffier's own addresses. */
  readonly identityDomain: string;
  readonly fetch: Fetch;
  /** Milliseconds since 1970: the API takes a call within five minutes of its own clock. */
  readonly now: () => number;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export function proconnectProvider(options: ProconnectOptions): Provider {
  const everyone = `greffier.registre@${options.identityDomain}`;
  const addressOf = (subject: Subject): string => `${subject.id}@${options.identityDomain}`;
  const ours = (address: string): boolean => address.endsWith(`@${options.identityDomain}`);
  const root = options.url.replace(/\/$/, '');

  function call(method: Method, handle: string, as: string, body?: string): Promise<Outcome<Answer>> {
    // No slash at the end: that is another route. The address is encoded: a bare `+` would be read as a space.
    const path = handle === '' ? '' : `/${encodeURIComponent(handle)}`;
    const url = new URL(`${root}/api/oidc_clients${path}?email=${encodeURIComponent(as)}`);
    const request = {
      method,
      url,
      at: Math.floor(options.now() / 1000),
      ...(body === undefined ? {} : { body }),
    };
    return exchange(options.fetch, {
      method,
      url,
      headers: {
        ...signatureHeaders(request, options.secret),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    });
  }

  async function listAs(address: string): Promise<Outcome<readonly PartnerClient[]>> {
    const answer = await call('GET', '', address);
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (status !== 200 || !Array.isArray(body)) return inWords(root, answer.value);
    // What the API should not have shown is nobody of ours: adopting it would overwrite someone else's client.
    const clients = body
      .map((one) => partnerClient(one, ours))
      .filter((one) => one?.collaborators.includes(address) === true)
      .filter((one) => one !== undefined);
    return { ok: true, value: clients };
  }

  /** The one client of a call's answer; undefined for a 404, which also means "not a collaborator". */
  async function one(
    method: 'GET' | 'PATCH' | 'POST',
    handle: string,
    as: string,
    body?: string,
  ): Promise<Outcome<PartnerClient | undefined>> {
    const answer = await call(method, handle, as, body);
    if (!answer.ok) return answer;
    if (answer.value.status === 404 && handle !== '') return { ok: true, value: undefined };
    if (answer.value.status !== 200) return inWords(root, answer.value);
    const client = partnerClient(answer.value.body, ours);
    const { host } = new URL(root);
    if (client === undefined) return refusal('not-json', { host, status: answer.value.status });
    // An answer about any other client is not believed.
    if (handle !== '' && client.handle !== handle)
      return refusal('another-client', { host, clientId: handle });
    return { ok: true, value: client };
  }

  function collaboratorsOf(subject: Subject, wanted: Partial<ClientMetadata>): readonly string[] {
    return [...(wanted.contacts ?? []), addressOf(subject), everyone];
  }

  /**
   * Sees a client, and when a person has taken Greffier off its collaborators (an edit in the portal is enough), sees
   * it as one of the declared contacts and puts Greffier's addresses back, with everything else as it stands.
   */
  async function see(
    subject: Subject,
    client: HeldClient,
    contacts: readonly string[],
  ): Promise<Outcome<PartnerClient | undefined>> {
    const mine = [everyone, addressOf(subject)];
    for (const as of [...mine, ...contacts]) {
      const seen = await one('GET', client.handle, as);
      if (!seen.ok) return seen;
      if (seen.value === undefined) continue;
      if (mine.every((address) => seen.value?.collaborators.includes(address))) return seen;
      const collaborators = JSON.stringify({ collaborators: [...seen.value.collaborators, ...mine] });
      return one('PATCH', client.handle, as, collaborators);
    }
    return { ok: true, value: undefined };
  }

  const hidden = (subject: Subject, client: HeldClient) => ({
    clientId: client.clientId,
    address: addressOf(subject),
  });

  async function put(
    subject: Subject,
    client: HeldClient,
    wanted: ClientMetadata,
  ): Promise<Outcome<PartnerClient | undefined>> {
    return one('PATCH', client.handle, everyone, partnerBody(wanted, collaboratorsOf(subject, wanted)));
  }

  return {
    kind: 'proconnect',
    cell: options.cell,
    governs: governedBy.proconnect,
    async find(subject) {
      const found = await listAs(addressOf(subject));
      if (!found.ok) return found;
      const oldestFirst = (a: PartnerClient, b: PartnerClient): number =>
        (a.createdAt ?? 0) - (b.createdAt ?? 0) || (a.handle < b.handle ? -1 : 1);
      return { ok: true, value: found.value.toSorted(oldestFirst).map(publicPart) };
    },
    async list() {
      const all = await listAs(everyone);
      return all.ok ? { ok: true, value: all.value.map(publicPart) } : all;
    },
    async read(subject, client) {
      const seen = await see(subject, client, client.metadata.contacts ?? []);
      if (!seen.ok) return seen;
      if (seen.value === undefined)
        return {
          ok: true,
          value: { kind: 'hidden', message: sentence('partner-hidden', hidden(subject, client)) },
        };
      return { ok: true, value: { kind: 'here', client: publicPart(seen.value) } };
    },
    async create(subject, wanted) {
      const made = await one('POST', '', everyone, partnerBody(wanted, collaboratorsOf(subject, wanted)));
      if (!made.ok) return made;
      return made.value === undefined
        ? refusal('partner-absent', { url: root })
        : { ok: true, value: issued(made.value) };
    },
    async update(subject, client, wanted) {
      const first = await put(subject, client, wanted);
      if (!first.ok) return first;
      if (first.value !== undefined) return { ok: true, value: issued(first.value) };
      const contacts = [...new Set([...wanted.contacts, ...(client.metadata.contacts ?? [])])];
      const seen = await see(subject, client, contacts);
      if (!seen.ok) return seen;
      const second = seen.value === undefined ? seen : await put(subject, client, wanted);
      if (!second.ok) return second;
      return second.value === undefined
        ? gone('partner-hidden', hidden(subject, client))
        : { ok: true, value: issued(second.value) };
    },
    async remove(subject, client) {
      const seen = await see(subject, client, client.metadata.contacts ?? []);
      if (!seen.ok) return seen;
      if (seen.value === undefined) return { ok: true, value: { kind: 'removed' } };
      const answer = await call('DELETE', client.handle, everyone);
      if (!answer.ok) return answer;
      if (answer.value.status === 200 || answer.value.status === 404)
        return { ok: true, value: { kind: 'removed' } };
      return inWords(root, answer.value);
    },
  };
}

function publicPart(client: PartnerClient): ActualClient {
  const { collaborators: _, ...shared } = client;
  return shared;
}

function issued(client: PartnerClient): Issued {
  return { kind: 'issued', ...publicPart(client) };
}

/** Every status the API documents, in words that say what to do. */
function inWords(root: string, answer: Answer): ProviderFailure {
  const url = new URL(root);
  const detail = partnerDetail(answer.body);
  const later = busy(url, answer);
  if (later !== undefined && !later.ok) return later;
  switch (answer.status) {
    case 401:
      // A clock can be set, and then the same call succeeds.
      return /timestamp/i.test(detail)
        ? hitch('partner-clock', { detail })
        : refusal('partner-signature', { detail });
    case 403:
      return refusal('partner-closed', { detail });
    case 404:
      return refusal('partner-absent', { url: root });
    case 422:
      return refusal('partner-refused', { problems: partnerProblems(answer.body) });
    default:
      return refusal('unexpected', { host: url.host, status: answer.status, error: detail });
  }
}
