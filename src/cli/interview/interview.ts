/** The questions of `greffier new`, in the order of the paper form; every answer is checked at once. */

import { environments, networks } from '#base/config/cells';
import type { Bilingual, Values } from '#base/i18n/message';
import { quoteInBackticks } from '#base/i18n/render';
import { t } from '#cli/messages';
import { CliError, type Terminal, type TextStyles, textStyles } from '#cli/terminal';
import { type Cell, cellName, idPattern } from '#domain/definition/cell';
import { suggestedFileName } from '#domain/definition/file-name';
import type { Finding } from '#domain/definition/finding';
import { type FormAnswers, serializeLines } from '#domain/definition/fix/serialize';
import { isAtOrBelow } from '#domain/definition/parse/pointer';
import { readDefinition } from '#domain/definition/read-definition';
import { completeExample } from '#domain/definition/rules/complete-example';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { interviewMessages } from './messages.ts';

/** What an interview gives. */
export interface InterviewResult {
  readonly id: string;
  readonly cell: Cell;
  readonly answers: FormAnswers;
}

/** What the rules say of some answers so far, the rest being taken from a valid definition of the cell. */
export function findingsOn(
  answers: FormAnswers,
  cell: Cell,
  pointers: readonly string[],
): readonly Finding[] {
  const { path, text } = completeExample({ yaml: serializeLines(answers).join('\n'), cell: cellName(cell) });
  const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(text) });
  return findings.filter(({ pointer }) => pointers.some((asked) => isAtOrBelow(pointer, asked)));
}

class Interviewer {
  readonly #terminal: Terminal;
  readonly #style: TextStyles;
  cell: Cell = { network: 'internet', environment: 'integration' };
  answers: FormAnswers = { version: 1 };

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#style = textStyles(terminal.colours);
  }

  print(sentence: Bilingual, values: Values = {}): void {
    this.#terminal.err(`${t(sentence, this.#terminal.language, values)}\n`);
  }

  /** A line that someone types, blanks around it left out. */
  async askLine(question: Bilingual, values: Values = {}): Promise<string> {
    const prompt = `${this.#style.bold(t(question, this.#terminal.language, values))} `;
    const line = await this.#terminal.ask(prompt);
    if (line === undefined) throw new CliError(interviewMessages.interrupted);
    return line.trim();
  }

  /** Whether the answers may stay; prints what the rules find. Only errors ask the question again. */
  accepts(candidate: FormAnswers, pointers: readonly string[], cell = this.cell): boolean {
    const findings = findingsOn(candidate, cell, pointers);
    for (const { severity, message } of findings) {
      const mark = severity === 'error' ? this.#style.red('✗') : this.#style.yellow('!');
      this.#terminal.err(
        `  ${mark} ${catalogue.translate(message, this.#terminal.language, quoteInBackticks)}\n`,
      );
    }
    if (findings.some(({ severity }) => severity === 'error')) return false;
    this.answers = candidate;
    return true;
  }

  /** Asks until the answer passes. An empty line keeps the default, when there is one. */
  async askOne(
    question: Bilingual,
    pointer: string,
    put: (answers: FormAnswers, value: string) => FormAnswers,
    { optional = false, byDefault }: { optional?: boolean; byDefault?: string } = {},
  ): Promise<void> {
    for (;;) {
      const typed = await this.askLine(question, byDefault === undefined ? {} : { byDefault });
      if (typed === '' && optional) return;
      const value = typed === '' ? (byDefault ?? '') : typed;
      if (this.accepts(put(this.answers, value), [pointer])) return;
    }
  }

  /** Asks for several values, one a line, until an empty line. */
  async askSeveral(
    question: Bilingual,
    pointer: string,
    put: (answers: FormAnswers, values: readonly string[]) => FormAnswers,
    minCount = 1,
  ): Promise<void> {
    this.print(question);
    const values: string[] = [];
    for (;;) {
      const typed = await this.askLine(interviewMessages.item);
      if (typed === '' && values.length >= minCount) break;
      if (typed === '') this.print(interviewMessages.atLeastOne);
      else if (this.accepts(put(this.answers, [...values, typed]), [pointer])) values.push(typed);
    }
    if (values.length === 0) this.answers = put(this.answers, []);
  }

  /** Asks to choose among a few words, by the word or its number. */
  async askChoice<const T extends string>(question: Bilingual, allowed: readonly [T, ...T[]]): Promise<T> {
    for (;;) {
      const typed = (await this.askLine(question)).toLowerCase();
      const found =
        typed === ''
          ? undefined
          : (allowed[Number(typed) - 1] ?? allowed.find((one) => one.toLowerCase() === typed));
      if (found !== undefined) return found;
      this.print(interviewMessages.choose, { allowed });
    }
  }

  async askYesNo(question: Bilingual): Promise<boolean> {
    for (;;) {
      const typed = (await this.askLine(question)).toLowerCase();
      if (['o', 'oui', 'y', 'yes', 'true'].includes(typed)) return true;
      if (['n', 'non', 'no', 'false'].includes(typed)) return false;
      this.print(interviewMessages.yesOrNo);
    }
  }
}

