/**
 * What the settings hold, as docs/authority.md says it: as much as the file says, and no less than was agreed. In histories
 * they reach the default branch by pushes alone, so that only the first look and a confirmation agree to less.
 */

/** Of all that settings say, what histories play with. */
export interface Held {
  /** Of production. */
  readonly approvals: number;
  /** Whether Greffier merges by itself. */
  readonly merges: boolean;
  /** The cells that stand still. */
  readonly freezes: readonly string[];
}

interface SettingsOffer {
  readonly held: Held;
  readonly authors: readonly (string | undefined)[];
}

export class SettingsModel {
  #present: Held;
  /** The least that may be agreed by now. */
  #agreed: Held;
  /** The most approvals that were ever there. */
  #most: number;
  /** Who pushed other settings since the first look; undefined where GitHub does not say. */
  readonly #authors = new Set<string | undefined>();
  readonly #offers = new Map<string, SettingsOffer>();

  /** @param present what is there at the first look */
  constructor(present: Held) {
    this.#present = present;
    this.#agreed = present;
    this.#most = present.approvals;
  }

  /** The approvals that production needs now, at the least and at the most. */
  get approvals(): { readonly least: number; readonly most: number } {
    return { least: Math.max(this.#agreed.approvals, this.#present.approvals), most: this.#most };
  }

  get merges(): boolean {
    return this.#agreed.merges && this.#present.merges;
  }

  moves(present: Held, author: string | undefined): void {
    if (JSON.stringify(present) !== JSON.stringify(this.#present)) this.#authors.add(author);
    this.#present = present;
    this.#most = Math.max(this.#most, present.approvals);
  }

  /** A run came to its end, and nothing moved meanwhile: what is stricter is agreed by being there. */
  reconciled(): void {
    const { approvals, merges } = this.#present;
    this.#agreed = {
      ...this.#present,
      approvals: Math.max(this.#agreed.approvals, approvals),
      merges: this.#agreed.merges && merges,
    };
  }

  /** A digest stands for what is there, as it says where it is written. */
  offers(digest: string): void {
    if (!this.#offers.has(digest))
      this.#offers.set(digest, { held: this.#present, authors: [...this.#authors] });
  }

  /** Who may have brought what a digest stands for; undefined where it stands for no settings. */
  authorsOf(digest: string): readonly (string | undefined)[] | undefined {
    return this.#offers.get(digest)?.authors;
  }

  confirms(digest: string): void {
    const offer = this.#offers.get(digest);
    if (offer === undefined) return;
    this.#agreed = {
      ...offer.held,
      approvals: Math.min(this.#agreed.approvals, offer.held.approvals),
      merges: this.#agreed.merges || offer.held.merges,
    };
  }
}
