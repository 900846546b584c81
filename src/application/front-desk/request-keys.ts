/** The keys of a request, shown once on its page to a technical contact, through the handover that waits for them. */
import { type Kysely, sql } from 'kysely';
import type { HandoverStore, RevealedKeys } from '#application/handover/one-time-page';
import { placeFromPath } from '#domain/definition/cell';
import { now } from '#infrastructure/database/per-engine';
import type { Tables } from '#infrastructure/database/tables';
import type { Applicant } from './applicant.ts';
import { clientOfPath, isContact } from './keys-of-request.ts';
import type { StoredRequest } from './request-store.ts';

export interface KeysDeps {
  readonly db: Pick<Kysely<Tables>, 'selectFrom'>;
  readonly registry: string;
  readonly handovers: HandoverStore;
}

/** `none`: no client yet. `others`: they go to technical contacts, of whom this is none. `read`: there is nothing to read any more. */
export type KeysState = 'none' | 'others' | 'waiting' | 'read';

/** @param person who is signed in now: by the address that is verified now, not the one of the day of the request */
export async function keysState(
  deps: KeysDeps,
  request: Pick<StoredRequest, 'path' | 'state'>,
  person: Applicant,
): Promise<KeysState> {
  if (request.state !== 'merged') return 'none';
  const account = await clientOfPath(deps.db, deps.registry, request.path);
  if (account?.state !== 'active' || account.clientId === undefined) return 'none';
  if (!isContact(account, person)) return 'others';
  return (await waitingHandover(deps, request.path)) === undefined ? 'read' : 'waiting';
}

/** Gives them once; undefined where there is nothing for this person. */
export async function revealKeys(
  deps: KeysDeps,
  request: Pick<StoredRequest, 'path' | 'state'>,
  person: Applicant,
): Promise<RevealedKeys | undefined> {
  if ((await keysState(deps, request, person)) !== 'waiting') return undefined;
  const hash = await waitingHandover(deps, request.path);
  const keys = hash === undefined ? 'unknown' : await deps.handovers.reveal(hash);
  return typeof keys === 'string' ? undefined : keys;
}

async function waitingHandover({ db, registry }: KeysDeps, path: string): Promise<string | undefined> {
  const place = placeFromPath(path);
  if (place === undefined) return undefined;
  const row = await db
    .selectFrom('handovers')
    .select('token_hash')
    .where('registry', '=', registry)
    .where('cell', '=', `${place.network}/${place.environment}`)
    .where('id', '=', place.id)
    .where('secret', 'is not', null)
    .where('replaced_at', 'is', null)
    .where(sql<boolean>`expires_at > ${now}`)
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
  return row?.token_hash;
}
