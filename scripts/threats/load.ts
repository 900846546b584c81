/** What one person could do to make everyone else wait. */
import { proof, type Threat } from './model.ts';

export const byLoad: readonly Threat[] = [
  {
    threat: 'A conversation of thousands of comments, so that every command on it costs dozens of calls',
    protection:
      'An answer is looked for only among what was written since its question, by GitHub’s own clock.',
    proofs: [
      proof(
        'infrastructure/github/write/review-output.ts',
        'of commentsOf(repository, number, since))',
        'of commentsOf(repository, number))',
        'application/pull-requests/run-commands',
        'cost the same on a long conversation',
      ),
      proof(
        'http/webhook/event-routing.ts',
        '...(createdAt === undefined ? {} : { createdAt }),',
        '',
        'http/event-routing',
        'of a comment is a command when a person gives one',
      ),
    ],
  },
];
