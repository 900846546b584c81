/**
 * The job that asks public services about live clients, and tells in one issue what they object. It goes by the registry as it was
 * read last, by whatever process, and changes nothing but what it remembers itself: reconciliations go on beside it.
 */
import type { ReviewStore } from '#application/mirror/review-store';
import { settingsInForce } from '#application/mirror/settings-in-force';
import { defined } from '#base/defined';
import type { Language } from '#base/i18n/message';
import type { Log } from '#base/observability/logger';
import { cellName, definitionsFolder, placeFromPath } from '#domain/definition/cell';
import { readDefinition } from '#domain/definition/read-definition';
import { digestOf } from '#domain/provisioning/digest';
import { clientKey } from '#domain/provisioning/plan';
import type { DesiredClient } from '#domain/registry/registry';
import { settingsPath } from '#domain/registry/settings';
import { rowBatches } from '#infrastructure/database/row-batches';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { readBlob } from '#infrastructure/github/read/stored-objects';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';
import { checkLiveClients } from './live-checks.ts';
import { liveIssue } from './outcomes/live-issue.ts';
import { TellEach } from './outcomes/tell-each.ts';
import { upsertIssue } from './outcomes/topic-issue.ts';
import type { AskAgain } from './recheck-outside-answers.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';

export interface LiveCheckJobDeps {
  /** What it writes, under its lease. */
  readonly reconcile: Pick<ReconcileDeps, 'store' | 'ledger' | 'now' | 'sweepInterval'>;
  readonly issues: IssueTracker;
  /** The key of the registry's rows in the store. */
  readonly registry: string;
  readonly repository: RepositoryClient;
  readonly reviewStore: ReviewStore;
  /** Asks public services, whose objections are said in a language. */
  readonly recheckIn: (language: Language) => AskAgain;
  readonly log: Log;
}

export async function runLiveChecks(deps: LiveCheckJobDeps): Promise<void> {
  const { registry, repository, reviewStore: store, log, issues } = deps;
  const settingsFile = await presentFiles(deps, [settingsPath]);
  if (settingsFile === undefined) return;
  const { settings } = await settingsInForce({ repo: registry, repository, store }, { files: settingsFile });
  const files = settings.liveChecks ? await liveFiles(deps) : new Map<string, string>();
  const recheck = deps.recheckIn(settings.language);
  const objections = await checkLiveClients({ ...deps.reconcile, recheck }, [...files.keys()], (client) =>
    definitionOf(deps, client, files.get(client) ?? ''),
  );
  for (const client of objections.keys()) log.warn({ client }, 'a public service objects to a live client');
  const each = new TellEach(deps.reconcile);
  const content = liveIssue(settings.language, objections);
  await each.tell(`issue ${content.topic}`, digestOf(content.text ?? ''), () =>
    upsertIssue({ topics: deps.reconcile.store.topics, issues }, content),
  );
  for (const refusal of each.end())
    log.error(refusal, 'GitHub refuses to have this told; it is not tried again as it is');
}

/** By client that is used now, the blob of its definition. */
async function liveFiles(deps: LiveCheckJobDeps): Promise<ReadonlyMap<string, string>> {
  const accounts = await deps.reconcile.ledger.all();
  const active = accounts.filter(({ state }) => state === 'active').map(clientKey);
  const files = await presentFiles(deps, active.map(pathOf));
  return new Map(
    active.flatMap((client) => {
      const file = files?.get(pathOf(client));
      return file === undefined || file.mode === 'symlink' || file.mode === 'submodule'
        ? []
        : [[client, file.blob] as const];
    }),
  );
}

/** Those of these files that are on the default branch, as it was read last; undefined where it never was. */
async function presentFiles({ reviewStore, registry }: LiveCheckJobDeps, paths: readonly string[]) {
  const { database } = reviewStore;
  const read = await database
    .selectFrom('registry_commits')
    .select('commit')
    .where('repo', '=', registry)
    .executeTakeFirst();
  if (read === undefined) return undefined;
  const rows = [];
  for (const slice of rowBatches(paths))
    rows.push(
      ...(await database
        .selectFrom('registry_files')
        .select(['path', 'blob', 'mode'])
        .where('repo', '=', registry)
        .where('path', 'in', slice)
        .execute()),
    );
  return new Map(rows.map(({ path, blob, mode }) => [path, { blob, mode }]));
}

function pathOf(client: string): string {
  return `${definitionsFolder}/${client}.yaml`;
}

async function definitionOf(
  { reviewStore, repository }: LiveCheckJobDeps,
  client: string,
  blob: string,
): Promise<DesiredClient | undefined> {
  const path = pathOf(client);
  const place = placeFromPath(path);
  const kept = (await reviewStore.blobs([blob])).get(blob);
  const reading = kept === undefined ? await readBlob(repository, blob) : { bytes: kept };
  if (place === undefined || !('bytes' in reading)) return undefined;
  const { definition } = readDefinition({ path, bytes: reading.bytes });
  return definition && defined({ path, cell: cellName(place), id: place.id, definition });
}
