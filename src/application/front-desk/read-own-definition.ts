import type { ReviewStore } from '#application/mirror/review-store';
import { addressKey } from '#base/mail-address';
import { readDefinition } from '#domain/definition/read-definition';

/** What there is at a path of the default branch, as far as someone may know it. */
export type DefinitionThere =
  | { readonly kind: 'free' }
  /** Somebody else's: that it is there is all that is said. */
  | { readonly kind: 'taken' }
  | {
      readonly kind: 'own';
      readonly text: string;
      /** Of the default branch. */
      readonly commit: string;
      readonly blob: string;
      /** An earlier version that was asked for, where it is still known and was theirs too. */
      readonly before?: string;
    };

/**
 * A definition of the default branch as it was read last, by whatever process: a page that is told another version than the
 * one before would take that for a change. With its text to one of its technical contacts only.
 *
 * @param registry the key of the registry's rows
 * @param email verified, in lower case
 * @param before the blob of an earlier version
 */
export async function readOwnDefinition(
  store: Pick<ReviewStore, 'blobs' | 'database'>,
  registry: string,
  path: string,
  email: string,
  before?: string,
): Promise<DefinitionThere> {
  // In one statement: file and commit belong together.
  const row = await store.database
    .selectFrom('registry_commits')
    .innerJoin('registry_files', 'registry_files.repo', 'registry_commits.repo')
    .select(['registry_commits.commit', 'registry_files.blob'])
    .where('registry_commits.repo', '=', registry)
    .where('registry_files.path', '=', path)
    .executeTakeFirst();
  if (row === undefined) return { kind: 'free' };
  const { commit, blob } = row;
  const blobs = await store.blobs([blob, ...(before === undefined ? [] : [before])]);
  const ownText = (bytes: Uint8Array | undefined): string | undefined => {
    const contacts =
      bytes === undefined ? [] : (readDefinition({ path, bytes }).partial?.technicalContacts ?? []);
    return contacts.some(({ value }) => addressKey(value) === email)
      ? new TextDecoder().decode(bytes)
      : undefined;
  };
  const text = ownText(blobs.get(blob));
  if (text === undefined) return { kind: 'taken' };
  const earlier = before === undefined ? undefined : ownText(blobs.get(before));
  return { kind: 'own', text, commit, blob, ...(earlier !== undefined && { before: earlier }) };
}
