/** Which checks a branch demands before a merge: by rule sets, or by the protection of the branch. */
import { type RepositoryClient, repoParams, statusOf } from '#infrastructure/github/client/repository-client';

export interface RequiredCheck {
  readonly context: string;
  /** The only App whose check counts; anyone's when absent. */
  readonly appId?: number;
}

/** @returns undefined when GitHub does not show it */
export async function requiredChecks(
  repository: RepositoryClient,
  branch: string,
): Promise<readonly RequiredCheck[] | undefined> {
  const asked = [await byRules(repository, branch), await byProtection(repository, branch)];
  const known = asked.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : known.flat();
}

async function byRules(
  repository: RepositoryClient,
  branch: string,
): Promise<readonly RequiredCheck[] | undefined> {
  return unlessHidden(async () => {
    const { data } = await repository.client.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
      ...repoParams(repository),
      branch,
      per_page: 100,
    });
    return data.flatMap((rule) =>
      rule.type === 'required_status_checks' && 'parameters' in rule
        ? (rule.parameters?.required_status_checks ?? []).map(({ context, integration_id: appId }) =>
            requiredCheck(context, appId),
          )
        : [],
    );
  });
}

async function byProtection(
  repository: RepositoryClient,
  branch: string,
): Promise<readonly RequiredCheck[] | undefined> {
  return unlessHidden(async () => {
    const { data } = await repository.client.request('GET /repos/{owner}/{repo}/branches/{branch}', {
      ...repoParams(repository),
      branch,
    });
    const protection = data.protected ? data.protection?.required_status_checks : undefined;
    const checks: readonly { context: string; app_id?: number | null }[] =
      (protection as { checks?: readonly { context: string; app_id?: number | null }[] } | undefined)
        ?.checks ?? (protection?.contexts ?? []).map((context) => ({ context }));
    return checks.map(({ context, app_id: appId }) => requiredCheck(context, appId));
  });
}

/** -1 stands for any App. */
function requiredCheck(context: string, appId: number | null | undefined): RequiredCheck {
  return appId === null || appId === undefined || appId < 0 ? { context } : { context, appId };
}

async function unlessHidden<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const status = statusOf(error);
    if (status === 403 || status === 404) return undefined;
    throw error;
  }
}
