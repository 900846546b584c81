/**
 * What becomes of each client of a list: a definition that says exactly what it is today, or what a person must decide.
 * Nothing is guessed, and nothing that would change a client is written. Pure.
 */
import type { Message } from '#base/i18n/message';
import { cellName, pathFromPlace, placeFromPath } from '#domain/definition/cell';
import { suggestedFileName } from '#domain/definition/file-name';
import { applyFixes } from '#domain/definition/fix/fixes';
import { serializeLines } from '#domain/definition/fix/serialize';
import type { DefinitionReading } from '#domain/definition/parse/reading';
import { readDefinition } from '#domain/definition/read-definition';
import {
  metadataChanges,
  metadataFields,
  sortedUnique,
  wantedMetadata,
} from '#domain/provisioning/client-metadata';
import { evaluateRegistry } from '#domain/registry/evaluate';
import { entryOf } from '#domain/registry/read-entry';
import { Registry } from '#domain/registry/registry';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { type ImportedClient, importMessage } from './imported-client.ts';

export interface ImportDecision {
  readonly client: ImportedClient;
  /** `there`: a definition of it is in the registry already. */
  readonly outcome: 'write' | 'there' | 'undecided';
  readonly path?: string;
  readonly text?: string;
  /** Rule messages (`rule#name`) and those of `templates/import.*.json`. */
  readonly reasons: readonly Message[];
}

/** @param existing what the registry holds today */
export function decideImport(
  clients: readonly ImportedClient[],
  existing: readonly DefinitionReading[],
): readonly ImportDecision[] {
  const known = new Map(existing.flatMap((reading) => matchKeyOf(reading)));
  const taken = new Set(existing.map(({ path }) => path));
  const { copies, contrary } = told(clients);
  const candidates: { decision: ImportDecision; reading?: DefinitionReading }[] = clients.map((client) => {
    const there = known.get(matchKey(client));
    if (there !== undefined) return { decision: { client, outcome: 'there', path: there, reasons: [] } };
    // The first of them stands for all.
    if (copies.has(client)) return { decision: { client, outcome: 'undecided', reasons: [] } };
    const also = contrary.get(client.clientId ?? '');
    if (also === undefined) return draftOf(client, taken, known);
    const twice = importMessage('client-twice', { positions: also.map(String) });
    return draftOf({ ...client, reasons: [...client.reasons, twice] }, taken, known);
  });
  const registry = new Registry();
  for (const reading of [...existing, ...candidates.flatMap(({ reading }) => reading ?? [])]) {
    const entry = entryOf(reading, '');
    if (entry !== undefined) registry.set(entry);
  }
  const collisions = new Map<string, Message[]>();
  for (const { path, rule, report } of evaluateRegistry(registry)) {
    const metadata = catalogue.rule(rule);
    if ((report.severity ?? metadata?.severity) !== 'error') continue;
    const message = { key: `${rule}#${report.messageId}`, values: report.values ?? {} };
    collisions.set(path, [...(collisions.get(path) ?? []), message]);
  }
  const proposed = new Map(
    candidates.flatMap(({ decision, reading }) =>
      reading === undefined ? [] : [[reading.path, decision.client] as const],
    ),
  );
  const decided = new Map<ImportedClient, ImportDecision>();
  return candidates.map(({ decision }, index) => {
    const client = clients[index] ?? decision.client;
    const first = copies.get(client);
    const colliding = decision.outcome === 'write' ? collisions.get(decision.path ?? '') : undefined;
    const one: ImportDecision =
      first !== undefined
        ? copyOf(client, decided.get(first))
        : colliding === undefined
          ? decision
          : { ...decision, outcome: 'undecided', reasons: [...colliding, ...rivalsOf(colliding, proposed)] };
    decided.set(client, one);
    return one;
  });
}

/** What a list says twice: the same again, by the first that says it, and other things of one client, by its id. */
function told(clients: readonly ImportedClient[]): {
  readonly copies: ReadonlyMap<ImportedClient, ImportedClient>;
  readonly contrary: ReadonlyMap<string, readonly number[]>;
} {
  const firsts = new Map<string, ImportedClient>();
  const copies = new Map<ImportedClient, ImportedClient>();
  const places = new Map<string, number[]>();
  for (const client of clients) {
    const { clientId, cell, answers, metadata } = client;
    if (cell === undefined) continue;
    const said = JSON.stringify([clientId, cell, answers, metadata]);
    const first = firsts.get(said);
    if (first !== undefined) copies.set(client, first);
    else {
      firsts.set(said, client);
      if (clientId !== undefined) places.set(clientId, [...(places.get(clientId) ?? []), client.position]);
    }
  }
  return { copies, contrary: new Map([...places].filter(([, positions]) => positions.length > 1)) };
}

