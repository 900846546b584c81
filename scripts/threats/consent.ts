/** How someone could pass for more consent than was given. */
import { proof, type Threat } from './model.ts';

/** What a writer could do alone that takes two. */
export const byOneWriter: readonly Threat[] = [
  {
    threat:
      'Confirming one’s own push, in the name of someone else: a commit says of its author what it likes',
    protection:
      'Who pushed is asked of GitHub, and may not confirm; so it is beside the pull request of someone else. While GitHub does not list it yet, nobody may.',
    proofs: [
      proof(
        'application/reconciliation/origins.ts',
        'return { ...origin, authors: [...new Set([...authors, ...pushers])].sort() };',
        'return origin;',
        'application/reconciliation/consent',
        'is not had by a commit that calls',
      ),
      proof(
        'infrastructure/github/read/pushers.ts',
        'if (last < 0)',
        'if (last < -1)',
        'application/reconciliation/consent',
        'waits while GitHub does not list yet who pushed',
      ),
    ],
  },
  {
    threat:
      'Pushing something, moving the branch back before it is looked at, and confirming it once someone else has merged a request that was begun on it',
    protection:
      'Of all who pushed since the branch first left the commit that was looked at, and of who pushed one of the commits that came, nobody confirms it.',
    proofs: [
      proof(
        'infrastructure/github/read/pushers.ts',
        'const first = moves.findLastIndex(',
        'const first = moves.findIndex(',
        'application/reconciliation/consent',
        'and pushed more than was merged',
      ),
      proof(
        'infrastructure/github/read/pushers.ts',
        ' || came.has(after)',
        '',
        'application/reconciliation/consent',
        'to another commit than the one that was looked at',
      ),
    ],
  },
  {
    threat:
      'Having the App propose a promotion (`/greffier promote`), and approving or confirming it oneself, since GitHub has the App for its author',
    protection:
      'Who asked is written down, by account, before the pull request is there, and counts as its author: in the review, after the merge, and for the confirmation. Of another bot’s pull request nobody is, whatever its branch is called.',
    proofs: [
      proof(
        'application/pull-requests/review-pull-request.ts',
        'author: await authorOfIn(deps.store, deps.repo, deps.appLogin)(reading)',
        'author: reading.author',
        'application/pull-requests/promote',
        'the approval of who asked for it does not count',
      ),
      proof(
        'application/reconciliation/merged-pulls.ts',
        'const author = await notes.authorOf({ number, author: opener, headRef });',
        'const author = opener;',
        'application/pull-requests/promote',
        'the approval of who asked for it does not count',
      ),
      proof(
        'application/pull-requests/propose-promotion.ts',
        'await saveProposal(deps, branch, asked);\n      await bring',
        'await bring',
        'application/pull-requests/promote',
        'is opened once, and is whoever’s it is',
      ),
      proof(
        'application/pull-requests/asked-proposals.ts',
        "(appLogin !== 'any' && author.login !== appLogin)",
        'false',
        'application/pull-requests/promote',
        'is the App’s alone: another bot’s pull request from a branch of that name',
      ),
      proof(
        'application/reconciliation/merged-pulls.ts',
        "authorOfIn(store, registry, 'any')",
        'authorOfIn(store, registry)',
        'application/pull-requests/promote',
        'is of whoever asked for it when it is merged before its number is known, too',
      ),
    ],
  },
  {
    threat:
      'Confirming one’s own change, since someone else’s pull request did the same once more after it was done',
    protection:
      'Of several that left a definition as it is, the authors of all are authors of what has to be confirmed: who was first did it, whatever the last one shows.',
    proofs: [
      proof(
        'application/reconciliation/origins.ts',
        'authors: [...new Set(left.map(({ authorId }) => authorId))].sort()',
        'authors: [pull.authorId]',
        'application/reconciliation/consent',
        'is not had by a request of someone else that does the same once more, after it was done',
      ),
    ],
  },
  {
    threat:
      'Commits of somebody else that are deleted with the branch of a promotion that was merged or closed',
    protection:
      'The branch goes only where it is the very commit that the App pushed, written down before it was there, and no pull request is open from it.',
    proofs: [
      proof(
        'application/pull-requests/ended-proposals.ts',
        'if ((await branchHead(repository, branch)) !== commit) return true;',
        '',
        'application/pull-requests/promote',
        'takes none away that holds anybody else’s',
      ),
      proof(
        'application/pull-requests/ended-proposals.ts',
        'if (await hasOpenPull(repository, branch)) return false;',
        '',
        'application/pull-requests/promote',
        'takes none away that holds anybody else’s',
      ),
    ],
  },
  {
    threat:
      'Removing many production clients at once, which asks for one confirmation of all, and giving it oneself',
    protection: 'Whose removals were not approved may not confirm them, however many they are.',
    proofs: [
      proof(
        'application/reconciliation/confirmable.ts',
        'digests.set(guard.digest, [...new Set(wordless.flatMap(({ step }) => authorsOf(step)))].sort());',
        'digests.set(guard.digest, []);',
        'application/reconciliation/consent',
        'is not done by many production clients being removed at once',
      ),
    ],
  },
];

