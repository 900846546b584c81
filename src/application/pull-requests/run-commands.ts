/** Runs the commands that people give in comments, or says why not. */

import type { ReviewDeps } from '#application/mirror/deps';
import type { RunKeep } from '#application/recertification/keep';
import type { CommandResult, NotYet } from '#application/reconciliation/command-context';
import type { RunProvisioningCommand } from '#application/reconciliation/operator-commands';
import { defined } from '#base/defined';
import { trusted } from '#base/i18n/translator';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import {
  type CommentCommand,
  commandSpecs,
  isProvisioningCommand,
  mayRunCommand,
  type ProvisioningCommand,
  parseCommands,
} from '#domain/review/commands/parse';
import { explainReply, helpReply, replyMarker, suggestionsReply } from '#domain/review/commands/replies';
import { fixedFiles, patchOf, suggestions } from '#domain/review/evaluate/fixes';
import type { RenderContext } from '#domain/review/render/files-section';
import { commitLink } from '#domain/review/render/links';
import { type ReviewTranslator, reviewTranslator } from '#domain/review/render/messages';
import { planSection } from '#domain/review/render/plan-section';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';
import { type PullReading, readPullRequest } from '#infrastructure/github/read/pull-request';
import { confirmWriter, readPermission } from '#infrastructure/github/read/rights';
import { readCommitMessage } from '#infrastructure/github/read/stored-objects';
import { findComment } from '#infrastructure/github/write/find-comment';
import type { Refusal } from '#infrastructure/github/write/refusals';
import { commitFiles, replyOnce, reviewWithSuggestions } from '#infrastructure/github/write/replies';
import type { CommentFacts, RetryLater } from '#infrastructure/queue/job-kinds';
import { answer, isTaken, momentBefore, react } from './answers.ts';
import { authorOfIn } from './asked-proposals.ts';
import { type CollectedFacts, collectFacts, currentSettings } from './collect-facts.ts';
import { areCommandsDone, commandResults, endCommands, saveCommandResults } from './command-results.ts';
import type { HeadMoved } from './merge-result.ts';
import { promote } from './promote.ts';

export interface CommandDeps {
  readonly review: ReviewDeps;
  /** Asks for a review of the pull request, the check included. */
  readonly requestReview: (number: number) => Promise<void>;
  /** Absent: nothing is provisioned. */
  readonly runProvisioningCommand?: RunProvisioningCommand;
  /** Absent: nobody asks whether services still live. */
  readonly runKeep?: RunKeep;
  /** Told of an answer that GitHub refuses for good: a conversation that was locked, an issue that is gone. */
  readonly onRefusal?: (refusal: Refusal) => void;
}

interface CommandContext {
  /** Where the command stands, and where it is answered. */
  readonly repository: RepositoryClient;
  /** GitHub's number of the repository of requests, where it stands there. */
  readonly requests: string | undefined;
  readonly t: ReviewTranslator;
  readonly number: number;
  readonly comment: CommentFacts;
  /** Undefined in an issue, or once closed. */
  readonly pull: PullReading | undefined;
}

function commandText({ name, argument }: CommentCommand): string {
  return argument === undefined ? `/greffier ${name}` : `/greffier ${name} ${argument}`;
}

async function collect(
  deps: ReviewDeps,
  context: CommandContext,
  pull: PullReading,
): Promise<{ renderContext: RenderContext; collected: CollectedFacts } | HeadMoved> {
  const { number, t } = context;
  const collected = await collectFacts(deps, pull, await deps.store.pull(deps.repo, number));
  if ('retryReason' in collected) return collected;
  await deps.store.saveBlobs(collected.fresh ?? new Map());
  const { repository, pull: facts } = collected.facts;
  return { renderContext: { t, catalogue, repository, pull: facts }, collected };
}

async function plan(
  deps: ReviewDeps,
  context: CommandContext,
  pull: PullReading,
): Promise<CommandResult | HeadMoved> {
  const found = await collect(deps, context, pull);
  if ('retryReason' in found) return found;
  const text = planSection(found.renderContext, found.collected.review.files, found.collected.facts.plan);
  return { ok: true, text: text === '' ? context.t('reply.no-plan') : text };
}

