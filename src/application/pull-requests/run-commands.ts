/** Obeys the commands that people give in comments, or says why not. */

import type { ReviewRoom } from '#application/mirror/deps';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import {
  type Command,
  type CommandName,
  commandCards,
  mayGive,
  readCommands,
} from '#domain/review/commands/parse';
import { explainReply, helpReply, replyMarker, suggestionsReply } from '#domain/review/commands/replies';
import { fixedFiles, patchOf, suggestions } from '#domain/review/evaluate/fixes';
import type { Pen } from '#domain/review/render/files-section';
import { commitLink } from '#domain/review/render/links';
import { type Speaker, speakerOf } from '#domain/review/render/messages';
import { planSection } from '#domain/review/render/plan-section';
import type { Gate } from '#infrastructure/github/client/repository-client';
import {
  type PullReading,
  readCommitMessage,
  readPermission,
  readPull,
} from '#infrastructure/github/read/pull-request';
import { answer, commitFiles, react, suggest } from '#infrastructure/github/write/replies';
import { findComment } from '#infrastructure/github/write/review-output';
import type { Again, CommentFacts } from '#infrastructure/queue/job-kinds';
import { type Gathered, gather, type Moving, settingsNow } from './collect-facts.ts';

/** What came of a command. `text` is Markdown. */
export interface CommandAnswer {
  readonly ok: boolean;
  readonly text?: string;
}

/** Commands that concern what happens after the merge: another room obeys them. */
export type LaterCommand = 'retry' | 'provisioned' | 'confirm' | 'handover' | 'rotate';

export interface CommandSeams {
  /** Asks for a review of the pull request, the check included. */
  readonly check: (number: number) => Promise<void>;
  /** Absent: nothing is provisioned. */
  readonly later?: (
    name: LaterCommand,
    given: {
      readonly number: number;
      /** The repository of the requests, where the command stands there and not in the registry. */
      readonly repo?: string;
      readonly by: string;
      /** The comment that asks for it. */
      readonly comment: number;
      readonly argument?: string;
    },
  ) => Promise<CommandAnswer>;
}

interface Scene {
  readonly room: ReviewRoom;
  /** Where the command stands, and where it is answered. */
  readonly gate: Gate;
  readonly repo: string | undefined;
  readonly seams: CommandSeams;
  readonly speak: Speaker;
  readonly number: number;
  readonly comment: CommentFacts;
  /** Undefined in an issue, or once closed. */
  readonly pull: PullReading | undefined;
}

function isLater(name: CommandName): name is LaterCommand {
  return ['retry', 'provisioned', 'confirm', 'handover', 'rotate'].includes(name);
}

function written({ name, argument }: Command): string {
  return argument === undefined ? `/greffier ${name}` : `/greffier ${name} ${argument}`;
}

async function judged(scene: Scene, pull: PullReading): Promise<{ pen: Pen; gathered: Gathered } | Moving> {
  const { room, number, speak } = scene;
  const gathered = await gather(room, pull, await room.memory.pull(room.repo, number));
  if ('moving' in gathered) return gathered;
  const { repository, pull: facts } = gathered.facts;
  return { pen: { speak, catalogue, repository, pull: facts }, gathered };
}

async function plan(scene: Scene, pull: PullReading): Promise<CommandAnswer | Moving> {
  const found = await judged(scene, pull);
  if ('moving' in found) return found;
  const text = planSection(found.pen, found.gathered.review.subjects, found.gathered.facts.plan);
  return { ok: true, text: text === '' ? scene.speak('reply.no-plan') : text };
}

/** One commit where the App may write, else suggestions and a patch. */
async function fix(scene: Scene, pull: PullReading, command: Command): Promise<CommandAnswer | Moving> {
  const { room, speak, number } = scene;
  const moved: CommandAnswer = { ok: false, text: speak('fix.moved', { command: written(command) }) };
  const found = await judged(scene, pull);
  if ('moving' in found) return found;
  const { subjects } = found.gathered.review;
  const files = fixedFiles(subjects);
  const message = speak('fix.commit-message');
  if (files.length === 0) {
    // The very commit may be ours, of a first try whose end was never known.
    const ours = (await readCommitMessage(room.gate, pull.head)) === message;
    return ours ? { ok: true } : { ok: false, text: speak('fix.none') };
  }
  const count = files.reduce((sum, { fixes }) => sum + fixes, 0);
  if (!found.gathered.facts.pull.fork) {
    const committed = await commitFiles(room.gate, pull.headRef, pull.head, files, message);
    if (committed.kind === 'moved') return moved;
    if (committed.kind === 'committed') {
      const commit = { markdown: commitLink(found.pen.repository, committed.commit) };
      return { ok: true, text: speak('fix.committed', { count, commit }) };
    }
  }
  const text = suggestionsReply(speak, count, patchOf(subjects));
  // The answer is the body of the review that carries the suggestions.
  const marker = replyMarker(scene.comment.id);
  const made = suggestions(subjects, found.gathered.facts.files);
  await suggest(room.gate, number, pull.head, { marker, text }, made);
  return { ok: true };
}

