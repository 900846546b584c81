/** One cell that the operator configured, and all that reconciling asks there. */

import type { Message } from '#base/i18n/message';
import type { CellInfo } from '#domain/provisioning/outcome';
import type { Provider } from '#domain/provisioning/provider';
import type { IssueTracker } from '#infrastructure/identity-providers/manual';
import type { RedirectUriProbe } from '#infrastructure/identity-providers/redirect-uri-probe';

/** From the server where the clients of a cell were made to the one that is configured. */
export interface ServerChange {
  readonly from: string;
  readonly to: string;
}

export interface ServedCell {
  readonly provider: Provider;
  readonly info: CellInfo;
  readonly probe?: RedirectUriProbe;
  /**
   * The kind of provider and its addresses: what its clients' numbers belong to. Absent where there is none to change.
   */
  readonly server?: string;
  /** Its clients were made at another server: see `known-servers`. */
  readonly changed?: ServerChange;
  /** Drift is put right without asking. */
  readonly repair: boolean;
  /** The same cell once GitHub was asked where it is, for what only a name says. @param server that is remembered */
  readonly located?: (server: string | undefined) => Promise<ServedCell>;
  /** Where requests are opened, for `manual`: `owner/name` and number, and whether that is the registry itself. */
  readonly requests?: {
    readonly tracker: IssueTracker;
    readonly repository: string;
    readonly id?: string;
    readonly inRegistry: boolean;
  };
  /** Why nothing can be done in this cell from here: what would change is planned, and left. */
  readonly unavailable?: Message;
}