function copyOf(client: ImportedClient, first: ImportDecision | undefined): ImportDecision {
  if (first === undefined) return { client, outcome: 'undecided', reasons: [] };
  const { path, reasons, outcome } = first;
  return {
    client,
    outcome: outcome === 'write' ? 'there' : outcome,
    ...(path === undefined ? {} : { path }),
    reasons,
  };
}

/** A file that a rule speaks of is looked for in vain when it would come of the same list, and is not written either. */
function rivalsOf(
  colliding: readonly Message[],
  proposed: ReadonlyMap<string, ImportedClient>,
): readonly Message[] {
  const named = new Set(
    colliding
      .flatMap(({ values }) => Object.values(values))
      .flat()
      .map(String),
  );
  return [...named].flatMap((path) => {
    const rival = proposed.get(path);
    return rival === undefined
      ? []
      : [importMessage('rival', { path, position: rival.position, client: rival.clientId ?? '' })];
  });
}

/** By what one recognises that a definition is of a client: its cell, its name and where it sends people. */
export function matchKey({ cell, answers, metadata }: ImportedClient): string {
  return keyOf(cell, answers.name, metadata?.redirect_uris ?? answers.redirect_uris ?? []);
}

/** The same of a definition, with its path; nothing for one that has errors. */
function matchKeyOf({ path, place, definition }: DefinitionReading): readonly (readonly [string, string])[] {
  if (place === undefined || definition === undefined) return [];
  return [[keyOf(cellName(place), definition.name, definition.redirect_uris), path]];
}

function keyOf(cell: string | undefined, name: string | undefined, uris: readonly string[]): string {
  return JSON.stringify([cell, name?.normalize('NFC'), sortedUnique(uris)]);
}

/** @param taken paths that are somebody's; the one that is chosen is added */
function draftOf(
  client: ImportedClient,
  taken: Set<string>,
  known: ReadonlyMap<string, string>,
): { decision: ImportDecision; reading?: DefinitionReading } {
  const { cell, answers, metadata } = client;
  if (cell === undefined) return { decision: { client, outcome: 'undecided', reasons: client.reasons } };
  const path = freePath(cell, answers.name ?? '', taken);
  let text = `${serializeLines(answers).join('\n')}\n`;
  // A request is no client yet: what is certain is put right. A client is described as it is.
  if (metadata === undefined) text = applyFixes(path, text).text;
  const reading = readDefinition({ path, bytes: new TextEncoder().encode(text) });
  const found = reading.findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  const reasons = [...client.reasons, ...found, ...changesOf(client, reading)];
  for (const [key] of matchKeyOf(reading)) {
    const there = known.get(key);
    if (there !== undefined) return { decision: { client, outcome: 'there', path: there, reasons: [] } };
  }
  if (reasons.length > 0) return { decision: { client, outcome: 'undecided', path, text, reasons } };
  taken.add(path);
  return { decision: { client, outcome: 'write', path, text, reasons }, reading };
}

/** What applying the definition would change of the client: then it is not a description of it. */
function changesOf(
  { metadata, cell }: ImportedClient,
  { path, definition }: DefinitionReading,
): readonly Message[] {
  if (metadata === undefined || definition === undefined || cell === undefined) return [];
  const id = placeFromPath(path)?.id ?? '';
  return metadataChanges(metadata, wantedMetadata({ path, cell, id, definition }), metadataFields).map(
    ({ field, from, to }) => importMessage('would-change', { field, from: shown(from), to: shown(to) }),
  );
}

function shown(value: unknown): string {
  return Array.isArray(value) ? value.join(' ') : value === undefined ? '' : String(value);
}

/** The name's own, or with the first number that makes it free. */
function freePath(cell: string, name: string, taken: ReadonlySet<string>): string {
  const [network, environment] = cell.split('/') as ['internet', 'integration'];
  const stem = suggestedFileName(name).replace(/\.yaml$/, '');
  for (let number = 1; ; number++) {
    const id = number === 1 ? stem : `${stem.slice(0, 58).replace(/-+$/, '')}-${number}`;
    const path = pathFromPlace({ network, environment, id });
    if (!taken.has(path)) return path;
  }
}
