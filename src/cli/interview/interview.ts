/** The questions of `greffier new`, in the order of the paper form; every answer is checked at once. */

import { environments, networks } from '#base/config/cells';
import type { Bilingual, Values } from '#base/i18n/message';
import { quoted } from '#base/i18n/render';
import { say } from '#cli/messages';
import { type Paint, paintOf, type Terminal, Unable } from '#cli/terminal';
import { type Cell, cellName, idPattern } from '#domain/definition/cell';
import { properName } from '#domain/definition/file-name';
import type { Finding } from '#domain/definition/finding';
import { type Answers, linesOf } from '#domain/definition/fix/serialize';
import { within } from '#domain/definition/parse/pointer';
import { readDefinition } from '#domain/definition/read-definition';
import { completed } from '#domain/definition/rules/complete-example';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { interviewWords } from './messages.ts';

/** What an interview gives. */
export interface Interview {
  readonly id: string;
  readonly cell: Cell;
  readonly answers: Answers;
}

/** What the rules say of some answers so far, the rest being taken from a valid definition of the cell. */
export function findingsOn(answers: Answers, cell: Cell, pointers: readonly string[]): readonly Finding[] {
  const { path, text } = completed({ yaml: linesOf(answers).join('\n'), cell: cellName(cell) });
  const { findings } = readDefinition({ path, bytes: new TextEncoder().encode(text) });
  return findings.filter(({ pointer }) => pointers.some((asked) => within(pointer, asked)));
}

class Interviewer {
  readonly #terminal: Terminal;
  readonly #paint: Paint;
  cell: Cell = { network: 'internet', environment: 'integration' };
  answers: Answers = { version: 1 };

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#paint = paintOf(terminal.colours);
  }

  say(sentence: Bilingual, values: Values = {}): void {
    this.#terminal.err(`${say(sentence, this.#terminal.language, values)}\n`);
  }

  /** A line that someone types, blanks around it left out. */
  async line(question: Bilingual, values: Values = {}): Promise<string> {
    const prompt = `${this.#paint.bold(say(question, this.#terminal.language, values))} `;
    const line = await this.#terminal.ask(prompt);
    if (line === undefined) throw new Unable(interviewWords.interrupted);
    return line.trim();
  }

  /** Whether the answers may stay; says what the rules find. Only errors ask the question again. */
  accepts(candidate: Answers, pointers: readonly string[], cell = this.cell): boolean {
    const findings = findingsOn(candidate, cell, pointers);
    for (const { severity, message } of findings) {
      const mark = severity === 'error' ? this.#paint.red('✗') : this.#paint.yellow('!');
      this.#terminal.err(`  ${mark} ${catalogue.say(message, this.#terminal.language, quoted)}\n`);
    }
    if (findings.some(({ severity }) => severity === 'error')) return false;
    this.answers = candidate;
    return true;
  }

  /** Asks until the answer passes. An empty line keeps the default, when there is one. */
  async one(
    question: Bilingual,
    pointer: string,
    put: (answers: Answers, value: string) => Answers,
    { optional = false, byDefault }: { optional?: boolean; byDefault?: string } = {},
  ): Promise<void> {
    for (;;) {
      const typed = await this.line(question, byDefault === undefined ? {} : { byDefault });
      if (typed === '' && optional) return;
      const value = typed === '' ? (byDefault ?? '') : typed;
      if (this.accepts(put(this.answers, value), [pointer])) return;
    }
  }

  /** Asks for several values, one a line, until an empty line. */
  async several(
    question: Bilingual,
    pointer: string,
    put: (answers: Answers, values: readonly string[]) => Answers,
    least = 1,
  ): Promise<void> {
    this.say(question);
    const values: string[] = [];
    for (;;) {
      const typed = await this.line(interviewWords.item);
      if (typed === '' && values.length >= least) break;
      if (typed === '') this.say(interviewWords.atLeastOne);
      else if (this.accepts(put(this.answers, [...values, typed]), [pointer])) values.push(typed);
    }
    if (values.length === 0) this.answers = put(this.answers, []);
  }

  /** Asks to choose among a few words, by the word or its number. */
  async choice<const T extends string>(question: Bilingual, allowed: readonly [T, ...T[]]): Promise<T> {
    for (;;) {
      const typed = (await this.line(question)).toLowerCase();
      const found =
        typed === ''
          ? undefined
          : (allowed[Number(typed) - 1] ?? allowed.find((one) => one.toLowerCase() === typed));
      if (found !== undefined) return found;
      this.say(interviewWords.choose, { allowed });
    }
  }

  async yes(question: Bilingual): Promise<boolean> {
    for (;;) {
      const typed = (await this.line(question)).toLowerCase();
      if (['o', 'oui', 'y', 'yes', 'true'].includes(typed)) return true;
      if (['n', 'non', 'no', 'false'].includes(typed)) return false;
      this.say(interviewWords.yesOrNo);
    }
  }
}

