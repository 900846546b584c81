/** What is known of definitions besides what their files say now. */
import { defined } from '#base/defined';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import type { ReviewDeps, TouchedClients } from './deps.ts';
import { lastReadableBlobs } from './last-readable.ts';
import type { RegistryView } from './mirror.ts';

/**
 * @param view as it is now: the mirror may move on while this waits
 * @param clients of the definitions at these paths, where anything is provisioned
 */
export async function rememberedFacts(
  deps: Pick<ReviewDeps, 'repo' | 'store'>,
  { files }: RegistryView,
  paths: readonly string[],
  clients: Promise<TouchedClients> | undefined,
): Promise<Pick<PullRequestFacts, 'baseLinks' | 'lastReadable' | 'returning' | 'adopted'>> {
  const links = paths.flatMap((path) => {
    const mode = files.get(path)?.mode;
    return mode === 'symlink' || mode === 'submodule' ? [[path, mode] as const] : [];
  });
  const absent = [...new Set(paths)].filter((path) => !files.has(path)).sort();
  const [last, known] = await Promise.all([
    lastReadableBlobs(deps.store.database, deps.repo, paths),
    clients,
  ]);
  const returning = absent.filter((path) => known?.present.get(path) !== undefined);
  const adopted = absent.filter((path) => known?.present.get(path) === 'adopted');
  return defined({
    baseLinks: links.length === 0 ? undefined : Object.fromEntries(links),
    returning: returning.length === 0 ? undefined : returning,
    adopted: adopted.length === 0 ? undefined : adopted,
    lastReadable: last.size === 0 ? undefined : Object.fromEntries(last),
  });
}
