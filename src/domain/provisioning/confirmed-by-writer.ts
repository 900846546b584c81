/**
 * The word of someone who may write to a repository. Only the check makes one (`confirmWriter` of
 * `infrastructure/github/read/rights.ts`), so that what asks for it cannot be done on anybody's else.
 */
declare const checked: unique symbol;

export interface ConfirmedByWriter {
  readonly login: string;
  /** The number of the account, which it keeps when its login changes. */
  readonly account: number;
  readonly [checked]: true;
}
