/**
 * Takes out of recorded facts whatever tells who and what a real pull request was about, and keeps what the verdict
 * depends on: each word that is no word of Greffier's own becomes another one of the same length, the same one
 * everywhere, so that lines, columns, likeness and equality stay as they were. Deterministic: the same facts always
 * give the same case.
 *
 * Replaced: logins, ids of people, teams, the repository, commits, numbers of pull requests, moments; in texts and
 * paths, every word that is not kept (`redaction-words.ts`), e-mail addresses up to their public provider, names of
 * hosts and the paths and parameters of URLs, SIRET and DataPass numbers (a SIRET stays as valid as it was), long numbers,
 * IP addresses but for their first two numbers, secrets. Bytes that are no text are not kept at all.
 */
import { createHash } from 'node:crypto';
import { isDefinitionPath } from '#domain/definition/definition-path';
import { secretSpans } from '#domain/definition/parse/secret-scan';
import { passesLuhn } from '#domain/definition/rules/siret/digits';
import { blobFact, bytesOf } from '#domain/review/facts/blob-fact';
import type { BlobFact, Person, PullRequestFacts } from '#domain/review/facts/facts';
import { blobId } from '#infrastructure/github/read/git-objects';
import { definitionKeys, keptWords } from './redaction-words.ts';

const consonants = 'bcdfglmnprstv';
const vowels = 'aeiou';

/** Numbers that depend on a word and an attempt, and on nothing else. */
function* dice(seed: string): Generator<number, never> {
  for (let round = 0; ; round += 1) yield* createHash('sha256').update(`${round} ${seed}`).digest();
}

function roll(source: Generator<number, never>, sides: number): number {
  return source.next().value % sides;
}

/** How many letters differ, or are missing, between two words; no more than needed to tell one. */
function nearlyEqual(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const rests = [one.slice(at), other.slice(at)] as const;
  const [a, b] = rests;
  return a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1);
}

/** La Poste's establishments follow a rule of their own (Sirene): they are public, and kept. */
const exempt = '356000000';

export class Redaction {
  readonly #keep: ReadonlySet<string>;
  readonly #words = new Map<string, string>();
  readonly #taken = new Set<string>(keptWords);
  readonly #people = new Map<number, Person>();
  readonly #logins = new Map<string, string>();
  readonly #commits = new Map<string, string>();

  /** @param keep more words that may stay, in lower case. */
  constructor(keep: readonly string[] = []) {
    this.#keep = new Set([...keptWords, ...keep]);
  }