/** What passes for reviewed and was not. */
export const byOtherBranches: readonly Threat[] = [
  {
    threat:
      'A contact or a change that was approved, never done and taken back: the keys still go there, and it passes once more without a word',
    protection: 'What was begun is over when the registry asks for it no longer, and the contacts with it.',
    proofs: [
      proof(
        'application/reconciliation/settle-accounts.ts',
        'return { ...rest, wanted: now };',
        'return { ...account, wanted: now };',
        'application/reconciliation/begun',
        'is no word for the same change, the next time that it comes',
      ),
      proof(
        'application/reconciliation/settle-accounts.ts',
        'return { ...rest, wanted: now };',
        'return { ...rest, wanted };',
        'application/reconciliation/begun',
        'sends the keys to nobody whom it named',
      ),
    ],
  },
  {
    threat: 'Approvals that were given for another branch, into which a reviewed request was turned before',
    protection:
      'A merge into another branch brings nothing here: what comes from there is held until someone confirms it.',
    proofs: [
      proof(
        'infrastructure/github/read/merged-pull-requests.ts',
        'if (!isIntoDefault(pull)) {',
        'if (pull.number === 0) {',
        'application/reconciliation/ways-around',
        'is held, where it was approved into another branch',
      ),
      proof(
        'infrastructure/github/read/merged-pull-requests.ts',
        "if (newest === undefined && merged.length > 0) return { kind: 'unknown', touched };",
        '',
        'application/reconciliation/ways-around',
        'is held, where it was approved into another branch',
      ),
    ],
  },
  {
    threat: 'One file whose history is gone, over which nothing is reconciled any more',
    protection: 'What nobody can tell the history of is held by itself; everything else goes on.',
    proofs: [
      proof(
        'infrastructure/github/read/merged-pull-requests.ts',
        "if (last === undefined) return { kind: 'unknown' };",
        'if (last === undefined) throw new Error(path);',
        'application/reconciliation/ways-around',
        'is held where the history was written anew without it',
      ),
    ],
  },
];

