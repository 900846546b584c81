/**
 * The commands people give in comments: `/greffier <word> [argument]` at the start of a line, outside quotes and
 * code, so that quoting a command, or showing it, never gives it.
 */
import { Lexer, type Token } from 'marked';
import { withoutSecrets } from '#domain/definition/parse/secret-scan';
import { type RuleId, ruleIds } from '#domain/definition/rules/rule-ids';
import type { Permission } from '#domain/review/facts/facts';
import { mayWrite } from '#domain/review/facts/facts';

/** Commands, who may give them, and whether they take a word more. */
export const commandSpecs = {
  help: { rights: 'anyone', argument: 'none' },
  explain: { rights: 'anyone', argument: 'optional' },
  check: { rights: 'author', argument: 'none' },
  fix: { rights: 'author', argument: 'none' },
  plan: { rights: 'author', argument: 'none' },
  promote: { rights: 'author', argument: 'optional' },
  keep: { rights: 'owner', argument: 'optional' },
  retry: { rights: 'writer', argument: 'none' },
  provisioned: { rights: 'writer', argument: 'required' },
  confirm: { rights: 'writer', argument: 'required' },
  handover: { rights: 'writer', argument: 'none' },
  rotate: { rights: 'writer', argument: 'optional' },
  revoke: { rights: 'writer', argument: 'required' },
} as const satisfies Record<string, { rights: 'anyone' | 'author' | 'owner' | 'writer'; argument: string }>;

export type CommandName = keyof typeof commandSpecs;

/** What concerns provisioning, after the merge. */
const provisioningCommands = ['retry', 'provisioned', 'confirm', 'handover', 'rotate', 'revoke'] as const;
export type ProvisioningCommand = (typeof provisioningCommands)[number];

export function isProvisioningCommand(name: CommandName): name is ProvisioningCommand {
  return provisioningCommands.some((one) => one === name);
}

export interface CommentCommand {
  readonly name: CommandName;
  /** What follows the name: a rule id, a client id, a digest. Foreign text. */
  readonly argument?: string;
}

/** A line that begins with `/greffier` and cannot be understood, without what looks like a secret in it. */
export interface UnknownCommentCommand {
  readonly unknown: string;
}

/** At most this many commands are taken from one comment. */
const maxCommands = 10;

function isName(word: string): word is CommandName {
  return Object.hasOwn(commandSpecs, word);
}

function parseLine(line: string): CommentCommand | UnknownCommentCommand | undefined {
  const match = /^\/greffier(?:[ \t]+(.*))?$/.exec(line.trimEnd());
  if (match === null) return undefined;
  // It is repeated in the answer, which stays where its comment is deleted: people paste a secret beside an id.
  const unknown = { unknown: withoutSecrets(line.trim()) };
  const [name = 'help', argument, ...more] = (match[1] ?? '')
    .trim()
    .split(/[ \t]+/)
    .filter((word) => word !== '');
  if (!isName(name) || more.length > 0) return unknown;
  const wanted = commandSpecs[name].argument;
  if ((wanted === 'none' && argument !== undefined) || (wanted === 'required' && argument === undefined))
    return unknown;
  return argument === undefined ? { name } : { name, argument };
}

/** What stands before an argument, at the end of what was read so far. */
const beforeArgument = /(?:^|\n)[ \t]*\/greffier[ \t]+[^\s\ufffc]+[ \t]+$/;

/**
 * The text of a paragraph with everything that is code or HTML blanked out, but for the argument of a command: people copy
 * rules and digests as they are shown, in backticks.
 */
function plainText(tokens: readonly Token[]): string {
  return tokens.reduce((before, token) => {
    if (token.type === 'codespan' && beforeArgument.test(before))
      return before + token.raw.replace(/^`+|`+$/g, '');
    return before + (token.type === 'codespan' || token.type === 'html' ? '\ufffc' : token.raw);
  }, '');
}

/** Characters of a comment, of a line and of a paragraph that are read: what stands beyond gives no command. */
const maxComment = 20_000;
const maxLine = 500;
const maxParagraph = 1_000;
/** Characters of all paragraphs with commands together: the time for one grows with the square of its length. */
const maxInParagraphs = 4_000;

/**
 * A comment that the parser of Markdown reads in a time in proportion to its length, with the same commands in it: it
 * takes seconds over some texts, and overflows the stack on what is nested deeply enough.
 */
function bounded(comment: string): string {
  return comment
    .slice(0, maxComment)
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) =>
      line
        .slice(0, maxLine)
        // A quote in a quote is a quote, an item of an item is an item.
        .replace(/^(?: {0,3}>[ \t]?)+/, '> ')
        .replace(/^(?:[ \t]*(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)){3,}/, '-'),
    )
    .join('\n');
}

/**
 * Reads the commands of a comment, in order, as GitHub would show it: only plain paragraphs give commands, never
 * code, quotes, lists or HTML.
 */
export function parseCommands(comment: string): (CommentCommand | UnknownCommentCommand)[] {
  if (!comment.includes('/greffier')) return [];
  let left = maxInParagraphs;
  return new Lexer({ gfm: true })
    .blockTokens(bounded(comment))
    .filter(({ type, raw }) => type === 'paragraph' && /^[ \t]*\/greffier/m.test(raw))
    .flatMap(({ raw }) => {
      const text = raw.slice(0, Math.min(maxParagraph, left));
      left -= text.length;
      return plainText(Lexer.lexInline(text, { gfm: true })).split('\n');
    })
    .map((line) => parseLine(line.trimStart()))
    .filter((command) => command !== undefined)
    .slice(0, maxCommands);
}

/** Whether someone may give a command. */
export function mayRunCommand(
  command: CommentCommand,
  who: { readonly permission: Permission; readonly isAuthor: boolean },
): boolean {
  const { rights } = commandSpecs[command.name];
  if (rights === 'anyone' || mayWrite(who.permission)) return true;
  // Whose it is to say shows once it is known which definition is meant.
  if (rights === 'owner') return true;
  return rights === 'author' && who.isAuthor;
}

/** The rule that `explain` asks for, if there is one of that name. */
export function findRuleId(argument: string): RuleId | undefined {
  return ruleIds.find((id) => id === argument.toLowerCase());
}
