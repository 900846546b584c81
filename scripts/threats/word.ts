/** What would make more of somebody's word at the front desk than they gave, or make it last longer. */
import { proof, type ThreatActor } from './model.ts';

const word = 'application/front-desk/word-of-applicant';

const longConversation = 'application/front-desk/long-conversation';

export const wordThreats: ThreatActor['threats'] = [
  {
    threat:
      'Comments without end on somebody’s request, each a mail to them; or answers without end, each one to all who follow it',
    protection:
      'What people write is mailed about once an hour at most, together, and what waits is told by its absence among what was told; an applicant answers twenty times an hour.',
    proofs: [
      proof(
        'application/front-desk/follow-request.ts',
        'const waits = word !== undefined && rest > 0;',
        'const waits = word !== undefined && rest > Infinity;',
        'application/front-desk/bring-request',
        'mails once an hour about what strangers write, tells all of it, and loses nothing when it is killed',
      ),
      proof(
        'application/front-desk/max-requests.ts',
        'return Number(count) >= maxAnswers;',
        'return Number(count) < 0;',
        'http/front-desk/requests-pages',
        'say in words that there were enough answers for an hour, and give back what was written',
      ),
    ],
  },
  {
    threat:
      'A word that was taken back: a request that is withdrawn or corrected, merged as it was all the same',
    protection:
      'The word of an applicant is for the last thing that they sent, and ends when they withdraw it, whatever GitHub still shows or is made to show again.',
    proofs: [
      proof(
        'application/front-desk/applicant-of-pull.ts',
        "return state === 'withdrawing' || state === 'withdrawn' || made !== digestOf(request);",
        "return state === 'withdrawing' || made !== digestOf(request);",
        word,
        'does not come back when somebody opens again what was withdrawn',
      ),
      proof(
        'application/front-desk/applicant-of-pull.ts',
        "return state === 'withdrawing' || state === 'withdrawn' || made !== digestOf(request);",
        "return state === 'withdrawing' || state === 'withdrawn';",
        word,
        'is for the last thing that was sent, not for what it corrects',
      ),
    ],
  },
  {
    threat:
      'An account that stays while its address and organization change: a correction with the word of the former ones',
    protection: 'Whatever is sent is sealed with the address and the organization that are vouched for then.',
    proofs: [
      proof(
        'application/front-desk/request-store.ts',
        'return this.#change(person, number, { wanted, applicant: sealed, ...baseColumns(base) });',
        'return this.#change(person, number, { wanted, ...baseColumns(base) });',
        'http/front-desk/changed-account',
        'corrects with the word of who they are now, not of who they were',
      ),
    ],
  },
  {
    threat: 'A change of somebody else’s service, of which no owners are written down, through the desk',
    protection:
      'Who is none of its technical contacts on the default branch needs a decision, whether it has owners or not.',
    proofs: [
      proof(
        'domain/registry/rules/owner.ts',
        'else if (context.applicant !== undefined)',
        'else if (context.applicant === null)',
        word,
        'is no consent to a change of somebody else’s service, though it has no owners',
      ),
    ],
  },
  {
    threat:
      'Requests without end by one person, before which everybody else’s wait, and GitHub’s patience ends',
    protection:
      'A person has fifty requests under way or made within a day; the work for each of them, and the review that follows, is at their turn.',
    proofs: [
      proof(
        'application/front-desk/max-requests.ts',
        'return Number(count) >= maxRequests;',
        'return Number(count) < 0;',
        'http/front-desk/many-requests',
        'are not taken beyond fifty, in a day or at once, and it is said why',
      ),
      proof(
        'infrastructure/queue/job-kinds.ts',
        "['review', 'command', 'request'] as const",
        "['review', 'command'] as const",
        'main/desk-turns',
        'waits for one or two of another one’s forty requests, and of the reviews of them',
      ),
    ],
  },
  {
    threat: 'A session that goes on after its person ended it: a cookie that someone had kept',
    protection:
      'A session that was ended is written down, for longer than it would have lasted, and counts in no process any more.',
    proofs: [
      proof(
        'http/front-desk/sign-in.ts',
        'await options.endings.add(sessionId(taken.session));',
        '',
        'http/front-desk/sign-in',
        'ends a session for whoever had kept its cookie, too',
      ),
    ],
  },
  {
    threat: 'An address with a letter that becomes one of ASCII in lower case, for somebody else’s',
    protection: 'Only the letters of ASCII are compared in lower case.',
    proofs: [
      proof(
        'base/mail-address.ts',
        'return address.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());',
        'return address.toLowerCase();',
        'http/front-desk/sign-in',
        'takes a letter that looks like another for another address',
      ),
    ],
  },
  {
    threat:
      'Strangers who write without end on a request, each remark of which is read anew with all the others',
    protection:
      'Of a conversation the last hundreds of remarks are read, and an answer is looked for among what was written since.',
    proofs: [
      proof(
        'infrastructure/github/client/pagination.ts',
        'Math.max(0, Math.ceil(count / pageSize) - latestPages)',
        'Math.min(0, count)',
        longConversation,
        'is followed, and answered, at the cost of a short one',
      ),
      proof(
        'application/front-desk/bring-request.ts',
        '      deps.appId,\n      since,\n',
        '      deps.appId,\n',
        longConversation,
        'is followed, and answered, at the cost of a short one',
      ),
    ],
  },
  {
    threat:
      'A pull request of somebody else’s former request, whose number was given again by a store that was put back',
    protection: 'A request takes up a pull request that ended only where it ended with a commit of its own.',
    proofs: [
      proof(
        'infrastructure/github/write/proposals.ts',
        'commits.includes(head.sha)),',
        'commits.length > 0),',
        'application/front-desk/old-pull',
        'pull request of before is not taken for the one of a new request',
      ),
    ],
  },
];