async function obey(scene: Scene, command: Command): Promise<CommandAnswer | Moving> {
  const { speak, number, comment, pull, seams } = scene;
  if (isLater(command.name)) {
    if (seams.later === undefined)
      return { ok: false, text: speak('reply.unavailable', { command: written(command) }) };
    const { argument } = command;
    const { repo } = scene;
    const given = {
      number,
      by: comment.author.login,
      comment: comment.id,
      ...(repo === undefined ? {} : { repo }),
      ...(argument === undefined ? {} : { argument }),
    };
    return await seams.later(command.name, given);
  }
  if (command.name === 'help') return { ok: true, text: helpReply(speak) };
  if (command.name === 'explain') {
    const text = explainReply(speak, catalogue, command);
    return text === undefined
      ? { ok: false, text: speak('reply.unknown-rule', { rule: command.argument ?? '' }) }
      : { ok: true, text };
  }
  if (pull === undefined)
    return { ok: false, text: speak('reply.not-a-pull', { command: written(command) }) };
  if (command.name === 'plan') return await plan(scene, pull);
  if (command.name === 'fix') return await fix(scene, pull, command);
  await seams.check(number);
  return { ok: true };
}

async function rightsOf(
  scene: Scene,
  command: Command,
  author: number | undefined,
): Promise<CommandAnswer | undefined> {
  const { comment, speak } = scene;
  const { rights } = commandCards[command.name];
  // Those who run a cell answer its requests where they stand; what concerns the registry is its writers' to say.
  const answersRequest = command.name === 'provisioned' || command.name === 'retry';
  const gate = answersRequest ? scene.gate : scene.room.gate;
  const isAuthor = author === comment.author.id;
  if (rights === 'anyone' || (rights === 'author' && isAuthor)) return undefined;
  const permission = await readPermission(gate, comment.author.login);
  if (mayGive(command, { permission, isAuthor })) return undefined;
  const values = { command: `/greffier ${command.name}` };
  return {
    ok: false,
    text: speak(rights === 'author' ? 'reply.denied-author' : 'reply.denied-writer', values),
  };
}

/**
 * Obeys the commands of a comment. Whoever obeys it a second time, after a crash, adds nothing.
 *
 * @param elsewhere the way to the repository of the requests, where the comment stands there: its numbers are not
 *   those of the registry, and the rights that count are those that people have there.
 * @returns to be tried again when the registry changed while it was read: nobody is refused for that
 */
export async function obeyComment(
  room: ReviewRoom,
  seams: CommandSeams,
  number: number,
  comment: CommentFacts,
  elsewhere?: Gate,
): Promise<Again | undefined> {
  const commands = readCommands(comment.body);
  if (commands.length === 0 || comment.author.bot) return undefined;
  const speak = speakerOf((await settingsNow(room)).language);
  const found = elsewhere === undefined ? await readPull(room.gate, number) : undefined;
  const pull = found?.open === true ? found : undefined;
  const gate = elsewhere ?? room.gate;
  // The answer comes last: once it is there all was done, and what is no longer so would be refused.
  if ((await findComment(gate, number, replyMarker(comment.id), room.appId)) !== undefined) return undefined;
  const repo = elsewhere === undefined ? undefined : `${elsewhere.owner}/${elsewhere.repo}`;
  const scene: Scene = { room, gate, repo, seams, speak, number, comment, pull };
  const texts: string[] = [];
  let done = false;
  let refused = false;
  for (const command of commands) {
    const result: CommandAnswer | Moving =
      'unknown' in command
        ? { ok: false, text: speak('reply.unknown', { command: command.unknown, help: '/greffier help' }) }
        : ((await rightsOf(scene, command, found?.author.id)) ?? (await obey(scene, command)));
    if ('moving' in result) return { again: result.moving, after: 1, wait: true };
    if (result.ok) done = true;
    else refused = true;
    if (result.text !== undefined) texts.push(result.text);
  }
  if (done) await react(gate, comment.id, '+1');
  if (refused) await react(gate, comment.id, 'confused');
  if (texts.length === 0) return undefined;
  const text = [speak('reply.to', { login: comment.author.login }), ...texts].join('\n\n');
  await answer(gate, number, { marker: replyMarker(comment.id), text }, room.appId);
  return undefined;
}
