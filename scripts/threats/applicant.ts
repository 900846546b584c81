/** Anyone who opens a pull request. */
import { againstJudgement } from './approval.ts';
import { byBorrowedConsent } from './consent.ts';
import { byContent } from './content.ts';
import { byLoad } from './load.ts';
import type { ThreatActor } from './model.ts';
import { byWords } from './words.ts';

export const applicant: ThreatActor = {
  name: 'An applicant',
  can: 'open pull requests from a fork, write anything in them, push at any moment, comment, give the commands that are open to everyone.',
  cannot:
    'have anything provisioned without the approvals that the default branch asks for, change the rules of their own review, take over what is someone else’s, or have their text do anything. What Greffier asks for holds if the registry’s rule set requires its check, from this App: GitHub alone decides what is merged.',
  threats: [...againstJudgement, ...byBorrowedConsent, ...byContent, ...byWords, ...byLoad],
};
