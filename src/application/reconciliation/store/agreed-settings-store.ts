/** What was agreed of the settings, as reconciling reads and writes it. */
import { recordAudit } from '#application/ledger/audit-trail';
import { type AgreedSettings, agreedSettings, saveAgreedSettings } from '#application/mirror/agreed-settings';
import { recordChange } from '#application/mirror/base-branch-changes';
import type { FencedDatabase } from '#infrastructure/queue/lease';

export class AgreedSettingsStore {
  readonly #db: FencedDatabase;
  readonly #registry: string;

  /** @param db under the lease of a job, where a job writes it */
  constructor(db: FencedDatabase, registry: string) {
    this.#db = db;
    this.#registry = registry;
  }

  /** What was agreed of the settings; undefined before the first look. */
  find(): Promise<AgreedSettings | undefined> {
    return agreedSettings(this.#db, this.#registry);
  }

  /**
   * Notes what is agreed of the settings from now on, in the audit trail too.
   *
   * @param entry on whose word
   * @param isLooser what open pull requests ask for is said anew
   */
  async save(
    agreed: AgreedSettings,
    entry: Readonly<Record<string, unknown>>,
    isLooser = false,
  ): Promise<void> {
    const registry = this.#registry;
    await this.#db.transaction().execute(async (transaction) => {
      await saveAgreedSettings(transaction, registry, agreed);
      await recordAudit(transaction, registry, entry);
      if (isLooser) await recordChange(transaction, registry, 'everything');
    });
  }
}
