/** What is looked at. */
import { type CellName, cellNames } from '#base/config/cells';
import type { Configuration } from '#base/config/config-file';
import type { EnvironmentConfig } from '#base/config/environment';
import { handsKeysOver } from '#domain/provisioning/provider';

export interface Installation {
  readonly settings: EnvironmentConfig;
  readonly configuration: Configuration;
  /** Whether a file configures it. */
  readonly configured: boolean;
  readonly version: string;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The cells whose keys Greffier hands over: they need a key, an address and mails. */
export function handingOver({ cells }: Configuration): readonly CellName[] {
  return cellNames.filter((name) => {
    const cell = cells[name];
    return cell !== undefined && handsKeysOver[cell.provider];
  });
}
