/**
 * Who may cause what, as docs/authority.md says it, and nothing of how Greffier finds it out: what people did to the
 * default branch, what a pull request showed, who approved it and who confirmed what. Against it is held what becomes of
 * the clients. Where the page leaves room, the model gives it: it is the most that may happen.
 */
import { type Content, cellOf, isClaimedTwice, type Key } from './definitions.ts';
import type { SettingsModel } from './settings-model.ts';
import type {
  Action,
  Cause,
  ClientState,
  Clients,
  Contents,
  MergedHead,
  Move,
  Offer,
  Shown,
} from './words.ts';

export class AuthorityModel {
  readonly #writers: ReadonlySet<string>;
  readonly #approving: (merged: MergedHead) => ReadonlySet<string>;
  readonly settings: SettingsModel;
  #served: readonly string[];
  /** Cells that were ever served to the end of a run. */
  readonly #everServed = new Set<string>();
  #causes = new Map<Key, readonly Cause[]>();
  /** What merges left as it was: of several requests that did the same, the last one brought it. */
  #left = new Map<Key, readonly Cause[]>();
  readonly #shown = new Map<string, Map<Key, Shown[]>>();
  readonly #offers = new Map<string, Offer>();
  readonly #offersOfMany = new Map<string, readonly Key[]>();
  readonly #confirmedToGo = new Set<Key>();
  #confirmed: { readonly key: Key; readonly metadata: readonly (string | undefined)[] }[] = [];
  readonly #wasLive = new Set<string>();
  readonly #delayed = new Set<string>();
  /** What each client was before somebody changed it at the provider. */
  readonly #drifted = new Map<Key, string>();
  #wasInterrupted = false;

  /** @param approving who has approved a commit of a pull request, and agrees still */
  constructor(
    writers: readonly string[],
    settings: SettingsModel,
    approving: (merged: MergedHead) => ReadonlySet<string>,
    served: readonly string[],
  ) {
    this.#served = served;
    this.#writers = new Set(writers);
    this.settings = settings;
    this.#approving = approving;
  }

