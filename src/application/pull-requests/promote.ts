/**
 * `/greffier promote`: what the definitions of integration of a pull request, or the one that is named, are in production: as
 * pull requests of the App's own, or, where it may not write, as text.
 */
import type { ReviewDeps } from '#application/mirror/deps';
import type { CommandResult } from '#application/reconciliation/command-context';
import { networks } from '#base/config/cells';
import { idPattern, type Place, pathFromPlace, placeFromPath } from '#domain/definition/cell';
import { readDefinition } from '#domain/definition/read-definition';
import { promotionOf } from '#domain/registry/promotion';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { promoteReply } from '#domain/review/commands/promote-reply';
import type { ReviewTranslator } from '#domain/review/render/messages';
import { listPullRequestFiles } from '#infrastructure/github/read/comparison';
import { readRepository, resolveBranch } from '#infrastructure/github/read/repository';
import { readBlob } from '#infrastructure/github/read/stored-objects';
import type { CommentFacts } from '#infrastructure/queue/job-kinds';
import { proposePromotion } from './propose-promotion.ts';

export interface PromoteCommand {
  /** The pull request or issue of the registry in which it stands. */
  readonly number: number;
  readonly comment: CommentFacts;
  readonly named: string | undefined;
}

/** More at once is no answer that anyone reads. */
const maxPromotions = 5;

/**
 * Says it of what stands on the default branch: what is not merged yet has nothing to promote.
 *
 * @param named the id of a definition; those that the pull request touched when absent
 * @param requestReview asks for the verdict on a pull request that was opened
 */
export async function promote(
  deps: ReviewDeps,
  t: ReviewTranslator,
  { number, comment, named }: PromoteCommand,
  requestReview: (pull: number) => Promise<void>,
): Promise<CommandResult> {
  const { repository, mirror } = deps;
  const facts = await readRepository(repository);
  const commit = (await mirror.commit()) ?? (await resolveBranch(repository, facts.defaultBranch));
  const asked = named === undefined ? await touchedBy(repository, number) : placesOf(named);
  const { files } = await mirror.at(repository, commit);
  const blobs = new Map([...files].map(([path, { blob }]) => [path, blob]));
  const there = asked.filter((place) => blobs.has(pathFromPlace(place)));
  if (there.length === 0)
    return { ok: false, text: t('promote.nothing', { command: '/greffier promote ID' }) };
  const texts: string[] = [];
  let promoted = 0;
  for (const place of there.slice(0, maxPromotions)) {
    const path = pathFromPlace(place);
    const target = pathFromPlace({ ...place, environment: 'production' });
    if (blobs.has(target)) {
      texts.push(t('promote.exists', { path: target }));
      continue;
    }
    const read = await readBlob(repository, blobs.get(path) ?? '');
    const definition = 'bytes' in read ? readDefinition({ path, bytes: read.bytes }).definition : undefined;
    if (definition === undefined) {
      texts.push(t('promote.faulty', { path }));
      continue;
    }
    promoted++;
    const promotion = promotionOf(place, definition);
    const { defaultBranch } = facts;
    const pull = await proposePromotion(deps, t, { promotion, comment, number, defaultBranch, commit });
    // Its author was not known before its number was.
    if (pull !== undefined) await requestReview(pull);
    texts.push(promoteReply(t, catalogue, facts, promotion, pull));
  }
  return { ok: promoted > 0, text: texts.join('\n\n') };
}

function placesOf(id: string): readonly Place[] {
  if (!idPattern.test(id)) return [];
  return networks.map((network) => ({ network, environment: 'integration', id }));
}

async function touchedBy(repository: ReviewDeps['repository'], number: number): Promise<readonly Place[]> {
  const { items } = await listPullRequestFiles(repository, number);
  return items.flatMap(({ path }) => {
    const place = placeFromPath(path);
    return place?.environment === 'integration' ? [place] : [];
  });
}
