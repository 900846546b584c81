/** What can still happen to a request, by its state, and what its person was told. */
import type { RequestState, ToldOfRequest } from '#infrastructure/database/tables/front-desk';

/** In these a request can still be corrected, answered and withdrawn. */
export const living: readonly RequestState[] = ['sending', 'open'];

/** Whether the person may write to the team, who still see it: about keys that are lost, or why it was refused. */
export function takesAnswers({ state }: { readonly state: RequestState }): boolean {
  return living.includes(state) || state === 'merged' || state === 'closed';
}

export function wasTold(told: ToldOfRequest, event: string): boolean {
  return told.events?.includes(event) ?? false;
}