/** One commit where the App may write, else suggestions and a patch. */
async function fix(
  deps: ReviewDeps,
  context: CommandContext,
  pull: PullReading,
  command: CommentCommand,
): Promise<CommandResult | HeadMoved> {
  const { t, number } = context;
  const moved: CommandResult = { ok: false, text: t('fix.moved', { command: commandText(command) }) };
  const found = await collect(deps, context, pull);
  if ('retryReason' in found) return found;
  const files = fixedFiles(found.collected.review.files);
  const message = t('fix.commit-message');
  if (files.length === 0) {
    // The very commit may be ours, of a first try whose end was never known.
    const ours = (await readCommitMessage(deps.repository, pull.head)) === message;
    return ours ? { ok: true } : { ok: false, text: t('fix.none') };
  }
  const count = files.reduce((sum, { fixes }) => sum + fixes, 0);
  // Anyone may open a pull request from a branch of the registry, whoever's it is.
  const by = found.collected.facts.pull.fork
    ? undefined
    : await confirmWriter(deps.repository, context.comment.author);
  if (by !== undefined) {
    const place = { branch: pull.headRef, head: pull.head, by };
    const committed = await commitFiles(deps.repository, place, files, message);
    if (committed.kind === 'moved') return moved;
    if (committed.kind === 'committed') {
      const commit = trusted(commitLink(found.renderContext.repository, committed.commit));
      return { ok: true, text: t('fix.committed', { count, commit }) };
    }
  }
  const text = suggestionsReply(t, count, patchOf(files));
  // The answer is the body of the review that carries the suggestions.
  const marker = replyMarker(context.comment.id);
  const made = suggestions(files, found.collected.facts.files);
  const review = reviewWithSuggestions(
    deps.repository,
    number,
    pull.head,
    { marker, text },
    made,
    deps.appId,
  );
  // What it does not take on these lines, the patch says all the same.
  return (await isTaken(review)) === undefined ? { ok: true } : { ok: true, text };
}

async function runCommand(
  deps: CommandDeps,
  context: CommandContext,
  command: CommentCommand,
): Promise<CommandResult | HeadMoved> {
  const { t, number, pull } = context;
  if (command.name === 'help') return { ok: true, text: helpReply(t) };
  if (command.name === 'explain') {
    const text = explainReply(t, catalogue, command);
    return text === undefined
      ? { ok: false, text: t('reply.unknown-rule', { rule: command.argument ?? '' }) }
      : { ok: true, text };
  }
  const { argument } = command;
  if (command.name === 'keep')
    return context.requests === undefined && deps.runKeep !== undefined
      ? await deps.runKeep(defined({ number, comment: context.comment, argument }))
      : { ok: false, text: t('reply.unavailable', { command: commandText(command) }) };
  // After the merge too: that is when one wants to.
  if (command.name === 'promote' && context.requests === undefined)
    return await promote(
      deps.review,
      t,
      { number, comment: context.comment, named: argument },
      deps.requestReview,
    );
  if (pull === undefined)
    return { ok: false, text: t('reply.not-a-pull', { command: commandText(command) }) };
  if (command.name === 'plan') return await plan(deps.review, context, pull);
  if (command.name === 'fix') return await fix(deps.review, context, pull, command);
  await deps.requestReview(number);
  return { ok: true };
}

/** What is provisioned is changed on the word of a writer alone: there is no other way to the commands that do it. */
async function provision(
  deps: CommandDeps,
  context: CommandContext,
  name: ProvisioningCommand,
  command: CommentCommand,
): Promise<CommandResult | NotYet> {
  const { t, number, comment, requests } = context;
  // Those who run a cell answer its requests where they stand; what concerns the registry is its writers' to say.
  const answersRequest = name === 'provisioned' || name === 'retry';
  const repository = answersRequest ? context.repository : deps.review.repository;
  const by = await confirmWriter(repository, comment.author);
  if (by === undefined) return denied(t, command);
  if (deps.runProvisioningCommand === undefined)
    return { ok: false, text: t('reply.unavailable', { command: commandText(command) }) };
  const { argument } = command;
  return await deps.runProvisioningCommand(
    name,
    defined({ number, by, comment: comment.id, repository: requests, argument }),
  );
}

