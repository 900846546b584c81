import type { RegistryMirror } from '#application/mirror/mirror';
import type { ReviewStore } from '#application/mirror/review-store';
import { readDefinition } from '#domain/definition/read-definition';

/**
 * A definition of the default branch as it was read last, to one of its technical contacts; undefined to anybody else, as
 * if it were not there.
 *
 * @param email verified, in lower case
 */
export async function readOwnDefinition(
  mirror: RegistryMirror,
  store: Pick<ReviewStore, 'blobs'>,
  path: string,
  email: string,
): Promise<string | undefined> {
  await mirror.commit();
  const blob = mirror.now()?.files.get(path)?.blob;
  const bytes = blob === undefined ? undefined : (await store.blobs([blob])).get(blob);
  if (bytes === undefined) return undefined;
  const contacts = readDefinition({ path, bytes }).partial?.technicalContacts ?? [];
  return contacts.some(({ value }) => value.toLowerCase() === email)
    ? new TextDecoder().decode(bytes)
    : undefined;
}