/** Asks every question. */
export async function runInterview(terminal: Terminal): Promise<InterviewResult> {
  const asker = new Interviewer(terminal);
  asker.print(interviewMessages.welcome);
  await asker.askSeveral(interviewMessages.technical, '/contacts/technical', (answers, technical) => ({
    ...answers,
    contacts: { ...answers.contacts, technical: [...technical] },
  }));
  await asker.askOne(interviewMessages.siret, '/organization', (answers, siret) => ({
    ...answers,
    organization: { siret },
  }));
  await asker.askOne(interviewMessages.name, '/name', (answers, name) => ({ ...answers, name }));
  const network = await asker.askChoice(interviewMessages.network, networks);
  const environment = await asker.askChoice(interviewMessages.environment, environments);
  asker.cell = { network, environment };
  asker.answers = { ...asker.answers, network, environment };
  const inProduction = environment === 'production';
  if (network === 'internet' && !inProduction) asker.print(interviewMessages.selfService);
  const optional = !inProduction;
  if (inProduction)
    await asker.askOne(interviewMessages.datapass, '/datapass', (answers, datapass) => ({
      ...answers,
      datapass,
    }));
  await asker.askOne(
    inProduction ? interviewMessages.description : interviewMessages.descriptionOptional,
    '/description',
    (answers, description) => ({ ...answers, description }),
    { optional },
  );
  await asker.askSeveral(interviewMessages.redirectUris, '/redirect_uris', (answers, uris) => ({
    ...answers,
    redirect_uris: [...uris],
  }));
  await asker.askSeveral(
    interviewMessages.postLogoutRedirectUris,
    '/post_logout_redirect_uris',
    (answers, uris) => ({ ...answers, post_logout_redirect_uris: [...uris] }),
    0,
  );
  if (network === 'rie')
    await asker.askSeveral(interviewMessages.ipAddresses, '/ip_addresses', (answers, addresses) => ({
      ...answers,
      ip_addresses: [...addresses],
    }));
  await asker.askOne(
    interviewMessages.idToken,
    '/id_token_signed_response_alg',
    (answers, value) => ({ ...answers, id_token_signed_response_alg: value as 'RS256' }),
    { byDefault: 'RS256' },
  );
  await asker.askOne(
    interviewMessages.userinfo,
    '/userinfo_signed_response_alg',
    (answers, value) => ({ ...answers, userinfo_signed_response_alg: value as 'RS256' }),
    { byDefault: 'RS256' },
  );
  await askScopes(asker);
  if (inProduction || network === 'internet')
    asker.answers = {
      ...asker.answers,
      private_sector: await asker.askYesNo(interviewMessages.privateSector),
    };
  await asker.askOne(
    inProduction ? interviewMessages.support : interviewMessages.supportOptional,
    '/contacts/support',
    (answers, support) => ({ ...answers, contacts: { technical: [], ...answers.contacts, support } }),
    { optional },
  );
  return { id: await askId(asker), cell: asker.cell, answers: asker.answers };
}

async function askScopes(asker: Interviewer): Promise<void> {
  asker.print(interviewMessages.scopes);
  for (;;) {
    const scope = await asker.askLine(interviewMessages.item);
    if (scope === '') return;
    const before = asker.answers.optional_scopes ?? [];
    const pointer = `/optional_scopes/${before.length}`;
    const justified = (justification: string): FormAnswers => ({
      ...asker.answers,
      optional_scopes: [...before, { scope, justification }],
    });
    const known = findingsOn(justified('Une raison pour essayer'), asker.cell, [`${pointer}/scope`, pointer]);
    if (known.some(({ severity }) => severity === 'error')) {
      asker.accepts(justified('Une raison pour essayer'), [`${pointer}/scope`, pointer]);
      continue;
    }
    while (!asker.accepts(justified(await asker.askLine(interviewMessages.justification)), [pointer]));
  }
}

async function askId(asker: Interviewer): Promise<string> {
  const byDefault = suggestedFileName(asker.answers.name ?? '').replace(/\.yaml$/, '');
  for (;;) {
    const typed = await asker.askLine(interviewMessages.id, { byDefault });
    const id = typed === '' ? byDefault : typed.replace(/\.yaml$/, '');
    if (idPattern.test(id)) return id;
    asker.print(interviewMessages.badId, { id });
  }
}
