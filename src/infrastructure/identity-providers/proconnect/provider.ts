/**
 * ProConnect's partner API, which serves integration on Internet.
 *
 * The API knows a caller by an e-mail address that any holder of the secret may assert, and shows it the clients
 * that have this address among their collaborators. So every client carries two addresses of Greffier's own, under
 * a domain that the operator chose: `<id>@<domain>` finds the client of one definition, even one whose creation
 * was never recorded; one common address lists them all. (An id never holds a dot: they cannot be confused.)
 * An address can be written by others too: in the portal, say. So no contact is ever given one, and a client counts as
 * what a creation made only when it carries the mark of that very attempt, in a third address that nobody could know
 * before, and the identity of no other definition.
 *
 * Collaborators read their keys themselves in the partner portal, so that no secret has to be kept or sent: the
 * secret that is in every response is dropped where the response is read.
 */

import { governedFields } from '#domain/provisioning/client-metadata';
import { failure, lostFailure } from '#domain/provisioning/failures';
import { provisioningMessage } from '#domain/provisioning/messages';
import type {
  ActualClient,
  ClientMetadata,
  ClientRef,
  CreationAttempt,
  IssuedClient,
  Provider,
  ProviderResult,
  RecordedClient,
} from '#domain/provisioning/provider';
import { failureFrom, isAbsent, type PartnerApiOptions, partnerApi } from './partner-api.ts';
import { type PartnerClient, partnerBody, partnerClient } from './wire-format.ts';

export interface ProconnectOptions extends PartnerApiOptions {
  readonly cell: Provider['cell'];
  /** The domain of Greffier's own addresses. */
  readonly identityDomain: string;
}

/** With a dot, which no id has. */
const markPrefix = 'creation.';

