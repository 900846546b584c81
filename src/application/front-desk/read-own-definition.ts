import type { RegistryMirror } from '#application/mirror/mirror';
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
 * A definition of the default branch as it was read last, with its text to one of its technical contacts only.
 *
 * @param email verified, in lower case
 * @param before the blob of an earlier version
 */
export async function readOwnDefinition(
  mirror: RegistryMirror,
  store: Pick<ReviewStore, 'blobs'>,
  path: string,
  email: string,
  before?: string,
): Promise<DefinitionThere> {
  await mirror.commit();
  const view = mirror.now();
  const commit = view?.commit;
  const blob = view?.files.get(path)?.blob;
  if (commit === undefined || blob === undefined) return { kind: 'free' };
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