/** What an applicant could do to it. */
export const byBorrowedConsent: readonly Threat[] = [
  {
    threat:
      'Approvals of a commit that stay when merging it changes more: its file went to production meanwhile, it undoes what was merged since, its target was another branch before, another commit stood in its place for a while',
    protection:
      'Where merging the same commit touches more than it did, or makes a file what it is from something else, approvals of before that was shown are of something else, in the review and after the merge; so are those of before another commit was judged in its place.',
    proofs: [
      proof(
        'application/pull-requests/approvals-of-less.ts',
        'return paths.every((path) => before.has(path)) && isSame(paths, comparison, now) ? already : all;',
        'return already;',
        'application/reconciliation/ways-around',
        'is approved once more, and by that alone, when it grew',
      ),
      proof(
        'application/pull-requests/approvals-of-less.ts',
        '&& isSame(paths, comparison, now)',
        '',
        'application/reconciliation/ways-around',
        'is not approved by who approved less, before what it undoes in the same file was merged',
      ),
      proof(
        'application/pull-requests/approvals-of-less.ts',
        "return moments.sort().at(-1) ?? '';",
        "return '';",
        'application/reconciliation/ways-around',
        'is not approved by who approved less, while it was being judged as more',
      ),
      proof(
        'application/pull-requests/approvals-of-less.ts',
        'comparison?.complete === true ? touched : []',
        'touched',
        'application/reconciliation/ways-around',
        'is not approved by who approved less, though that could not be judged',
      ),
      proof(
        'application/pull-requests/approvals-of-less.ts',
        ': known?.readAt;',
        ': undefined;',
        'application/reconciliation/ways-around',
        'is not approved by who approved less, though another commit was there in between',
      ),
      proof(
        'application/reconciliation/merged-pulls.ts',
        'const reviews = withoutApprovalsOfLess(all, await notes.approvalsOfLess(number, head));',
        'const reviews = withoutApprovalsOfLess(all, undefined);',
        'application/reconciliation/ways-around',
        'is not approved by who approved less',
      ),
    ],
  },
  {
    threat:
      'Approvals of a request that was closed until it was forgotten, and is reopened when merging it changes more than when it was approved',
    protection:
      'Where what was known of a pull request may be forgotten, nobody knows what its approvals were of: they do not count any more.',
    proofs: [
      proof(
        'application/pull-requests/approvals-of-less.ts',
        'if (known === undefined && isForgettable(pull)) return all;',
        '',
        'application/reconciliation/closed-pulls',
        'is judged as a new one where it is reopened: said in the same places, and approved once more',
      ),
      proof(
        'application/reconciliation/run-reconciliation.ts',
        'if (heldSettings !== undefined || (await store.origins.reconciledCommit()) !== commit) return;',
        '',
        'application/reconciliation/closed-pulls',
        'is known while nobody can say yet what brought the default branch to what it is',
      ),
    ],
  },
  {
    threat:
      'Someone who may decide objects, and GitHub does not say that they may: for a moment, or since their team was renamed',
    protection:
      'Rights that nobody tells are asked for again; until then they approve nothing, and object to everything. A team that is not shown is told in an issue.',
    proofs: [
      proof(
        'domain/review/evaluate/approvals.ts',
        '(entitled(review) || isUnknown(review))',
        'entitled(review)',
        'application/pull-requests/review-pull-request',
        'is not let through by what GitHub does not say of someone who objects',
      ),
      proof(
        'infrastructure/github/read/teams.ts',
        "if (shown === 'unseen' || (await readTeam(repository, team)).state !== 'there') return undefined;",
        '',
        'main/unknown-team',
        'nobody is taken for none of its members',
      ),
    ],
  },
  {
    threat:
      'Another team under the name of one whose approvals the settings let count: a name is free once its team is renamed or deleted, and any member of the organization may make a team of that name, and approve production',
    protection:
      'A name is looked up once, soon after the default branch first gives it, and means that team, by its number, for as long as the settings name it. Of another one under its name nobody’s approval counts, and an issue tells.',
    proofs: [
      proof(
        'infrastructure/github/read/teams.ts',
        "return id === undefined || id === found ? { state: 'there', id: found } : { state: 'another' };",
        "return { state: 'there', id: found };",
        'main/unknown-team',
        'is not another team that somebody made',
      ),
      proof(
        'application/mirror/known-teams.ts',
        'const isNew = id === undefined;',
        'const isNew = false;',
        'main/unknown-team',
        'is not another team that somebody made',
      ),
      proof(
        'application/reconciliation/merged-pulls.ts',
        'await notes.teams(rules.teams)',
        'rules.teams.map((name) => ({ name, id: undefined }))',
        'main/unknown-team',
        'nor after the merge',
      ),
    ],
  },
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
        'isPartlyIn(number) ||',
        'false ||',
        'application/pull-requests/criss-cross',
        'is judged again when another request is merged and this one',
      ),
    ],
  },
  {
    threat:
      'A request that collides with what was merged a moment ago, judged by a process that has not heard of that: its check stays green',
    protection:
      'Reviews go on from the default branch as whichever process read it last; what moved before a request was noted has it judged again, before anything is said. Of two requests that collide, the one that was judged without the other is judged again too.',
    proofs: [
      proof(
        'application/mirror/mirror.ts',
        'if (this.#state?.commit !== kept?.commit) this.#state = await this.#load();',
        'this.#state ??= await this.#load();',
        'application/pull-requests/review-pull-request',
        'is judged by the default branch as another process has read it, whatever GitHub last saw the request on',
      ),
      proof(
        'application/pull-requests/review-pull-request.ts',
        'if (isNew && present !== collected.facts.pull.base)',
        'if (false)',
        'application/pull-requests/review-pull-request',
        'is judged again where the default branch moved before anyone knew of it',
      ),
      proof(
        'application/pull-requests/colliding-pulls.ts',
        'return missed.length === 0 ? others : [...others, number];',
        'return others;',
        'application/pull-requests/read-ahead',
        'is judged again where another one that collides with it was opened at the same time',
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
