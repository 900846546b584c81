/** What people are asked to confirm, as they read it on GitHub. */
import { type Issue, isPullRequest, type Repository } from '#demo/github/state';
import type { Key } from './definitions.ts';

/** A digest that may be confirmed, where people read it, and of whose client it is. */
export interface Offered {
  readonly on: Issue;
  readonly key: Key;
  readonly digest: string;
  /** Of many removals at once: all of them. */
  readonly many?: readonly Key[];
}

/** Of the issue in which settings are confirmed. */
export const heldSettingsTitle = 'Des réglages assouplis';

const places =
  /((?:internet|rie)\/(?:integration|production)\/[a-z0-9-]+)|confirm ([0-9a-f]{32})|empreinte `?([0-9a-f]{32})/g;

/** The digests that may be confirmed, as people read them, and where. */
export function offeredIn(repository: Repository): readonly Offered[] {
  return [...repository.issues.values()].flatMap((on) => {
    const texts = on.comments.filter(({ author }) => author.type === 'Bot').map(({ body }) => body);
    if (!isPullRequest(on) && on.state === 'open') texts.push(on.body ?? '');
    return texts.flatMap((text) => {
      let key = '';
      return Array.from(text.matchAll(places)).flatMap(([, place, digest, drifted]) => {
        key = place ?? key;
        const named = digest ?? drifted;
        if (named === undefined) return [];
        const isOfMany = !isPullRequest(on) && on.title.startsWith('Suppressions');
        const many = Array.from(text.matchAll(places)).flatMap(([, one]) => one ?? []);
        return [{ on, key, digest: named, ...(isOfMany && { many }) }];
      });
    });
  });
}
