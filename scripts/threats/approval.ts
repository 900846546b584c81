/** What an applicant could do to the judgement of their own pull request. */
import { proof, type Threat } from './model.ts';

export const againstJudgement: readonly Threat[] = [
  {
    threat:
      'A push right after the pull request is opened, so that one commit is read and another one judged',
    protection:
      'Which commit it is about is asked when its turn has come; or was when it was opened, where it is judged for that alone and for the first time. What was read before, by the ids of the event, is used for the very same two commits or not at all.',
    proofs: [
      proof(
        'application/pull-requests/read-ahead.ts',
        'commits.base === base && commits.head === head',
        'commits.base === base',
        'application/pull-requests/read-ahead',
        'is not used where the head has moved since: what is there now is judged',
      ),
      proof(
        'application/pull-requests/read-ahead.ts',
        'commits.base === base && commits.head === head',
        'commits.head === head',
        'application/pull-requests/read-ahead',
        'is not used where the default branch has moved since',
      ),
      proof(
        'application/pull-requests/read-ahead.ts',
        'commits?.openedBy === request',
        'commits?.openedBy !== undefined',
        'application/pull-requests/read-ahead',
        'is not the pull request where it is judged for something that came later',
      ),
      proof(
        'application/pull-requests/begin-reading.ts',
        'opened !== undefined && (await asked) === undefined',
        'opened !== undefined',
        'application/pull-requests/read-ahead',
        'is not the pull request where it was judged before',
      ),
      proof(
        'application/pull-requests/collect-facts.ts',
        'foreseen?.base === view.commit',
        'foreseen !== undefined',
        'application/pull-requests/read-ahead',
        'is not used of the store either where the default branch moves meanwhile',
      ),
    ],
  },
  {
    threat:
      'A branch of before: what it changes is not what merging changes, since Git follows renames and merges texts',
    protection:
      'What merging makes of the default branch is judged: the head where both sides changed other files, else GitHub’s test merge with its parents; where neither tells, nothing passes.',
    proofs: [
      proof(
        'application/pull-requests/merge-result.ts',
        'if (own.mergeBase === base || !own.complete) return plain;',
        'return plain;',
        'application/pull-requests/merge-result',
        'is judged where the file went',
      ),
      proof(
        'application/pull-requests/merge-result.ts',
        "return untold('conflict');",
        'return { ...own, base, head: pull.head, result: pull.head };',
        'application/pull-requests/merge-result',
        'is not judged where Git cannot merge',
      ),
      proof(
        'application/pull-requests/merge-result.ts',
        'if (!known || !disjoint([...own.files, ...merged.files], since.files))',
        'if (!known)',
        'application/pull-requests/merge-result',
        'is told by a test merge of before',
      ),
    ],
  },
  {
    threat: 'A merge queue that lets a pull request in before its decisions are taken',
    protection:
      'The check of a group counts a decision as taken only where an open pull request that can be merged leaves the very same content.',
    proofs: [
      proof(
        'application/pull-requests/review-merge-group.ts',
        "alone.conclusion === 'action_required' && isDecided(collected.facts.files, agreed)",
        "alone.conclusion === 'action_required'",
        'application/pull-requests/merge-result',
        'lets a merge group through by what was decided',
      ),
    ],
  },
  {
    threat:
      'A change that nobody approved reaches the default branch: a bypassed protection, a push, a merge before the verdict, a file that Git moved',
    protection:
      'What brought a definition is found by evidence, and applied on the word that the model of authority asks for; else it is held, and confirmed once by a writer other than its author.',
    proofs: [
      proof(
        'domain/provisioning/approval-gate.ts',
        "return inProduction && !word.approved ? 'not-approved' : undefined;",
        'return undefined;',
        'application/reconciliation/authority',
        'in production, without them, waits',
      ),
      proof(
        'domain/provisioning/approval-gate.ts',
        "return inProduction ? 'pushed' : undefined;",
        'return undefined;',
        'application/reconciliation/authority',
        'in production, a push waits to be confirmed',
      ),
      proof(
        'domain/provisioning/approval-gate.ts',
        "if (word.shown === undefined) return 'not-shown';",
        'if (word.shown === undefined) return undefined;',
        'application/reconciliation/authority',
        'waits when it was merged before its review showed it',
      ),
      proof(
        'application/reconciliation/store/origin-store.ts',
        'const cells = Array.from(served, (cell) => ({ registry, cell }));',
        "const cells = Array.from(served, (cell) => ({ registry, cell }));\n      await transaction.deleteFrom('served_cells').execute();",
        'application/reconciliation/authority',
        'is nobody’s for what came to a cell while it was not served, when it is again',
      ),
      proof(
        'application/reconciliation/plan-change.ts',
        'markShown: (decisions) => deps.store.shownPlans.save(change.number, change.head, steps, decisions),',
        'markShown: await deps.store.shownPlans.save(change.number, change.head, steps).then(() => async () => undefined),',
        'application/reconciliation/authority',
        'waits when it was merged before its review could be read',
      ),
      proof(
        'application/reconciliation/origins.ts',
        'clients.has(client) && clients.get(client) === blob',
        'clients.get(client) !== undefined',
        'application/reconciliation/authority',
        'is not confirmed by its author, though someone else’s request names the same file',
      ),
      proof(
        'application/reconciliation/origins.ts',
        "if (change.kind === 'pull') return { word: 'pull', pull: change.pull, authors: [change.pull.authorId] };",
        '',
        'application/reconciliation/authority',
        'in integration, is not taken over by a branch from before a rename',
      ),
      proof(
        'application/reconciliation/operator-commands.ts',
        'if (confirmable.authors.includes(String(context.by.account)))',
        "if (confirmable.authors.includes(''))",
        'application/reconciliation/authority',
        'in production, without them, waits',
      ),
      proof(
        'application/reconciliation/confirmable.ts',
        'return [...confirmed].filter((digest) => isOpen.get(digest) !== true);',
        'return [];',
        'application/reconciliation/authority',
        'gives a confirmation of many removals once',
      ),
    ],
  },
  {
    threat: 'A definition moved out of production, on the approvals of integration',
    protection: 'Both sides of a move are asked for what they ask for.',
    proofs: [
      proof(
        'domain/review/evaluate/reviewed-file.ts',
        "return before === 'production' ? before : file.place?.environment;",
        'return file.place?.environment;',
        'application/pull-requests/merge-result',
        'asks of a move out of production',
      ),
    ],
  },
  {
    threat:
      'A green check that another pull request of the same commit has got: into another branch, or of someone else',
    protection:
      'The check of a commit says the worst of the pull requests into the default branch that share it; one into another branch writes none.',
    proofs: [
      proof(
        'application/pull-requests/review-pull-request.ts',
        'const leaveCheck = elsewhere || namesakes.some(isWorse);',
        'const leaveCheck = elsewhere;',
        'application/pull-requests/review-pull-request',
        'it says the worst of them',
      ),
      proof(
        'application/pull-requests/review-pull-request.ts',
        'const leaveCheck = elsewhere || namesakes.some(isWorse);',
        'const leaveCheck = namesakes.some(isWorse);',
        'application/pull-requests/review-pull-request',
        'gets no check where it was never proposed to the default branch',
      ),
    ],
  },
  {
    threat: 'Settings changed in the pull request itself',
    protection: 'Settings are read from the default branch, at the commit that is judged against.',
    proofs: [
      proof(
        'application/pull-requests/collect-facts.ts',
        'const view = await deps.mirror.at(deps.repository, base, merged?.baseTree);',
        'const view = await deps.mirror.at(deps.repository, pull.head);',
        'application/pull-requests/review-pull-request',
        'is judged by the settings of the default branch',
      ),
      proof(
        'domain/registry/rules/settings-change.ts',
        'const changes = changesBetween(before, after);',
        'const changes = changesBetween(after, after);',
        'application/mirror/settings-in-force',
        'are loosened by a decision, of as many people as production asks for',
      ),
      proof(
        'domain/review/evaluate/merges-by-itself.ts',
        "paths.every((path) => placeFromPath(path)?.environment === 'integration')",
        'paths.every((path) => path !== "")',
        'application/pull-requests/merging',
        'only the settings are touched',
      ),
      proof(
        'application/pull-requests/review-merge-group.ts',
        'isDefinitionPath(path) || path === settingsPath',
        'isDefinitionPath(path)',
        'application/mirror/settings-in-force',
        'are not loosened by a merge group whose pull requests did not decide it',
      ),
    ],
  },
  {
    threat: 'Settings made unreadable, turned into a link or taken away, so that the defaults apply',
    protection:
      'The check of such a pull request fails. On the default branch the last settings that could be read as a whole stay in force, and an issue tells; where there never were any, everything needs an approval.',
    proofs: [
      proof(
        'domain/registry/rules/settings-change.ts',
        'for (const problem of problems) report',
        'for (const problem of problems.slice(1)) report',
        'application/mirror/settings-in-force',
        'cannot be made unreadable: the check fails, and says the line and the way out',
      ),
      proof(
        'application/mirror/settings-in-force.ts',
        'if (last !== undefined) {',
        "if (last === '') {",
        'application/mirror/settings-in-force',
        'are the last ones that could be read, when those of the default branch',
      ),
      proof(
        'domain/registry/settings.ts',
        'automaticMerge: { integration: false },\n  };',
        'automaticMerge: settings.automaticMerge,\n  };',
        'domain/registry/settings',
        'let nothing pass with fewer people where they cannot be understood',
      ),
      proof(
        'application/pull-requests/collect-facts.ts',
        'if (pull.baseRef !== pull.defaultBranch)\n    return mirrored',
        'if (pull.baseRef === "")\n    return mirrored',
        'application/mirror/settings-in-force',
        'are not believed of a branch that is not the default one',
      ),
    ],
  },
  {
    threat:
      'The default branch moved back to a commit at which something was approved that was taken back since: an address whose domain lapsed, settings that were tightened',
    protection:
      'What the last commit that was looked at had already has brought nothing since: the word that was given for it was for then. It is the push of whoever moved the history, and waits as one.',
    proofs: [
      proof(
        'application/reconciliation/merged-pulls.ts',
        'if (await isMergedBy(repository, change.merged, before))',
        'if (before === undefined)',
        'application/reconciliation/ways-around',
        'is a push where the history is moved back to what was approved once, and taken back since',
      ),
      proof(
        'application/reconciliation/settle-settings.ts',
        'merged?.isPast === true && !isSame',
        'merged === undefined',
        'application/reconciliation/agreed-settings',
        'do not come back by a history that was moved back to where they came and went between two looks',
      ),
    ],
  },
  {
    threat:
      'What somebody pushed and took back, pushed once more before anyone looks, by who confirms it then: to the eye it never went',
    protection:
      'A confirmation is taken for what was looked at, and waits while the default branch has moved since. Of what waits, the last commit that touched it is asked for: what came again is all theirs who brought it, and no confirmation of before is a word for it.',
    proofs: [
      proof(
        'application/reconciliation/origins.ts',
        'if (isNew || !touched.has(client)) continue;',
        'continue;',
        'application/reconciliation/ways-around',
        'is not confirmed by who pushed it again, between two looks, after someone else had taken it back',
      ),
      proof(
        'application/reconciliation/operator-commands.ts',
        'if (commit !== (await deps.source.head()))',
        'if (commit === undefined)',
        'application/reconciliation/ways-around',
        'is confirmed as what is there once it was looked at, and not before',
      ),
      proof(
        'application/reconciliation/origins.ts',
        'await store.confirmations.consume([...again.keys()].flatMap((client) => waiting[client] ?? []));',
        '',
        'application/reconciliation/ways-around',
        'uses no confirmation of what was there before it was taken back',
      ),
    ],
  },
  {
    threat: 'A draft that does what another request of its commit is held for, merged before it is read',
    protection:
      'What a request does counts as shown once its own check or comment says it: where the check is another one’s and there is no comment, nothing was shown, and it is held.',
    proofs: [
      proof(
        'application/pull-requests/review-pull-request.ts',
        "typeof effects.comment === 'object' && refused?.comment === undefined",
        'refused?.comment === undefined',
        'application/reconciliation/shown',
        'what a draft would do is shown to nobody, where the check of its commit says what another request of it lacks',
      ),
    ],
  },
  {
    threat:
      'Settings pushed past their review, or merged otherwise than it showed them, so that less is asked from then on',
    protection:
      'What loosens something was shown by a review and approved like production, or a writer who did not bring it confirms it. Until then the stricter of both is in force, value by value, in reviews as in reconciling; each word is good once.',
    proofs: [
      proof(
        'application/mirror/settings-in-force.ts',
        'const stricter = stricterSettings(agreed.settings, settings);',
        'const stricter = settings;',
        'application/reconciliation/agreed-settings',
        'and were pushed, are not in force, and one issue says what is',
      ),
      proof(
        'application/reconciliation/settle-settings.ts',
        'const held = { ...snapshot, ...underSettings(settings) };',
        'const held = { ...snapshot, ...underSettings(present) };',
        'application/reconciliation/agreed-settings',
        'end no freeze; a longer one, and whatever else is stricter, holds at once',
      ),
      proof(
        'application/reconciliation/merged-pulls.ts',
        'isAgreed: isJudged && pull.approved === true',
        'isAgreed: isJudged',
        'application/reconciliation/agreed-settings',
        'and were merged past the check',
      ),
      proof(
        'application/reconciliation/merged-pulls.ts',
        'isAgreed: isJudged && pull.approved === true',
        'isAgreed: pull.approved === true',
        'application/reconciliation/agreed-settings',
        'and were merged before they were judged, are not in force',
      ),
      proof(
        'application/reconciliation/settle-settings.ts',
        'merged?.isAgreed === true && merged.at >= known.since',
        'merged?.isAgreed === true',
        'application/reconciliation/agreed-settings',
        'do not come back by a history that was moved back to where they came and went between two looks',
      ),
      proof(
        'application/pull-requests/review-pull-request.ts',
        'defined({ ...comparison, shownSettings: shownBefore })',
        'defined({ ...comparison, shownSettings: comparison.files.find(({ path }) => path === settingsPath)?.blob })',
        'application/reconciliation/agreed-settings',
        'and were worked out by a review whose check could not be written, are not in force',
      ),
      proof(
        'application/reconciliation/confirmable.ts',
        'if (settings?.authors !== undefined) digests.set(settings.digest, settings.authors);',
        'if (settings?.authors !== undefined) digests.set(settings.digest, []);',
        'application/reconciliation/agreed-settings',
        'wait for a writer other than who pushed them, whose confirmation is good once',
      ),
      proof(
        'application/reconciliation/reconcile.ts',
        'settled.waitsFor === undefined\n      ? await recordOrigins(deps, snapshot)',
        "settled.waitsFor !== ''\n      ? await recordOrigins(deps, snapshot)",
        'application/reconciliation/agreed-settings',
        'are not confirmed by who pushed them in the name of someone else, where GitHub did not say at first',
      ),
      proof(
        'cli/registry/registry-snapshot.ts',
        'agreed === undefined ? own : stricterSettings(agreed, own)',
        'own',
        'cli/provisioning',
        'holds to what was agreed of the settings, where those of the folder hold less',
      ),
      proof(
        'application/reconciliation/settle-settings.ts',
        'authors: all.length === 0 ? undefined : all',
        'authors: all',
        'application/reconciliation/agreed-settings',
        'are nobody’s to confirm where the server lists no pushes and the commit names nobody',
      ),
      proof(
        'application/reconciliation/settle-settings.ts',
        'before?.digest === digest && isSameCommit(before.touched, change?.touched)',
        'before?.digest === digest',
        'application/reconciliation/agreed-settings',
        'are not confirmed by who pushed them again, between two looks, after someone else had taken them back',
      ),
    ],
  },
  {
    threat: 'Owners changed in the pull request itself',
    protection: 'Owners are those of the base; to hand a definition over, one of the present owners agrees.',
    proofs: [
      proof(
        'domain/registry/rules/owner.ts',
        'const owners = ownersOf(change.before);',
        'const owners = ownersOf(change.after ?? change.before);',
        'domain/registry/owner',
        'are those of the base, never those that the change names',
      ),
    ],
  },
  {
    threat:
      'In GitHub Actions: a pull request of which nothing tells what it changes, passed as if it changed nothing; a check that has the name of the App’s',
    protection:
      'What GitHub made of merging it is judged against what it is merged into; another commit, or one without its parents, fails. The job of the workflow that a registry starts with is called otherwise.',
    proofs: [
      {
        file: 'scripts/action.sh',
        line: '[ "$(commit HEAD)" != "$GREFFIER_SHA" ] ||',
        without: '',
        test: 'test/action.test.ts',
        title: 'does not pass a pull request whose change it cannot tell',
      },
      {
        file: 'scripts/action.sh',
        line: '[ "$GREFFIER_EVENT" = pull_request_target ] ||',
        without: '',
        test: 'test/action.test.ts',
        title: 'does not take the target of a pull request for what is proposed',
      },
      {
        file: 'templates/registry/.github/workflows/greffier.yml',
        line: '  definitions:\n',
        without: '  greffier:\n',
        test: 'test/action.test.ts',
        title: 'makes no check of the name that branch protection asks of the App',
      },
    ],
  },
  {
    threat: 'Rules, workflows or code changed together with definitions',
    protection:
      'That is an error; and nothing of a pull request is ever run or checked out: rules are those of the running version.',
    proofs: [
      proof(
        'domain/registry/rules/mixed.ts',
        'if (changes.length > 0 && first !== undefined)',
        'if (changes.length > 1e9 && first !== undefined)',
        'domain/review/golden',
        'mixed-with-a-workflow',
      ),
    ],
  },
  {
    threat: 'A definition of the default branch that cannot be read, so that it has no owner and no contact',
    protection:
      'Its owners, contacts and addresses are those of the last version that could be read; where there never was one, a person decides. Its client is held as it is.',
    proofs: [
      proof(
        'domain/review/evaluate/sides.ts',
        'return last === undefined ? { ...present, neverRead: true } : { ...last, blob };',
        'return { ...present, neverRead: true };',
        'application/mirror/last-readable',
        'has the owners and contacts of its last version that could be',
      ),
      proof(
        'domain/registry/rules/owner.ts',
        'if (change.before.neverRead)',
        "if (change.path === '')",
        'domain/review/golden',
        'owner-never-known',
      ),
      proof(
        'application/mirror/mirror.ts',
        'await this.#withLastReadable(await fileRecords(changed));',
        'await fileRecords(changed);',
        'application/mirror/last-readable',
        'keeps the accounts of its owners too',
      ),
      proof(
        'application/reconciliation/github-registry.ts',
        '[...foldersInPlace(view)]',
        '[]',
        'application/reconciliation/absence',
        'holds a client as it is, whose definition became',
      ),
      proof(
        'application/reconciliation/github-registry.ts',
        'outOfSight: filesForFolders(view),',
        'outOfSight: [],',
        'application/reconciliation/absence',
        'holds every client as it is, where the folder of',
      ),
    ],
  },
  {
    threat: 'A removed path that a stranger adds again while its client is there, to be given its keys',
    protection:
      'The review knows of the client from the ledger, says whose it was, and asks a writer; only a last owner brings it back as it was.',
    proofs: [
      proof(
        'domain/registry/rules/returned.ts',
        'if (author !== undefined && isOwner(author, owners, accounts)) {',
        'if (author !== undefined) {',
        'domain/review/golden',
        'returned-to-a-stranger',
      ),
      proof(
        'domain/registry/rules/returned.ts',
        'if (!hasSameAccess(former, formerDefinition(change.after)))',
        'if (former.access.length === 0)',
        'application/reconciliation/returning',
        'passes as it was when its last owner asks for it, and is decided when it would be handed on',
      ),
      proof(
        'application/mirror/remembered-facts.ts',
        'known?.present.get(path) !== undefined',
        'false',
        'application/reconciliation/returning',
        'is decided by a person, who is told whose it was, when someone else asks for it',
      ),
    ],
  },
  {
    threat: 'A login of an owner that someone else took over',
    protection:
      'The accounts behind the logins are noted when they are first seen on the default branch; then the account decides.',
    proofs: [
      proof(
        'domain/registry/owners.ts',
        'return Object.hasOwn(accounts, login)',
        'return login === ""',
        'domain/registry/owner',
        'give nothing to someone who took their login over',
      ),
      proof(
        'domain/registry/owners.ts',
        'return Object.hasOwn(accounts, login)',
        'return login === ""',
        'domain/review/golden',
        'owner-login-recycled',
      ),
    ],
  },
  {
    threat:
      'A login of an owner that someone else took over, named once more where the accounts are not noted yet: the definition is moved, or promoted to production',
    protection:
      'Who the owners of a file that goes are is so of the file that comes in its place. Elsewhere a login that the registry has for somebody else’s means nobody: a writer decides.',
    proofs: [
      proof(
        'application/mirror/owner-accounts.ts',
        'const account = moved.get(login) ?? null;',
        'const account = null;',
        'application/mirror/owner-accounts',
        'stay who they are where the definition is moved',
      ),
      proof(
        'application/mirror/owner-accounts.ts',
        'const account = others.every((other) => other.account === present) ? present : null;',
        'const account = present;',
        'application/mirror/owner-accounts',
        'stay who they are where the definition is moved',
      ),
    ],
  },
  {
    threat: 'Approving oneself, by a bot, or without the right to',
    protection:
      'An approval counts when it is someone else’s, a person’s, with write permission or in a team of the settings, asked for live.',
    proofs: [
      proof(
        'domain/review/evaluate/approvals.ts',
        'review.by.id !== author.id && !review.by.bot',
        '!review.by.bot',
        'domain/review/golden',
        'production-approved-by-its-author',
      ),
      proof(
        'domain/review/evaluate/approvals.ts',
        'review.by.id !== author.id && !review.by.bot',
        'review.by.id !== author.id',
        'domain/review/golden',
        'production-approved-by-a-bot',
      ),
      proof(
        'domain/review/evaluate/approvals.ts',
        'const entitledCount = approving.filter(entitled).length;',
        'const entitledCount = approving.length;',
        'domain/review/golden',
        'production-approved-without-right',
      ),
      proof(
        'infrastructure/github/read/rights.ts',
        'const known = [role, permission].map((name) => permissions.find((each) => each === name));',
        "const known = [role, permission].map(() => 'write' as const);",
        'application/pull-requests/review-pull-request',
        'does not count the approval of someone who may not write',
      ),
    ],
  },
  {
    threat: 'Content swapped after the approval',
    protection: 'Only approvals of the exact head commit count; dates of commits are never believed.',
    proofs: [
      proof(
        'domain/review/evaluate/approvals.ts',
        'const onHead = latest.filter((review) => review.commit === head);',
        'const onHead = latest;',
        'domain/review/golden',
        'production-approved-earlier',
      ),
    ],
  },
  {
    threat:
      'Content swapped between the verdict and the merge, or what is applied differs from what was shown',
    protection:
      'Greffier merges at the judged commit only. The plan that is shown is kept, each step with its digest; what would be applied must have the same, or it stops and says so.',
    proofs: [
      proof(
        'infrastructure/github/write/merging.ts',
        'sha: head,\n        ...defined({ merge_method: method }),',
        '...defined({ merge_method: method }),',
        'application/pull-requests/merging',
        'never takes a commit that came after the verdict',
      ),
      proof(
        'domain/provisioning/approval-gate.ts',
        "if (word.shown !== step.digest) return 'differs';",
        '',
        'application/reconciliation/reconcile',
        'stops when what would be applied is not what was shown',
      ),
    ],
  },
  {
    threat: 'A pull request with more files than GitHub lists, to hide one',
    protection:
      'The list is checked against the number of files; an incomplete one is refused. A tree that is shown in part is not believed.',
    proofs: [
      proof(
        'application/pull-requests/merge-result.ts',
        'const complete = listed.complete && listed.items.length === after.changedFiles;',
        'const complete = true;',
        'application/pull-requests/review-pull-request',
        'checks that none is left out',
      ),
      proof(
        'infrastructure/github/read/stored-objects.ts',
        'if (answer.data.truncated)',
        'if (answer === null)',
        'infrastructure/github/pull-request',
        'takes no part of a tree for the whole',
      ),
    ],
  },
];