function denied(t: ReviewTranslator, { name }: CommentCommand): CommandResult {
  const why = commandSpecs[name].rights === 'author' ? 'reply.denied-author' : 'reply.denied-writer';
  return { ok: false, text: t(why, { command: `/greffier ${name}` }) };
}

async function denial(
  registry: RepositoryClient,
  context: CommandContext,
  command: CommentCommand,
  author: number | undefined,
): Promise<CommandResult | undefined> {
  const { comment, t } = context;
  const isAuthor = author === comment.author.id;
  if (mayRunCommand(command, { permission: 'none', isAuthor })) return undefined;
  const permission = await readPermission(registry, comment.author);
  return mayRunCommand(command, { permission, isAuthor }) ? undefined : denied(t, command);
}

/**
 * Runs the commands of a comment. Whoever runs it a second time, after a crash, adds nothing.
 *
 * @param elsewhere the way to the repository of the requests, where the comment stands there: its numbers are not
 *   those of the registry, and the rights that count are those that people have there.
 * @returns to be tried again when the registry changed while it was read: nobody is refused for that
 */
export async function runCommands(
  deps: CommandDeps,
  number: number,
  comment: CommentFacts,
  elsewhere?: RepositoryClient & { readonly id: string },
): Promise<RetryLater | undefined> {
  const commands = parseCommands(comment.body);
  if (commands.length === 0 || comment.author.bot) return undefined;
  const { repository: registry, appId, store, repo, appLogin } = deps.review;
  const kept = { database: store.fenced, registry: repo, comment: comment.id };
  if (await areCommandsDone(kept)) return undefined;
  const t = reviewTranslator((await currentSettings(deps.review)).language);
  const found = elsewhere === undefined ? await readPullRequest(registry, number) : undefined;
  const pull = found?.open === true ? found : undefined;
  const author = found && (await authorOfIn(store, repo, appLogin)(found));
  const repository = elsewhere ?? registry;
  // The answer comes last: once it is there all was done, and what is no longer so would be refused.
  const marker = replyMarker(comment.id);
  const since = momentBefore(comment.createdAt);
  if ((await findComment(repository, number, marker, appId, since)) !== undefined) {
    await endCommands(kept);
    return undefined;
  }
  const context: CommandContext = { repository, requests: elsewhere?.id, t, number, comment, pull };
  const results = new Map(await commandResults(kept));
  for (const command of commands) {
    const words = 'unknown' in command ? command.unknown : commandText(command);
    if (results.has(words)) continue;
    const result: CommandResult | HeadMoved | NotYet =
      'unknown' in command
        ? { ok: false, text: t('reply.unknown', { command: command.unknown, help: '/greffier help' }) }
        : isProvisioningCommand(command.name)
          ? await provision(deps, context, command.name, command)
          : ((await denial(registry, context, command, author?.id)) ??
            (await runCommand(deps, context, command)));
    if ('retryReason' in result) return { again: result.retryReason, after: result.after ?? 1, wait: true };
    results.set(words, result);
    await saveCommandResults(kept, results);
  }
  const all = [...results.values()];
  if (all.some(({ ok }) => ok)) await react(deps, repository, comment, '+1');
  if (all.some(({ ok }) => !ok)) await react(deps, repository, comment, 'confused');
  const texts = all.flatMap(({ text }) => text ?? []);
  if (texts.length > 0) {
    const text = [t('reply.to', { login: comment.author.login }), ...texts].join('\n\n');
    await answer(deps, replyOnce(repository, number, { marker, text }, appId, since));
  }
  await endCommands(kept);
  return undefined;
}
