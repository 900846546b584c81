/** What an applicant, or someone with fewer rights than it takes, could have believed of what they say. */
import { proof, type Threat } from './model.ts';

export const byWords: readonly Threat[] = [
  {
    threat: 'Saying that a request is declined by closing it without the right to',
    protection:
      'Closing as not planned counts as the word of whoever closed it: their rights are asked live, by account, and a request that was not theirs to close is opened again.',
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
        'if (Number(answer.data.user?.id) !== id) return undefined;',
        '',
        'application/reconciliation/setup',
        'on the word of a writer, asked live',
      ),
      proof(
        'application/reconciliation/request-issues.ts',
        'else await tracker.reopen(Number(request.name), notClosedByThat(state.value, deps.language));',
        '',
        'application/reconciliation/reconcile',
        'nor for declined by someone who may not write there',
      ),
    ],
  },
  {
    threat:
      'A request to people closed in the name of a writer by what a stranger wrote: GitHub closes what the text of a merged pull request names (`Fixes #12`), as completed, and says that whoever merged did it',
    protection:
      'That something is done is said by a command alone, by no closing. One that was closed as completed is opened again, with the reason; only a person closes as not planned.',
    proofs: [
      proof(
        'infrastructure/github/write/issues.ts',
        "if (reason !== 'not_planned' && reason !== 'duplicate') return { kind: 'unsaid' };",
        '',
        'application/reconciliation/setup',
        'that the merge of someone’s text closed',
      ),
      proof(
        'application/reconciliation/request-issues.ts',
        "if (state.value.kind !== 'declined') {",
        "if (state.value.kind === 'disputed') {",
        'application/reconciliation/replace-client',
        'are for people to renew where people run the cell',
      ),
    ],
  },
  {
    threat:
      'A URL that is one thing to read and another to a server: line ends, null bytes, slashes, letters behind `%`',
    protection:
      'What is encoded is looked at: what nobody sees or servers read differently is an error, and URLs that RFC 3986 holds for equal are one.',
    proofs: [
      proof(
        'domain/definition/rules/url/invalid.ts',
        'if (problem !== undefined)',
        'if (problem?.kind === "percent")',
        'domain/definition/url-encoding',
        'a redirect URL',
      ),
      proof(
        'domain/registry/claims.ts',
        '.map((uri) => uri && equivalentUrl(uri))',
        '',
        'domain/definition/url-encoding',
        'is one claim in the registry',
      ),
    ],
  },
  {
    threat:
      'Saying that a request is done by the client of another definition, on purpose or from the clipboard',
    protection:
      'The id of a client that is recorded for another definition, of whatever cell, is refused with words, also where both are said at one moment.',
    proofs: [
      proof(
        'application/reconciliation/manual-requests.ts',
        'const other = holders.find((holder) => clientKey(holder) !== clientKey(account));',
        'const other = holders.find((holder) => clientKey(holder) === "");',
        'application/reconciliation/manual-requests',
        'is not done by the client of another definition',
      ),
      proof(
        'application/ledger/sql-ledger.ts',
        'if (!dropped && (await isOfAnother(transaction, this.#registry, account)))',
        'if (dropped && !dropped)',
        'application/reconciliation/manual-requests',
        'is done by a client once, though two requests',
      ),
    ],
  },
  {
    threat:
      'An address by which Greffier knows that a client sleeps, as one’s own, so that it is taken for asleep for ever',
    protection: 'Addresses of that host are errors, in integration too.',
    proofs: [
      proof(
        'domain/definition/rules/url/reserved-domain.ts',
        'if (host !== undefined && isDormant(host.name))',
        'if (host === undefined)',
        'domain/definition/rules',
        'url/reserved-domain',
      ),
    ],
  },
  {
    threat: 'A name that is a link or an instruction, to be sent to strangers from the official address',
    protection:
      'A name with a URL, a host, an address, a number to call or a call to act is an error; one that is a host of the application’s own, or of the State, needs a person.',
    proofs: [
      proof(
        'domain/definition/rules/all.ts',
        '  nameLink,\n  ',
        '  ',
        'domain/definition/name-link',
        'is an error',
      ),
      proof(
        'domain/definition/rules/name/link.ts',
        'if (isOwn && isOfState) continue;',
        'if (isOwn) continue;',
        'domain/definition/name-link',
        'is for a reviewer',
      ),
    ],
  },
  {
    threat: 'Having official mails sent to strangers, where integration is merged without an approval',
    protection:
      'A technical contact whose domain is none of those of the URLs, or a mailbox that anyone may have, needs a person first.',
    proofs: [
      proof(
        'domain/registry/rules/all.ts',
        '  foreignContact,\n  ',
        '  ',
        'application/pull-requests/merging',
        'a contact is of a domain that the URLs say nothing of',
      ),
    ],
  },
];
