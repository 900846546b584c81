/**
 * The public catalogue: the services in production on Internet that are provisioned, as anyone may know them, and as that was
 * agreed to (`describeClients`). Nothing
 * else of the registry is read for it, nobody is asked for it, and visitors cause no work: it is made anew at most once
 * a minute.
 */
import { setImmediate } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { listedCell } from '#application/reconciliation/describe-clients';
import { definitionsFolder } from '#domain/definition/cell';
import { Source } from '#domain/definition/parse/source';
import type { SiretRecord } from '#domain/registry/outside-answers';
import { rowBatches } from '#infrastructure/database/row-batches';
import type { Tables } from '#infrastructure/database/tables';

export interface ListedService {
  readonly name: string;
  readonly description: string;
  readonly organization: {
    readonly siret: string;
    /** The legal name, when it was looked up before. */
    readonly name?: string;
  };
  readonly since: Date;
  readonly changed: Date;
}

export interface PublicCatalogue {
  /** By name, as French sorts them. */
  readonly services: readonly ListedService[];
  /** Of any of them; undefined when there is none. */
  readonly changed?: Date;
}

const keptMs = 60_000;
/** Definitions that are read before everyone else has a turn. */
const perTurn = 20;
const collator = new Intl.Collator('fr');

export function publicCatalogue(
  db: Kysely<Tables>,
  registry: string,
  now: () => number = Date.now,
): () => Promise<PublicCatalogue> {
  let made: Promise<PublicCatalogue> | undefined;
  let madeAt = 0;
  return () => {
    if (made === undefined || now() - madeAt >= keptMs) {
      madeAt = now();
      made = readCatalogue(db, registry);
      made.catch(() => {
        made = undefined;
      });
    }
    return made;
  };
}

async function readCatalogue(db: Kysely<Tables>, registry: string): Promise<PublicCatalogue> {
  const clients = await db
    .selectFrom('clients')
    .select([
      'id',
      'updated_at',
      sql<string | null>`account -> 'described' ->> 'name'`.as('name'),
      sql<string | null>`account -> 'described' ->> 'description'`.as('description'),
      sql<string | null>`account -> 'described' ->> 'siret'`.as('siret'),
    ])
    .where('registry', '=', registry)
    .where('cell', '=', listedCell)
    .where('state', '=', 'active')
    .where('client_id', 'is not', null)
    .execute();
  const moments = await momentsOf(db, registry);
  // Of those that an earlier version made, until the next comparison with the registry.
  const definitions = await definitionsOf(
    db,
    registry,
    clients.filter(({ name }) => name === null).map(({ id }) => pathOf(id)),
  );
  const described = clients.flatMap(({ id, updated_at, name, description, siret }) => {
    const own = name === null ? definitions.get(pathOf(id)) : undefined;
    if (name === null || siret === null) return own === undefined ? [] : [{ id, updated_at, ...own }];
    return [{ id, updated_at, name, description: description ?? '', siret }];
  });
  const names = await legalNames(db, [...new Set(described.map(({ siret }) => siret))]);
  const services = described.map(({ id, updated_at, name, description, siret }): ListedService => {
    const legalName = names.get(siret);
    const { since = updated_at, changed = updated_at } = moments.get(id) ?? {};
    const organization = { siret, ...(legalName !== undefined && { name: legalName }) };
    return { name, description, organization, since, changed };
  });
  const latest = services.reduce((last, { changed }) => Math.max(last, changed.getTime()), 0);
  return {
    services: services.toSorted((one, other) => collator.compare(one.name, other.name)),
    ...(latest > 0 && { changed: new Date(latest) }),
  };
}

function pathOf(id: string): string {
  return `${definitionsFolder}/${listedCell}/${id}.yaml`;
}

/** When each client came to be, and when it was last given something else. */
async function momentsOf(
  db: Kysely<Tables>,
  registry: string,
): Promise<ReadonlyMap<string, { readonly since: Date; readonly changed: Date }>> {
  const rows = await db
    .selectFrom('audit')
    .select(['client', 'at'])
    .where('registry', '=', registry)
    .where('cell', '=', listedCell)
    .where(sql<boolean>`entry ->> 'what' in ('create', 'update', 'revive', 'recorded')`)
    .orderBy('number')
    .execute();
  const moments = new Map<string, { readonly since: Date; readonly changed: Date }>();
  for (const { client, at } of rows)
    if (client !== null) moments.set(client, { since: moments.get(client)?.since ?? at, changed: at });
  return moments;
}

interface Described {
  readonly name: string;
  readonly description: string;
  readonly siret: string;
}

/** What the definitions on the default branch say, in the last version that could be read. */
async function definitionsOf(
  db: Kysely<Tables>,
  registry: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Described>> {
  const found = new Map<string, Described>();
  let read = 0;
  for (const slice of rowBatches(paths)) {
    const rows = await db
      .selectFrom('last_readable')
      .innerJoin('blobs', 'blobs.id', 'last_readable.blob')
      .select(['last_readable.path', 'blobs.bytes'])
      .where('repo', '=', registry)
      .where('path', 'in', slice)
      .execute();
    for (const { path, bytes } of rows) {
      const described = describedIn(path, bytes);
      if (described !== undefined) found.set(path, described);
      read += 1;
      if (read % perTurn === 0) await setImmediate();
    }
  }
  return found;
}

function describedIn(path: string, bytes: Uint8Array): Described | undefined {
  const { loaded } = new Source({ path, bytes });
  if (!loaded.ok) return undefined;
  const { name, description, organization } = loaded.value as {
    readonly name?: unknown;
    readonly description?: unknown;
    readonly organization?: { readonly siret?: unknown };
  };
  const siret = organization?.siret;
  if (typeof name !== 'string' || typeof siret !== 'string') return undefined;
  const text = typeof description === 'string' ? description : '';
  return { name: name.normalize('NFC'), description: text.normalize('NFC'), siret };
}

/** What the directory of companies answered when a review asked: it is not asked for a visitor. */
async function legalNames(
  db: Kysely<Tables>,
  sirets: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const slice of rowBatches(sirets)) {
    const rows = await db
      .selectFrom('outside_answers')
      .select(['question', 'answer'])
      .where(
        'question',
        'in',
        slice.map((siret) => `siret ${siret}`),
      )
      .execute();
    for (const { question, answer } of rows) {
      const record = answer as SiretRecord;
      if (record.found) names.set(question.slice('siret '.length), record.legalName);
    }
  }
  return names;
}

/** The services in which every word of a search stands, whatever its accents and capitals. */
export function searched(services: readonly ListedService[], query: string): readonly ListedService[] {
  const words = folded(query)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 10);
  if (words.length === 0) return services;
  return services.filter(({ name, description, organization }) => {
    const text = folded(`${name} ${description} ${organization.name ?? ''} ${organization.siret}`);
    return words.every((word) => text.includes(word));
  });
}

function folded(text: string): string {
  return text
    .slice(0, 1_000)
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
}
