/** What an applicant, or someone with fewer rights than it takes, could have believed of what they say. */
import { proof, type Threat } from './model.ts';

export const byWords: readonly Threat[] = [
  {
    threat: 'Saying that a request is done, or declined, by closing it without the right to',
    protection:
      'Closing counts as the word of whoever closed it: their rights are asked live, by account, and a request that was not theirs to close is opened again.',
    proofs: [
      proof(
        'infrastructure/github/read/rights.ts',
        'if (!mayWrite(await readPermission(repository, account))) return undefined;',
        '',
        'application/reconciliation/setup',
        'on the word of a writer, asked live',
      ),
      proof(
        'infrastructure/github/read/rights.ts',
        "if (answer === undefined || Number(answer.data.user?.id) !== id) return 'none';",
        "if (answer === undefined) return 'none';",
        'application/reconciliation/setup',
        'on the word of a writer, asked live',
      ),
      proof(
        'application/reconciliation/reconcile.ts',
        'await tracker.reopen(Number(request.name), text);',
        '',
        'application/reconciliation/reconcile',
        'closed by someone who may not write there',
      ),
    ],
  },
];