/** Asks every question. */
export async function interview(terminal: Terminal): Promise<Interview> {
  const asker = new Interviewer(terminal);
  asker.say(interviewWords.welcome);
  await asker.several(interviewWords.technical, '/contacts/technical', (answers, technical) => ({
    ...answers,
    contacts: { ...answers.contacts, technical: [...technical] },
  }));
  await asker.one(interviewWords.siret, '/organization', (answers, siret) => ({
    ...answers,
    organization: { siret },
  }));
  await asker.one(interviewWords.name, '/name', (answers, name) => ({ ...answers, name }));
  const network = await asker.choice(interviewWords.network, networks);
  const environment = await asker.choice(interviewWords.environment, environments);
  asker.cell = { network, environment };
  asker.answers = { ...asker.answers, network, environment };
  const inProduction = environment === 'production';
  if (network === 'internet' && !inProduction) asker.say(interviewWords.selfService);
  const optional = !inProduction;
  if (inProduction)
    await asker.one(interviewWords.datapass, '/datapass', (answers, datapass) => ({ ...answers, datapass }));
  await asker.one(
    inProduction ? interviewWords.description : interviewWords.descriptionOptional,
    '/description',
    (answers, description) => ({ ...answers, description }),
    { optional },
  );
  await asker.several(interviewWords.redirectUris, '/redirect_uris', (answers, uris) => ({
    ...answers,
    redirect_uris: [...uris],
  }));
  await asker.several(
    interviewWords.postLogoutRedirectUris,
    '/post_logout_redirect_uris',
    (answers, uris) => ({ ...answers, post_logout_redirect_uris: [...uris] }),
    0,
  );
  if (network === 'rie')
    await asker.several(interviewWords.ipAddresses, '/ip_addresses', (answers, addresses) => ({
      ...answers,
      ip_addresses: [...addresses],
    }));
  await asker.one(
    interviewWords.idToken,
    '/id_token_signed_response_alg',
    (answers, value) => ({ ...answers, id_token_signed_response_alg: value as 'RS256' }),
    { byDefault: 'RS256' },
  );
  await asker.one(
    interviewWords.userinfo,
    '/userinfo_signed_response_alg',
    (answers, value) => ({ ...answers, userinfo_signed_response_alg: value as 'RS256' }),
    { byDefault: 'RS256' },
  );
  await askScopes(asker);
  if (inProduction || network === 'internet')
    asker.answers = { ...asker.answers, private_sector: await asker.yes(interviewWords.privateSector) };
  await asker.one(
    inProduction ? interviewWords.support : interviewWords.supportOptional,
    '/contacts/support',
    (answers, support) => ({ ...answers, contacts: { technical: [], ...answers.contacts, support } }),
    { optional },
  );
  return { id: await askId(asker), cell: asker.cell, answers: asker.answers };
}

async function askScopes(asker: Interviewer): Promise<void> {
  asker.say(interviewWords.scopes);
  for (;;) {
    const scope = await asker.line(interviewWords.item);
    if (scope === '') return;
    const before = asker.answers.optional_scopes ?? [];
    const pointer = `/optional_scopes/${before.length}`;
    const justified = (justification: string): Answers => ({
      ...asker.answers,
      optional_scopes: [...before, { scope, justification }],
    });
    const known = findingsOn(justified('Une raison pour essayer'), asker.cell, [`${pointer}/scope`, pointer]);
    if (known.some(({ severity }) => severity === 'error')) {
      asker.accepts(justified('Une raison pour essayer'), [`${pointer}/scope`, pointer]);
      continue;
    }
    while (!asker.accepts(justified(await asker.line(interviewWords.justification)), [pointer]));
  }
}

async function askId(asker: Interviewer): Promise<string> {
  const byDefault = properName(asker.answers.name ?? '').replace(/\.yaml$/, '');
  for (;;) {
    const typed = await asker.line(interviewWords.id, { byDefault });
    const id = typed === '' ? byDefault : typed.replace(/\.yaml$/, '');
    if (idPattern.test(id)) return id;
    asker.say(interviewWords.badId, { id });
  }
}
