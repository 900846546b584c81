/** Whose the App will be, and what is said of it before anyone presses the button. */
import type { Translator } from '#base/i18n/translator';
import type { CreateAppKey } from './words.ts';

export interface AppOwner {
  readonly kind: 'organization' | 'person';
  /** Unknown of a person who did not say it: whoever is signed in at GitHub in the browser. */
  readonly login?: string;
}

/**
 * @param github the host of GitHub's pages
 * @param registry `owner/name`
 */
export function ownerSentences(
  t: Translator<CreateAppKey>,
  owner: AppOwner,
  github: string,
  registry: string | undefined,
): readonly string[] {
  const { kind, login } = owner;
  const of = registry?.split('/')[0];
  const first =
    kind === 'organization'
      ? t('owner-organization', { owner: login ?? '', github })
      : login === undefined
        ? t('owner-you', { github })
        : t('owner-person', { owner: login, github });
  const isElsewhere = of !== undefined && login !== undefined && login.toLowerCase() !== of.toLowerCase();
  if (registry === undefined || of === undefined) return [first];
  if (isElsewhere) return [first, t('owner-elsewhere', { registry, other: of })];
  return login === undefined ? [first, t('owner-must-be', { registry, other: of })] : [first];
}