  /** Someone, under another login and number; bots stay bots. */
  person(who: Person): Person {
    const known = this.#people.get(who.id);
    if (known !== undefined) return known;
    const made = { id: 101 + this.#people.size, login: this.login(who.login), bot: who.bot };
    this.#people.set(who.id, made);
    return made;
  }

  /** Another login of the same length, whatever the words in it. */
  login(login: string): string {
    const folded = login.toLowerCase();
    const known = this.#logins.get(folded);
    if (known !== undefined) return known;
    const [, name = folded, bot = ''] = /^(.*?)(\[bot\])?$/.exec(folded) ?? [];
    const taken = new Set(this.#logins.values());
    for (let attempt = 0; ; attempt += 1) {
      const source = dice(`${attempt} login ${name}`);
      const made =
        name.replace(/[a-z0-9]/g, (sign, at: number) => {
          const signs = /\d/.test(sign) ? '0123456789' : at % 2 === 0 ? consonants : vowels;
          return signs[roll(source, signs.length)] ?? sign;
        }) + bot;
      if (attempt < 50 && (made === folded || taken.has(made))) continue;
      this.#logins.set(folded, made);
      return made;
    }
  }

  commit(id: string): string {
    const known =
      this.#commits.get(id) ?? createHash('sha1').update(`commit ${this.#commits.size}`).digest('hex');
    this.#commits.set(id, known);
    return known;
  }

  /** Another word of the same length and case; letters that are not ASCII stay, since rules look at them. */
  #word(word: string): string {
    const folded = word.toLowerCase();
    if (folded.length < 3 || this.#keep.has(folded)) return word;
    let made = this.#words.get(folded);
    for (let attempt = 0; made === undefined; attempt += 1) {
      const source = dice(`${attempt} ${folded}`);
      const tried = Array.from(folded, (letter, at) => {
        const letters = at % 2 === 0 ? consonants : vowels;
        return /[a-z]/.test(letter) ? (letters[roll(source, letters.length)] ?? letter) : letter;
      }).join('');
      if (tried === folded || (this.#taken.has(tried) && attempt < 50)) continue;
      made = tried;
      this.#taken.add(made);
      this.#words.set(folded, made);
    }
    const replacement = Array.from(made);
    return Array.from(word, (letter, at) => {
      const other = replacement[at] ?? letter;
      return letter === letter.toLowerCase() ? other : other.toUpperCase();
    }).join('');
  }

  /** Every word of a text, whatever stands between them. */
  words(text: string): string {
    return text.replace(/\p{L}[\p{L}\p{M}]*/gu, (word) => this.#word(word));
  }

  /** Other digits; those of a valid SIRET or SIREN make a valid one again, and one legal unit stays one. */
  number(digits: string): string {
    if (digits.startsWith(exempt)) return digits;
    const other = (part: string, name: string) => {
      const source = dice(`number ${name}`);
      return Array.from(part, (_digit, at) => String(at === 0 ? Number(part[0]) : roll(source, 10))).join('');
    };
    const settled = (head: string, tail: string) => {
      if (!passesLuhn(digits.slice(0, head.length + tail.length))) return head + tail;
      const whole = head + tail;
      for (let last = 0; last < 10; last += 1) {
        const tried = whole.slice(0, -1) + String(last);
        if (passesLuhn(tried)) return tried;
      }
      return whole;
    };
    const siren = digits.slice(0, 9);
    const head = passesLuhn(siren) ? settled('', other(siren, siren)) : other(siren, siren);
    return digits.length <= 9 ? head.slice(0, digits.length) : settled(head, other(digits.slice(9), digits));
  }

  /** The same kind of letters and digits, and nothing of the secret. */
  #secret(secret: string): string {
    const source = dice(`secret ${createHash('sha256').update(secret).digest('hex')}`);
    const prefix =
      /^(?:gh[pousr]_|github_pat_|glpat-|eyJ|-----BEGIN [A-Z ]*PRIVATE KEY-----)/.exec(secret)?.[0] ?? '';
    const hex = /^[0-9a-f]+$/i.test(secret);
    return (
      prefix +
      secret.slice(prefix.length).replace(/-----END [A-Z ]*PRIVATE KEY-----$|[A-Za-z0-9]/g, (sign) => {
        if (sign.length > 1) return sign;
        if (/\d/.test(sign)) return String(roll(source, 10));
        const letters = hex ? 'abcdef' : 'abcdefghijkmnpqrstuvwxyz';
        const letter = letters[roll(source, letters.length)] ?? 'a';
        return sign === sign.toUpperCase() ? letter.toUpperCase() : letter;
      })
    );
  }

  /** A text of an applicant's: a definition, a path, an address, a setting. */
  text(text: string): string {
    let made = '';
    let from = 0;
    for (const { start, end } of secretSpans(text)) {
      made += this.#plain(text.slice(from, start)) + this.#secret(text.slice(start, end));
      from = end;
    }
    return made + this.#plain(text.slice(from));
  }

  #plain(text: string): string {
    const logins = [...this.#logins.keys()].sort((one, other) => other.length - one.length);
    const named = logins.map((login) => login.replace(/[[\]().*+?^$|{}\\]/g, String.raw`\$&`)).join('|');
    const tokens = new RegExp(
      [
        // A number of nine digits or more, in whatever groups.
        String.raw`(?<number>(?<![\d.])\d(?:[ .\u00a0\u202f]?\d){8,}(?!\.?\d))`,
        // What a quoted scalar of YAML writes for a sign (YAML 1.2 §5.7).
        String.raw`(?<escape>\\(?:u[0-9a-f]{4}|U[0-9a-f]{8}|x[0-9a-f]{2}|[a-z]))`,
        String.raw`(?<datapass>(?<![A-Za-z0-9])[HhDd]\d{1,9}(?![A-Za-z0-9]))`,
        // Whatever is neither a port nor part of a word.
        String.raw`(?<digits>(?<![\p{L}\d.:])\d{3,8}(?![\p{L}\d.]))`,
        String.raw`(?<ip>(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]))`,
        ...(named === '' ? [] : [String.raw`(?<login>(?<![\p{L}\d-])(?:${named})(?![\p{L}\d-]))`]),
        // The first words of a description say what kind of word it begins with; they are published anyway.
        String.raw`(?<description>^description:[ \t]*["']?(?:\p{L}+['’ ]?){1,3})`,
        String.raw`(?<key>^[ \t]*(?:- )?[a-z_]+(?=[ \t]*:))`,
        String.raw`(?<word>\p{L}[\p{L}\p{M}]*)`,
      ].join('|'),
      'gimu',
    );
    return text.replace(tokens, (token: string, ...rest: unknown[]) => {
      const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>;
      if (groups.number !== undefined) {
        const digits = this.number(token.replace(/\D/g, ''));
        let at = 0;
        return token.replace(/\d/g, () => digits[at++] ?? '0');
      }
      if (groups.digits !== undefined) return this.#digits(token);
      if (groups.datapass !== undefined) return token.slice(0, 1) + this.#digits(token.slice(1));
      if (groups.ip !== undefined) return this.#address(token);
      if (groups.login !== undefined) return this.login(token);
      if (groups.description !== undefined || groups.escape !== undefined) return token;
      if (groups.key !== undefined) {
        const key = token.trim().replace(/^- /, '').toLowerCase();
        return definitionKeys.some((known) => nearlyEqual(key, known)) ? token : this.words(token);
      }
      return this.#word(token);
    });
  }

  #digits(digits: string): string {
    const source = dice(`digits ${digits}`);
    return Array.from(digits, (_digit, at) => String(at === 0 ? 1 + roll(source, 9) : roll(source, 10))).join(
      '',
    );
  }

  /** An IPv4 address of the same network of sixteen bits; what is zero or all ones stays so. */
  #address(address: string): string {
    const source = dice(`address ${address}`);
    return address
      .split('.')
      .map((part, at) => (at < 2 || part === '0' || part === '255' ? part : String(1 + roll(source, 254))))
      .join('.');
  }
}

/** Stands for bytes that are no text. */
const noText: BlobFact = { base64: Buffer.from([0xc3, 0x28]).toString('base64') };

/** The same facts of nobody. */
export function redactFacts(facts: PullRequestFacts, keep: readonly string[] = []): PullRequestFacts {
  const by = new Redaction(keep);
  const author = by.person(facts.pull.author);
  const reviewers = facts.reviews.map((review) => by.person(review.by));
  for (const logins of Object.values(facts.ownerAccounts ?? {}))
    for (const login of Object.keys(logins)) by.login(login);
  for (const [, owners = ''] of Object.values(facts.blobs).flatMap((blob) =>
    'text' in blob ? [...blob.text.matchAll(/^owners:((?:\r?\n[ \t]*- .*)+)/gm)] : [],
  ))
    for (const [, login = ''] of owners.matchAll(/- ["']?@?([A-Za-z0-9_-]+)/g)) by.login(login);

  const ids = new Map<string, string>();
  const blobs: Record<string, BlobFact> = {};
  for (const [id, blob] of Object.entries(facts.blobs)) {
    const fact = 'text' in blob ? { text: by.text(blob.text) } : 'base64' in blob ? noText : blob;
    const renamed = 'unreadable' in fact ? by.commit(id) : blobId(bytesOf(fact));
    ids.set(id, renamed);
    blobs[renamed] = 'text' in fact ? blobFact(new TextEncoder().encode(fact.text)) : fact;
  }
  const blobOf = (id: string) => ids.get(id) ?? by.commit(id);
  const byPath = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).map(([path, value]) => [by.text(path), value]));
  const moments = [...new Set(facts.reviews.map(({ at }) => at))].sort();
  const { login: owner, name } = { login: 'org', name: 'registre' };
  const url = `https://github.com/${owner}/${name}`;
  return {
    ...facts,
    repository: { fullName: `${owner}/${name}`, url },
    pull: {
      ...facts.pull,
      number: 12,
      author,
      ...(facts.pull.applicant && { applicant: redactedJson(by, facts.pull.applicant) }),
      head: by.commit(facts.pull.head),
      base: by.commit(facts.pull.base),
    },
    files: facts.files
      .map((file) => ({
        ...file,
        path: isDefinitionPath(file.path) ? by.text(file.path) : otherPath(by, file.path),
        ...(file.previousPath === undefined ? {} : { previousPath: by.text(file.previousPath) }),
        ...(file.blob === undefined ? {} : { blob: blobOf(file.blob) }),
      }))
      .sort((one, other) => (one.path < other.path ? -1 : 1)),
    blobs,
    baseBlobs: Object.fromEntries(
      Object.entries(facts.baseBlobs).map(([path, id]) => [by.text(path), blobOf(id)]),
    ),
    ...(facts.returning === undefined ? {} : { returning: facts.returning.map((path) => by.text(path)) }),
    ...(facts.adopted === undefined ? {} : { adopted: facts.adopted.map((path) => by.text(path)) }),
    ...(facts.baseLinks === undefined ? {} : { baseLinks: byPath(facts.baseLinks) }),
    ...(facts.lastReadable === undefined
      ? {}
      : {
          lastReadable: byPath(
            Object.fromEntries(Object.entries(facts.lastReadable).map(([path, id]) => [path, blobOf(id)])),
          ),
        }),
    settings: facts.settings === null ? null : by.text(facts.settings),
    neighbours: facts.neighbours.map((claims) => redactedJson(by, claims)),
    openClaims: facts.openClaims.map(({ claims }, at) => ({
      pullRequest: 13 + at,
      claims: redactedJson(by, claims),
    })),
    ...(facts.ownerAccounts === undefined
      ? {}
      : {
          ownerAccounts: byPath(
            Object.fromEntries(
              Object.entries(facts.ownerAccounts).map(([path, logins]) => [
                path,
                Object.fromEntries(
                  Object.entries(logins).map(([login, id]) => [
                    by.login(login),
                    id === null ? null : by.person({ id, login, bot: false }).id,
                  ]),
                ),
              ]),
            ),
          ),
        }),
    outside: byPath(
      Object.fromEntries(
        Object.entries(facts.outside).map(([path, answers]) => [path, redactedJson(by, answers)]),
      ),
    ),
    reviews: facts.reviews.map((review, at) => ({
      ...review,
      by: reviewers[at] ?? author,
      ...(review.commit === undefined ? {} : { commit: by.commit(review.commit) }),
      at: new Date(Date.UTC(2026, 2, 2, 10, moments.indexOf(review.at))).toISOString(),
      teams: review.teams.map((team) => by.text(team)),
    })),
    ...(facts.plan === undefined ? {} : { plan: redactedJson(by, facts.plan) }),
  };
}

/** Paths that rules tell apart by their folders and endings keep these. */
function otherPath(by: Redaction, path: string): string {
  return path.startsWith('.github/')
    ? path.replace(/[^/]+(?=\.[a-z]+$)/, (name) => by.words(name))
    : by.text(path);
}

/** Every text of plain JSON; what the public directories answered keeps its moment and its closed words. */
function redactedJson<T>(by: Redaction, value: T): T {
  return JSON.parse(JSON.stringify(value), (key, each: unknown) =>
    typeof each !== 'string' || closedKeys.has(key) ? each : by.text(each),
  ) as T;
}

const closedKeys: ReadonlySet<string> = new Set([
  'at',
  'word',
  'reason',
  'legalForm',
  'closedOn',
  'definition',
  'kind',
  'state',
  'cell',
  'action',
  'field',
  'digest',
]);
