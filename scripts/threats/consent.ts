/** How someone could pass for more consent than was given. */
import { proof, type Threat } from './model.ts';

/** What an applicant could do to it. */
export const byBorrowedConsent: readonly Threat[] = [
  {
    threat:
      'A branch that holds the commits of someone else’s request and undoes them, or merged them for itself and left them out: the day that one is merged, merging this one takes it back',
    protection:
      'A comparison is believed only where two commits have one nearest common ancestor; it counts before GitHub’s own list of files; and a request is judged again when the default branch gets a commit that it has.',
    proofs: [
      proof(
        'application/pull-requests/merge-result.ts',
        'const isSole = await ancestorIsSole(deps, own);',
        'const isSole = true;',
        'application/pull-requests/criss-cross',
        'though a comparison shows nothing of it',
      ),
      proof(
        'application/pull-requests/merge-result.ts',
        'isSole && merged.commits?.includes(own.mergeBase) === false;',
        'true;',
        'application/pull-requests/criss-cross',
        'is not told by a test merge of before the histories crossed',
      ),
      proof(
        'application/pull-requests/merge-result.ts',
        'files: [...compared.files, ...more], complete',
        'files: listed.items, complete',
        'application/pull-requests/criss-cross',
        'is judged again when another request is merged and this one',
      ),
      proof(
        'application/pull-requests/rereview-affected.ts',
        'isPartlyIn(number),',
        'false,',
        'application/pull-requests/criss-cross',
        'is judged again when another request is merged and this one',
      ),
    ],
  },
  {
    threat: 'A page for people (the README, say) that comes with a definition which is merged by itself',
    protection: 'What is merged without anyone are definitions of integration, and no other file.',
    proofs: [
      proof(
        'domain/review/evaluate/merges-by-itself.ts',
        "paths.every((path) => placeFromPath(path)?.environment === 'integration')",
        "paths.some((path) => placeFromPath(path)?.environment === 'integration')",
        'application/pull-requests/merging',
        'a page for people comes with the definition',
      ),
    ],
  },
];