  /** The settings may hold something else from now on. */
  asks(): void {
    const { least, most } = this.settings.approvals;
    for (const all of [this.#causes, this.#left])
      for (const [key, causes] of all)
        all.set(
          key,
          causes.map((cause) => ({
            ...cause,
            approvals: Math.min(cause.approvals, least),
            mostApprovals: Math.max(cause.mostApprovals, most),
          })),
        );
  }

  moves(move: Move, before: Contents, after: Contents): void {
    for (const key of new Set([...this.#causes.keys(), ...before.keys(), ...after.keys()]))
      if (before.get(key)?.blob !== after.get(key)?.blob) this.#cause(key, move, after.get(key));
      else if (move.kind === 'pull') this.#cause(key, move, after.get(key), this.#left);
  }

  #cause(key: Key, move: Move, content: Content | undefined, among = this.#causes): void {
    const { least, most } = this.settings.approvals;
    const cause = { ...move, content, approvals: least, mostApprovals: most };
    among.set(key, [...(among.get(key) ?? []), cause]);
  }

  /** The operator has these cells served from now on. */
  serves(cells: readonly string[]): void {
    this.#served = cells;
  }

  #isServed(key: Key): boolean {
    return this.#served.includes(cellOf(key));
  }

  /** Greffier looks for the first time, or at a cell for the first time: what is there is taken as it stands. */
  looks(contents: Contents): void {
    for (const [key, content] of contents) {
      if (!this.#isServed(key) || this.#everServed.has(cellOf(key))) continue;
      this.#cause(key, { kind: 'installed' }, content);
    }
  }

  /** A run came to its end, and nothing moved meanwhile. */
  reconciled(contents: Contents): void {
    this.settings.reconciled();
    for (const cell of this.#served) this.#everServed.add(cell);
    for (const all of [this.#causes, this.#left])
      for (const [key, causes] of all) {
        const present = causes.filter(({ content }) => content?.blob === contents.get(key)?.blob);
        all.set(key, present);
      }
  }

  interrupted(): void {
    this.#wasInterrupted = true;
  }

  /**
   * The review of a commit came to its end: merging would make this of the default branch.
   *
   * @param sides.claims the result, where what cannot be read claims what it last claimed
   *
   * @param isWhole nothing moved while it was judged, and it changes definitions alone
   */
  shows(
    { number, head }: MergedHead,
    {
      base,
      result,
      claims,
    }: { readonly base: Contents; readonly result: Contents; readonly claims: Contents },
    clients: Clients,
    isWhole: boolean,
  ): void {
    const isFlawless = ([key, { blob, metadata }]: [Key, Content]) =>
      base.get(key)?.blob === blob || (metadata !== undefined && !isClaimedTwice(claims, key));
    const isSound = isWhole && [...result].every(isFlawless);
    const name = `${number} ${head}`;
    const shown = this.#shown.get(name) ?? new Map<Key, Shown[]>();
    this.#shown.set(name, shown);
    for (const key of new Set([...base.keys(), ...result.keys()])) {
      const content = result.get(key);
      if (base.get(key)?.blob === content?.blob) continue;
      if (content !== undefined && content.metadata === undefined) continue;
      if (!this.#isServed(key)) continue;
      const action = content === undefined ? 'deactivate' : this.#actionOn(clients.get(key));
      const step = { action, metadata: content?.metadata, from: clients.get(key)?.live, isSound };
      shown.set(key, [...(shown.get(key) ?? []), step]);
    }
  }

  #actionOn(client: ClientState | undefined): Action {
    if (client === undefined || !this.#wasLive.has(client.clientId)) return 'create';
    const { live } = client.people === undefined ? client : { live: client.people.standing };
    return live === undefined ? 'revive' : 'update';
  }

  /** A digest stands for a step on this client, as it says where it is written. */
  offers(digest: string, key: Key, heads: readonly Contents[]): void {
    const blobs = new Set(heads.map((contents) => contents.get(key)?.blob));
    const causes = (this.#causes.get(key) ?? []).filter(({ content }) => blobs.has(content?.blob));
    const authors = causes.map((cause) => ('author' in cause ? cause.author : undefined));
    const known = this.#offers.get(digest);
    const metadata = known?.metadata ?? heads.map((contents) => contents.get(key)?.metadata);
    this.#offers.set(digest, { key, metadata, authors: this.#drifted.has(key) ? [] : authors });
  }

  /** A digest stands for the end of all these. Where each has its word, anyone who may write confirms that it is all. */
  offersMany(digest: string, keys: readonly Key[]): void {
    this.#offersOfMany.set(digest, keys);
    const [key = ''] = keys;
    this.#offers.set(digest, { key, metadata: [], authors: [] });
  }

  /** @returns whether it is theirs to confirm */
  mayConfirm(digest: string, by: string): boolean {
    const authors = this.settings.authorsOf(digest) ?? this.#offers.get(digest)?.authors;
    if (authors === undefined || !this.#writers.has(by)) return false;
    return authors.length === 0 || authors.some((author) => author !== by);
  }

  confirms(digest: string, by: string): void {
    if (!this.mayConfirm(digest, by)) return;
    this.settings.confirms(digest);
    this.asks();
    const offer = this.#offers.get(digest);
    if (offer === undefined) return;
    const many = this.#offersOfMany.get(digest);
    if (many === undefined) this.#confirmed.push(offer);
    for (const key of many ?? []) {
      this.#confirmedToGo.add(key);
      this.#confirmed.push({ key, metadata: [undefined] });
    }
  }

  /** The operator has tied a client to a definition. @returns the clients as they are then */
  adopts(key: Key, clients: Clients, client: ClientState): Clients {
    this.#wasLive.add(client.clientId);
    return new Map(clients).set(key, client);
  }

  /** Somebody changed a client at the provider. @returns the clients as they are then */
  tampers(key: Key, clients: Clients, change: (metadata: string) => string): Clients {
    const client = clients.get(key);
    if (client?.live === undefined) return clients;
    if (!this.#drifted.has(key)) this.#drifted.set(key, client.live);
    return new Map(clients).set(key, { ...client, live: change(client.live) });
  }

  /** The delay between a removal and a deletion has passed for what is inactive now. */
  delays(clients: Clients): void {
    for (const { clientId, live } of clients.values()) if (live === undefined) this.#delayed.add(clientId);
  }

  /**
   * What became of the clients in one run of Greffier.
   *
   * @param heads what the default branch was meanwhile
   * @returns what nobody gave, in words
   */
  observes(before: Clients, after: Clients, heads: readonly Contents[]): readonly string[] {
    const violations: string[] = [];
    const went = [...before].filter(
      ([key, { live }]) =>
        live !== undefined && after.get(key)?.live === undefined && !this.#confirmedToGo.has(key),
    );
    if (went.length > 10) violations.push(`${went.length} clients went at once, and nobody confirmed that`);
    for (const [key] of before) if (after.get(key)?.live === undefined) this.#confirmedToGo.delete(key);
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const what = this.#violation(key, before.get(key), after.get(key), heads);
      if (what !== undefined) violations.push(`${key}: ${what}`);
    }
    for (const { clientId, live, people } of after.values())
      if ((people === undefined ? live : people.standing) !== undefined) this.#wasLive.add(clientId);
    return violations;
  }

  #violation(
    key: Key,
    before: ClientState | undefined,
    after: ClientState | undefined,
    heads: readonly Contents[],
  ): string | undefined {
    if (before?.clientId === after?.clientId && before?.live === after?.live) return undefined;
    // What people have not done is asked no longer, which leaves what there is.
    const isMade = before?.people?.standing !== undefined || before?.people?.clientId !== undefined;
    if (
      before?.people !== undefined &&
      after?.live === before.people.standing &&
      (after !== undefined || !isMade)
    )
      return undefined;
    if (!this.#isServed(key)) return 'its client changed in a cell that is not served';
    const wasLive = before !== undefined && this.#wasLive.has(before.clientId);
    if (wasLive && after !== undefined && after.clientId !== before.clientId)
      return 'another client took its place';
    if (after?.live !== undefined) return this.#withoutWord(key, this.#actionOn(before), after.live);
    if (before === undefined || !wasLive) return undefined;
    if (heads.every((contents) => contents.has(key))) return 'its client went while its file is there';
    if (after !== undefined) return this.#withoutWord(key, 'deactivate', undefined);
    if (before.live !== undefined) return 'its client was deleted while it was live';
    return this.#delayed.has(before.clientId)
      ? undefined
      : 'its client was deleted before the delay had passed';
  }

  #withoutWord(key: Key, action: Action, metadata: string | undefined): string | undefined {
    const drifted = this.#drifted.get(key);
    this.#drifted.delete(key);
    const isRepair = drifted !== undefined && drifted === metadata && !this.#wasInterrupted;
    if (
      !isRepair &&
      [...(this.#causes.get(key) ?? []), ...(this.#left.get(key) ?? [])].some((cause) =>
        this.#isWord(cause, key, action, metadata),
      )
    )
      return undefined;
    const index = this.#confirmed.findIndex((one) => one.key === key && one.metadata.includes(metadata));
    if (index !== -1) {
      this.#confirmed = this.#confirmed.toSpliced(index, 1);
      return undefined;
    }
    const causes = (this.#causes.get(key) ?? [])
      .map(({ content: _, ...cause }) => JSON.stringify(cause))
      .join(', ');
    return `${action} without a word${isRepair ? ' (drift)' : ''}: ${metadata ?? 'nothing is there'}; it came by ${causes || 'nothing'}`;
  }

  #isWord(cause: Cause, key: Key, action: Action, metadata: string | undefined): boolean {
    if (cause.content?.metadata !== metadata) return false;
    if (metadata === undefined && cause.content !== undefined) return false;
    const isProduction = key.includes('/production/');
    if (cause.kind === 'installed') return true;
    if (cause.kind === 'push') return !isProduction;
    const { number, head } = cause.merged;
    const shown = this.#shown.get(`${number} ${head}`)?.get(key) ?? [];
    if (!shown.some((one) => one.action === action && one.metadata === metadata)) return false;
    return !isProduction || this.#isApproved(cause.merged, cause.author, cause.approvals);
  }

  #isApproved(merged: MergedHead, author: string, approvals: number): boolean {
    const counted = [...this.#approving(merged)].filter(
      (login) => this.#writers.has(login) && login !== author,
    );
    return counted.length >= approvals;
  }

  /** Whether a writer has seen a pull request at a commit, or made it. */
  isAgreed(merged: MergedHead, author: string): boolean {
    return this.#writers.has(author) || this.#isApproved(merged, author, 1);
  }

  /** Whether a pull request has what production asks for now, at a commit. */
  isApproved(merged: MergedHead, author: string): boolean {
    return this.#isApproved(merged, author, this.settings.approvals.least);
  }

  /**
   * Whether a definition as it is has all its words beyond doubt, so that nothing may hold it: it came there in one way,
   * and that way was whole.
   */
  hasAllWords(key: Key, content: Content | undefined, client: ClientState | undefined): boolean {
    const [cause, ...others] = this.#causes.get(key) ?? [];
    if (cause === undefined || others.length > 0 || this.#drifted.has(key)) return false;
    // Of a branch that was moved back nothing is left to tell it from what was merged before Greffier looked.
    if (cause.kind === 'push' && cause.author === undefined) return false;
    const action = content === undefined ? 'deactivate' : this.#actionOn(client);
    const isRead = content === undefined || content.metadata !== undefined;
    const isWhole = isRead && cause.content?.blob === content?.blob;
    if (!isWhole || !this.#isWord(cause, key, action, content?.metadata)) return false;
    if (cause.kind !== 'pull') return true;
    const isProduction = key.includes('/production/');
    if (isProduction && !this.#isApproved(cause.merged, cause.author, cause.mostApprovals)) return false;
    const shown = this.#shown.get(`${cause.merged.number} ${cause.merged.head}`)?.get(key) ?? [];
    const last = shown.at(-1);
    return last?.isSound === true && last.from === client?.live && last.metadata === content?.metadata;
  }
}
