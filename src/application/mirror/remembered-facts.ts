/** What is known of definitions besides what their files say now. */
import { defined } from '#base/defined';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import type { ReviewDeps } from './deps.ts';
import { lastReadableBlobs } from './last-readable.ts';
import type { RegistryView } from './mirror.ts';

/** @param view as it is now: the mirror may move on while this waits */
export async function rememberedFacts(
  deps: Pick<ReviewDeps, 'repo' | 'store' | 'hasClient'>,
  { files }: RegistryView,
  paths: readonly string[],
): Promise<Pick<PullRequestFacts, 'baseLinks' | 'lastReadable' | 'returning'>> {
  const links = paths.flatMap((path) => {
    const mode = files.get(path)?.mode;
    return mode === 'symlink' || mode === 'submodule' ? [[path, mode] as const] : [];
  });
  const absent = [...new Set(paths)].filter((path) => !files.has(path));
  const [last, returning] = await Promise.all([
    lastReadableBlobs(deps.store.database, deps.repo, paths),
    withClient(deps, absent),
  ]);
  return defined({
    baseLinks: links.length === 0 ? undefined : Object.fromEntries(links),
    returning: returning.length === 0 ? undefined : returning.sort(),
    lastReadable: last.size === 0 ? undefined : Object.fromEntries(last),
  });
}

/** Those of the paths where a provider still has a client. */
async function withClient(
  { hasClient }: Pick<ReviewDeps, 'hasClient'>,
  paths: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  if (hasClient !== undefined) for (const path of paths) if (await hasClient(path)) found.push(path);
  return found;
}
