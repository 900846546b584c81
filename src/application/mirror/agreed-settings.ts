/**
 * What was agreed of the settings, kept apart from the file: what stands on the default branch holds no less than this,
 * whoever pushed it there. It is what reconciling last found a word for; reviews only look.
 */
import type { Kysely, Transaction } from 'kysely';
import { defined } from '#base/defined';
import { readSettings, type Settings } from '#domain/registry/settings';
import { settingsText } from '#domain/registry/settings-text';
import { storableJson } from '#infrastructure/database/storable-json';
import type { Tables } from '#infrastructure/database/tables';
import { agreedSettingsTopic, topicDigest, writeTopic } from '#infrastructure/database/topics';

/** Settings of the default branch that are not in force as they stand. */
export interface HeldSettings {
  /** By which they are confirmed. */
  readonly digest: string;
  /** The accounts that brought them there, as GitHub numbers them; absent where nobody can tell: then nobody confirms them. */
  readonly authors?: readonly string[];
  /** The last commit that had touched their file, when that was found. */
  readonly touched?: string;
}

export interface AgreedSettings {
  readonly settings: Settings;
  /** Milliseconds, in whole seconds as GitHub counts: the word of what was merged before is used up. */
  readonly since: number;
  readonly held?: HeldSettings;
}

interface Row {
  readonly text: string;
  readonly since: number;
  readonly held?: HeldSettings;
}

/** @returns undefined where Greffier has not looked yet */
export async function agreedSettings(
  db: Pick<Kysely<Tables>, 'selectFrom'>,
  registry: string,
): Promise<AgreedSettings | undefined> {
  const kept = await topicDigest(db, registry, agreedSettingsTopic);
  if (kept === undefined) return undefined;
  const { text, since, held } = JSON.parse(kept) as Row;
  return defined({ settings: readSettings(text).settings, since, held });
}

export async function saveAgreedSettings(
  db: Transaction<Tables>,
  registry: string,
  { settings, since, held }: AgreedSettings,
): Promise<void> {
  const kept: Row = defined({ text: settingsText(settings), since, held });
  await writeTopic(db, registry, agreedSettingsTopic, storableJson(kept));
}
