/** Whose the App will be: the organization of the registry, where it is one's; else whose the registry is. */
import type { Arguments } from '#cli/arguments';
import type { AccountKind } from '#infrastructure/github/client/account-kind';
import type { AppOwner } from '#main/create-app/owner';
import { createAppError } from './words.ts';

/**
 * An App that is not public is installed on the repositories of its owner, and on no other: whose the registry is says whose
 * it has to be. What is said on the command line comes first, and asks nothing of GitHub.
 *
 * @param kindOf asks GitHub what kind of account a name is
 * @throws CliError when it cannot be told
 */
export async function appOwner(
  given: Arguments,
  registry: string | undefined,
  kindOf: (name: string) => Promise<AccountKind>,
): Promise<AppOwner> {
  const organization = given.value('organization');
  const of = registry?.split('/')[0];
  if (organization !== undefined) {
    if (given.has('personal')) throw createAppError('both-owners');
    if (!/^[a-z\d](?:[a-z\d-]{0,38})$/i.test(organization))
      throw createAppError('bad-organization', { organization });
    return { kind: 'organization', login: organization };
  }
  if (given.has('personal') || of === undefined) return { kind: 'person' };
  const found = await kindOf(of);
  switch (found.kind) {
    case 'organization':
    case 'person':
      return found;
    case 'absent':
      throw createAppError('owner-absent', { owner: of });
    case 'untold':
      throw createAppError('owner-untold', { owner: of, reason: found.reason });
  }
}
