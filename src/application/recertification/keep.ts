/**
 * `/greffier keep`: a service still lives, on the word of one of its owners or of a writer. Where no service is named, those
 * are meant that are asked about in the very place where the command stands.
 */
import type { Kysely } from 'kysely';
import { ownerAccountsOf, resolveOwnerAccounts } from '#application/mirror/owner-accounts';
import type { CommandResult } from '#application/reconciliation/command-context';
import { issueOfTopic } from '#application/reconciliation/outcomes/topic-issue';
import type { ReconcileStore } from '#application/reconciliation/store/reconcile-store';
import type { Language } from '#base/i18n/message';
import { definitionsFolder } from '#domain/definition/cell';
import { outcomeTranslator } from '#domain/provisioning/outcome-translator';
import type { Tables } from '#infrastructure/database/tables';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { confirmWriter } from '#infrastructure/github/read/rights';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';
import type { CommentFacts } from '#infrastructure/queue/job-kinds';
import { silentTopic, waitingTopic } from './publish-recertification.ts';
import type { RecertificationStore } from './recertification-store.ts';

export interface KeepDeps {
  readonly store: RecertificationStore;
  readonly reconcileStore: Pick<ReconcileStore, 'origins' | 'topics'>;
  /** The registry's own issues. */
  readonly issues?: Pick<IssueTracker, 'findOpen'> | undefined;
  /** The registry, the key of its rows, and the store as it is read. */
  readonly repository: RepositoryClient;
  readonly repo: string;
  readonly database: Kysely<Tables>;
  readonly language: Language;
  readonly now: () => number;
}

export interface KeepCommand {
  /** The pull request or issue of the registry in which it stands. */
  readonly number: number;
  readonly comment: CommentFacts;
  /** The id of a definition, or `network/environment/id`. */
  readonly argument?: string;
}

export type RunKeep = (command: KeepCommand) => Promise<CommandResult>;

export async function runKeep(deps: KeepDeps, command: KeepCommand): Promise<CommandResult> {
  const t = outcomeTranslator(deps.language);
  const { argument, comment } = command;
  const { id: account, login } = comment.author;
  const { meant, answered } = await clientsMeant(deps, command);
  // What this very comment brought about, before the process was stopped, is not asked about any more.
  if (meant.length === 0)
    return answered.length > 0
      ? { ok: true, text: t('said-kept', { clients: answered }) }
      : { ok: false, text: t('said-keep-nothing') };
  const owned = await ownedBy(deps, meant, account);
  const isWriter = (await confirmWriter(deps.repository, comment.author)) !== undefined;
  if (owned.length === 0 && !isWriter) return { ok: false, text: t('said-keep-denied') };
  const kept = owned.length > 0 && argument === undefined ? owned : isWriter ? meant : owned;
  // Of many, a writer says which they know of.
  if (owned.length === 0 && argument === undefined && meant.length > 1)
    return { ok: false, text: t('said-keep-which', { clients: meant }) };
  for (const client of kept)
    await deps.store.keep(client, { by: login, account, comment: comment.id }, deps.now());
  return { ok: true, text: t('said-kept', { clients: [...answered, ...kept] }) };
}

/** The services that wait for an answer and are meant, and those that this comment has answered for. */
async function clientsMeant(
  { store, reconcileStore, issues }: KeepDeps,
  { number, comment, argument }: KeepCommand,
): Promise<{ readonly meant: readonly string[]; readonly answered: readonly string[] }> {
  const origins = await reconcileStore.origins.all();
  const known = [...(await store.all())];
  const issueOf = (topic: string) => issueOfTopic({ topics: reconcileStore.topics, issues }, topic);
  const isWaiting = number === (await issueOf(waitingTopic));
  const isSilent = number === (await issueOf(silentTopic));
  const asked = known.filter(([, { state }]) => state.asked !== undefined);
  const meant = asked.filter(([client, { state }]) => {
    if (argument !== undefined)
      return client === argument || client.slice(client.lastIndexOf('/') + 1) === argument;
    const pull = origins.get(client)?.pull;
    if (pull === number) return true;
    return state.silent === undefined ? isWaiting && pull === undefined : isSilent;
  });
  return {
    meant: meant.map(([client]) => client),
    answered: known.flatMap(([client, { state }]) => (state.comment === comment.id ? [client] : [])),
  };
}

/** Those of which an account is an owner, as the default branch names them: by its number, never by its login. */
async function ownedBy(
  { repository, repo, database }: KeepDeps,
  clients: readonly string[],
  account: number,
): Promise<readonly string[]> {
  await resolveOwnerAccounts({ repo, repository, store: { database } });
  const pathOf = (client: string) => `${definitionsFolder}/${client}.yaml`;
  const owners = await ownerAccountsOf(database, repo, clients.map(pathOf));
  return clients.filter((client) => Object.values(owners[pathOf(client)] ?? {}).includes(account));
}
