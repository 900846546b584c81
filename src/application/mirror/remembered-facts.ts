/** What is known of definitions besides what their files say now. */
import { defined } from '#base/defined';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import type { ReviewDeps } from './deps.ts';
import { lastReadableBlobs } from './last-readable.ts';
import type { RegistryView } from './mirror.ts';

/** @param view as it is now: the mirror may move on while this waits */
export async function rememberedFacts(
  deps: Pick<ReviewDeps, 'repo' | 'store' | 'clientAt'>,
  { files }: RegistryView,
  paths: readonly string[],
): Promise<Pick<PullRequestFacts, 'baseLinks' | 'lastReadable' | 'returning' | 'adopted'>> {
  const links = paths.flatMap((path) => {
    const mode = files.get(path)?.mode;
    return mode === 'symlink' || mode === 'submodule' ? [[path, mode] as const] : [];
  });
  const absent = [...new Set(paths)].filter((path) => !files.has(path));
  const [last, clients] = await Promise.all([
    lastReadableBlobs(deps.store.database, deps.repo, paths),
    clientsAt(deps, absent),
  ]);
  const returning = [...clients.keys()].sort();
  const adopted = returning.filter((path) => clients.get(path) === 'adopted');
  return defined({
    baseLinks: links.length === 0 ? undefined : Object.fromEntries(links),
    returning: returning.length === 0 ? undefined : returning,
    adopted: adopted.length === 0 ? undefined : adopted,
    lastReadable: last.size === 0 ? undefined : Object.fromEntries(last),
  });
}

/** Of the paths where a provider still has a client, whether it was adopted for a definition that is to come. */
async function clientsAt(
  { clientAt }: Pick<ReviewDeps, 'clientAt'>,
  paths: readonly string[],
): Promise<ReadonlyMap<string, 'there' | 'adopted'>> {
  const found = new Map<string, 'there' | 'adopted'>();
  for (const path of clientAt === undefined ? [] : paths) {
    const client = await clientAt?.(path);
    if (client === 'there' || client === 'adopted') found.set(path, client);
  }
  return found;
}
