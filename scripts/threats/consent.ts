/** How someone could pass for more consent than was given. */
import { proof, type Threat } from './model.ts';

/** What an applicant could do to it. */
export const byBorrowedConsent: readonly Threat[] = [
  {
    threat: 'A page for people (the README, say) that comes with a definition which is merged by itself',
    protection: 'What is merged without anyone are definitions of integration, and no other file.',
    proofs: [
      proof(
        'application/pull-requests/handlers.ts',
        "paths.every((path) => placeFromPath(path)?.environment === 'integration')",
        "paths.some((path) => placeFromPath(path)?.environment === 'integration')",
        'application/pull-requests/merging',
        'a page for people comes with the definition',
      ),
    ],
  },
];
