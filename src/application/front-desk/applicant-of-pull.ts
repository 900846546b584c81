import { defined } from '#base/defined';
import type { DeskApplicant } from '#domain/registry/rules/rule';
import type { Person } from '#domain/review/facts/facts';
import { digestOf } from './request-base.ts';
import type { RequestStore, StoredRequest } from './request-store.ts';

/** Whether the person withdrew, or corrected, what GitHub still shows: their word is for the last thing that they sent. */
function isTakenBack(request: StoredRequest): boolean {
  const { state, made } = request;
  return state === 'withdrawing' || state === 'withdrawn' || made !== digestOf(request);
}

/**
 * Whose word a pull request is, if it is one of the desk's: by the App as its author and by our own table, whatever its
 * branch, title or text say. The word is bound to the very commit that the desk made.
 *
 * @param appLogin as which the App writes: nobody else can have a login that ends in `[bot]`
 */
export async function applicantOfPull(
  requests: Pick<RequestStore, 'ofPull' | 'applicantOf'>,
  appLogin: string,
  { number, author, head }: { readonly number: number; readonly author: Person; readonly head: string },
): Promise<DeskApplicant | undefined> {
  if (!author.bot || author.login !== appLogin) return undefined;
  const request = await requests.ofPull(number);
  // Not written down yet, or no more readable: nobody's word.
  const applicant = request && requests.applicantOf(request);
  if (request === undefined || applicant === undefined || request.shared || request.commit !== head)
    return { word: 'overtaken' };
  if (isTakenBack(request)) return { word: 'overtaken' };
  return defined({ word: 'own' as const, email: applicant.email, siret: applicant.siret });
}