export function proconnectProvider(options: ProconnectOptions): Provider {
  const commonAddress = `greffier.registre@${options.identityDomain}`;
  const addressOf = (ref: ClientRef): string => `${ref.id}@${options.identityDomain}`;
  const isOwnAddress = (address: string): boolean =>
    address.toLowerCase().endsWith(`@${options.identityDomain}`);
  const markOf = ({ mark }: CreationAttempt): string => `${markPrefix}${mark}@${options.identityDomain}`;
  const identitiesOf = ({ collaborators }: PartnerClient): readonly string[] =>
    collaborators.filter(
      (address) =>
        isOwnAddress(address) && address !== commonAddress && !address.toLowerCase().startsWith(markPrefix),
    );
  const { root, call } = partnerApi(options);

  async function listAs(address: string): Promise<ProviderResult<readonly PartnerClient[]>> {
    const response = await call('GET', '', address);
    if (!response.ok) return response;
    const { status, body } = response.value;
    if (status !== 200 || !Array.isArray(body)) return failureFrom(options, response.value);
    // Not a client of Greffier, whatever the API shows: adopting it would overwrite someone else's client.
    const clients = body
      .map((client) => partnerClient(client, isOwnAddress))
      .filter((one) => one?.collaborators.includes(address) === true)
      .filter((one) => one !== undefined);
    return { ok: true, value: clients };
  }

  /** The one client of a call's answer; undefined for a 404, which also means "not a collaborator". */
  async function requestClient(
    method: 'GET' | 'PATCH' | 'POST',
    handle: string,
    as: string,
    body?: string,
  ): Promise<ProviderResult<PartnerClient | undefined>> {
    const response = await call(method, handle, as, body);
    if (!response.ok) return response;
    if (handle !== '' && isAbsent(response.value)) return { ok: true, value: undefined };
    if (response.value.status !== 200) return failureFrom(options, response.value, body);
    const client = partnerClient(response.value.body, isOwnAddress);
    const { host } = new URL(root);
    if (client === undefined) return failure('not-json', { host, status: response.value.status });
    // An answer about any other client is not believed.
    if (handle !== '' && client.handle !== handle)
      return failure('another-client', { host, clientId: handle });
    return { ok: true, value: client };
  }

  function collaboratorsOf(ref: ClientRef, wanted: Partial<ClientMetadata>): readonly string[] {
    const contacts = (wanted.contacts ?? []).filter((address) => !isOwnAddress(address));
    return [...contacts, addressOf(ref), commonAddress];
  }

  /** Reads a client, as one of the declared contacts where a person has taken Greffier off it: an edit in the portal is enough. */
  async function seenAs(
    ref: ClientRef,
    client: RecordedClient,
    contacts: readonly string[],
  ): Promise<
    ProviderResult<{ readonly as: string; readonly seen: PartnerClient; readonly whole: boolean } | undefined>
  > {
    const ownAddresses = [commonAddress, addressOf(ref)];
    for (const as of [...ownAddresses, ...contacts]) {
      const seen = await requestClient('GET', client.handle, as);
      if (!seen.ok) return seen;
      const { value } = seen;
      if (value === undefined) continue;
      const whole = ownAddresses.every((address) => value.collaborators.includes(address));
      return { ok: true, value: { as, seen: value, whole } };
    }
    return { ok: true, value: undefined };
  }

  /**
   * Reads a client before it is changed, and puts Greffier's addresses back where they are missing, with everything else as
   * it stands: a call that changes something says the whole state (contract §7).
   */
  async function fetchClient(
    ref: ClientRef,
    client: RecordedClient,
    contacts: readonly string[],
  ): Promise<ProviderResult<PartnerClient | undefined>> {
    const found = await seenAs(ref, client, contacts);
    if (!found.ok) return found;
    if (found.value === undefined) return { ok: true, value: undefined };
    const { as, seen, whole } = found.value;
    if (whole) return { ok: true, value: seen };
    const collaborators = [...new Set([...seen.collaborators, commonAddress, addressOf(ref)])];
    return requestClient('PATCH', client.handle, as, JSON.stringify({ ...seen.state, collaborators }));
  }

  const hiddenValues = (ref: ClientRef, client: RecordedClient) => ({
    clientId: client.clientId,
    address: addressOf(ref),
  });

  async function patchClient(
    ref: ClientRef,
    client: RecordedClient,
    wanted: ClientMetadata,
  ): Promise<ProviderResult<PartnerClient | undefined>> {
    return requestClient(
      'PATCH',
      client.handle,
      commonAddress,
      partnerBody(wanted, collaboratorsOf(ref, wanted)),
    );
  }

  return {
    kind: 'proconnect',
    cell: options.cell,
    governedFields: governedFields.proconnect,
    async find(ref, attempt) {
      const found = await listAs(attempt === undefined ? addressOf(ref) : markOf(attempt));
      if (!found.ok) return found;
      const oldestFirst = (a: PartnerClient, b: PartnerClient): number =>
        (a.createdAt ?? 0) - (b.createdAt ?? 0) || (a.handle < b.handle ? -1 : 1);
      // Its address on a client with the identity of another definition as well was put there by somebody else.
      const ours = found.value.filter((client) => identitiesOf(client).join() === addressOf(ref));
      return { ok: true, value: ours.toSorted(oldestFirst).map(withoutCollaborators) };
    },
    async list() {
      const all = await listAs(commonAddress);
      return all.ok ? { ok: true, value: all.value.map(withoutCollaborators) } : all;
    },
    async read(ref, client) {
      const seen = await seenAs(ref, client, client.metadata.contacts ?? []);
      if (!seen.ok) return seen;
      if (seen.value === undefined)
        return {
          ok: true,
          value: {
            kind: 'hidden',
            message: provisioningMessage('partner-hidden', hiddenValues(ref, client)),
          },
        };
      const found = { kind: 'found' as const, client: withoutCollaborators(seen.value.seen) };
      return { ok: true, value: seen.value.whole ? found : { ...found, detached: true } };
    },
    async restore(ref, client) {
      const seen = await fetchClient(ref, client, client.metadata.contacts ?? []);
      return seen.ok ? { ok: true, value: undefined } : seen;
    },
    async create(ref, wanted, attempt) {
      const made = await requestClient(
        'POST',
        '',
        commonAddress,
        partnerBody(wanted, [...collaboratorsOf(ref, wanted), markOf(attempt)]),
      );
      if (!made.ok) return made;
      if (made.value === undefined) return failure('partner-absent', { url: root });
      // What was made carries the mark that it was sent with; anything else is somebody's.
      if (!made.value.collaborators.includes(markOf(attempt)))
        return failure('creation-of-another', { host: new URL(root).host });
      return { ok: true, value: issuedClient(made.value) };
    },
    async update(ref, client, wanted) {
      const first = await patchClient(ref, client, wanted);
      if (!first.ok) return first;
      if (first.value !== undefined) return { ok: true, value: issuedClient(first.value) };
      const contacts = [...new Set([...wanted.contacts, ...(client.metadata.contacts ?? [])])];
      const seen = await fetchClient(ref, client, contacts);
      if (!seen.ok) return seen;
      const second = seen.value === undefined ? seen : await patchClient(ref, client, wanted);
      if (!second.ok) return second;
      return second.value === undefined
        ? lostFailure('partner-hidden', hiddenValues(ref, client))
        : { ok: true, value: issuedClient(second.value) };
    },
    async remove(ref, client) {
      const seen = await fetchClient(ref, client, client.metadata.contacts ?? []);
      if (!seen.ok) return seen;
      // Not there, or not shown to us: nobody can tell which.
      if (seen.value === undefined) return lostFailure('partner-hidden', hiddenValues(ref, client));
      const response = await call('DELETE', client.handle, commonAddress);
      if (!response.ok) return response;
      if (response.value.status === 200) return { ok: true, value: { kind: 'removed' } };
      return isAbsent(response.value)
        ? lostFailure('partner-hidden', hiddenValues(ref, client))
        : failureFrom(options, response.value);
    },
  };
}

function withoutCollaborators(client: PartnerClient): ActualClient {
  const { collaborators: _, state: __, ...shared } = client;
  return shared;
}

function issuedClient(client: PartnerClient): IssuedClient {
  return { kind: 'issued', ...withoutCollaborators(client) };
}
