/** What people wrote on a pull request. What the App and other bots wrote is none of it. */
import type { RequestRemark } from '#infrastructure/database/tables/front-desk';
import { latestCommentsOf, latestLineCommentsOf, reviewsOf } from '#infrastructure/github/client/pagination';
import type { RepositoryClient } from '#infrastructure/github/client/repository-client';

/** Remarks of more people than this would be no conversation: the last ones are kept. */
const maxRemarks = 500;

/** What GitHub calls those who keep a registry, where it shows it. */
const ofTeam: ReadonlySet<string> = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

interface Writer {
  readonly login: string;
  readonly type?: string;
}

/**
 * The oldest first. On a public registry anybody may write: of a long conversation only the end is read.
 *
 * @param comments how many there are, besides reviews and those on lines
 */
export async function readConversation(
  repository: RepositoryClient,
  { number, comments }: { readonly number: number; readonly comments: number },
): Promise<readonly RequestRemark[]> {
  const remarks: RequestRemark[] = [];
  const add = (
    id: string,
    by: Writer | null | undefined,
    at: string | undefined,
    text: string,
    association: string | undefined,
    decision?: RequestRemark['decision'],
  ) => {
    if (by?.type === 'Bot' || at === undefined) return;
    if (text.trim() === '' && decision === undefined) return;
    remarks.push({
      id,
      login: by?.login ?? 'ghost',
      at,
      text,
      ...(association !== undefined && ofTeam.has(association) && { team: true }),
      ...(decision !== undefined && { decision }),
    });
  };
  for (const { id, user, created_at, body, author_association: by } of await latestCommentsOf(
    repository,
    number,
    comments,
  ))
    add(`comment-${id}`, user, created_at, body ?? '', by);
  for await (const { id, user, submitted_at, body, state, author_association: by } of reviewsOf(
    repository,
    number,
  ))
    add(`review-${id}`, user, submitted_at, body, by, decisions[state]);
  for (const { id, user, created_at, body, author_association: by } of await latestLineCommentsOf(
    repository,
    number,
  ))
    add(`line-${id}`, user, created_at, body, by);
  return remarks.toSorted((one, other) => one.at.localeCompare(other.at)).slice(-maxRemarks);
}

const decisions: Readonly<Record<string, RequestRemark['decision']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
};
