/** What one person could do to make everyone else wait. */
import { proof, type Threat } from './model.ts';

export const byLoad: readonly Threat[] = [
  {
    threat:
      'Promotions without end, asked for by whoever opened any pull request: each is a pull request of the App’s, and a mail to all who watch',
    protection:
      'The App opens fifty a day for one account; beyond that the file is given, to be sent by oneself.',
    proofs: [
      proof(
        'application/pull-requests/propose-promotion.ts',
        'if (await hasMaxProposals(deps, comment.author, branch)) return undefined;',
        '',
        'application/pull-requests/promote',
        'is one of fifty a day for one person; whoever asks for more is given the file',
      ),
    ],
  },
  {
    threat:
      'Two hundred commands, a hundred pull requests, or one that meets all open ones, before a colleague’s',
    protection:
      'Work is taken in turns between the accounts that cause it: everyone’s next job comes after at most one or two of each of the others. Reviews that somebody’s change makes of other pull requests are at the turns of that one.',
    proofs: [
      proof(
        'infrastructure/queue/job-queue.ts',
        'order by turn, priority, ready_at, id',
        'order by priority, ready_at, id',
        'infrastructure/queue/job-queue',
        'serves one after a job or two of another one’s two hundred, whatever they are',
      ),
      proof(
        'infrastructure/queue/job-insertion.ts',
        "(select turn from jobs where state = 'waiting' and",
        "(select turn * 0 from jobs where state = 'waiting' and",
        'infrastructure/queue/job-queue',
        'does not let those who come one at a time pass by those who have many',
      ),
      proof(
        'infrastructure/queue/job-insertion.ts',
        'sender = case when excluded.turn < jobs.turn or',
        'sender = case when',
        'infrastructure/queue/job-queue',
        'has a review that another one causes at the turn of that one, until its author asks',
      ),
      proof(
        'application/pull-requests/handlers.ts',
        '...defined({ sender }) });',
        '});',
        'application/pull-requests/handlers',
        'takes the turns of whoever moved it, and of nobody else',
      ),
      proof(
        'http/webhook/event-routing.ts',
        "...defined({ sender: fields.at('sender').at('id').id }) };",
        '};',
        'http/event-routing',
        'causes work at the turn of the account whose doing it is, however it is called',
      ),
    ],
  },
  {
    threat:
      'Pushes without end to one’s own pull requests, so that what is read ahead of their reviews uses up GitHub’s calls of the hour',
    protection:
      'Each review has its reading begun once, while its delivery is kept: no event has more read while one is under way, of a few pull requests at a time, and none where GitHub asked for patience. It counts as what the review asks itself, and is not begun where that has to wait.',
    proofs: [
      proof(
        'infrastructure/queue/call-budget.ts',
        'if (this.wait(review, installation, Date.now()) === undefined) this.during(review, begin);',
        'this.during(review, begin);',
        'main/call-flood',
        'are spent half at most on who pushes without end',
      ),
      proof(
        'infrastructure/queue/call-budget.ts',
        '=== undefined) this.during(review, begin);',
        '=== undefined) begin();',
        'infrastructure/queue/call-budget',
        'counts what is asked before a review has its turn as what the review asks',
      ),
      proof(
        'application/pull-requests/read-ahead.ts',
        'if (this.#under.has(number) || this.#under.size >= most) return;',
        '',
        'application/pull-requests/read-ahead',
        'is asked for once, however many events there are before the review, and while it runs',
      ),
      proof(
        'application/pull-requests/read-ahead.ts',
        '(isIt ? undefined : read())',
        '(isIt ? read() : read())',
        'application/pull-requests/read-ahead',
        'is nothing where GitHub asks for patience',
      ),
    ],
  },
  {
    threat:
      'Pushes without end to one’s own pull request, each a review: they spend GitHub’s calls of the hour, and nothing more is reviewed or provisioned for anyone until the next one',
    protection:
      'What each account’s work asks of GitHub is counted. Once less than half of the hour’s calls are left, the reviews of whoever had a fifth of them wait for the next hour, their commands once they had half; everybody else’s work does not, not even what they asked for first.',
    proofs: [
      proof(
        'infrastructure/queue/job-insertion.ts',
        'or jobs.ready_at >',
        'or false and jobs.ready_at >',
        'infrastructure/queue/job-queue',
        'has what waits for its moment be whose who has it done before that',
      ),
      proof(
        'infrastructure/queue/worker.ts',
        'const wait = budget?.wait(job, claimed.installation, Date.now());',
        'const wait = undefined as number | undefined;',
        'main/call-flood',
        'are spent half at most on who pushes without end',
      ),
      proof(
        'infrastructure/queue/call-budget.ts',
        'if (sender !== undefined) hour.used.set(sender, (hour.used.get(sender) ?? 0) + 1);',
        '',
        'infrastructure/queue/call-budget',
        'lets whoever spends the calls of the hour have half of them',
      ),
    ],
  },
  {
    threat:
      'A pull request of thousands of definitions, others with each push, a few bytes when they are packed: whatever is kept of each fills the disk, and nothing is taken any more',
    protection:
      'Of what one review reads half a megabyte is kept; of what was shown of a pull request, what was shown last, and what was merged.',
    proofs: [
      proof(
        'application/pull-requests/changed-files.ts',
        'return { readings, fresh: asFarAsKept(fresh) };',
        'return { readings, fresh };',
        'application/pull-requests/kept-blobs',
        'is half a megabyte for each at most',
      ),
      proof(
        'application/reconciliation/store/shown-plan-store.ts',
        "'not in',",
        "'in',",
        'application/reconciliation/setup',
        'keeps of what was shown of a pull request',
      ),
    ],
  },
  {
    threat: 'A conversation of thousands of comments, so that every command on it costs dozens of calls',
    protection:
      'An answer is looked for only among what was written since its question, by GitHub’s own clock.',
    proofs: [
      proof(
        'infrastructure/github/write/find-comment.ts',
        'of commentsOf(repository, number, since))',
        'of commentsOf(repository, number))',
        'application/pull-requests/run-commands',
        'cost the same on a long conversation',
      ),
      proof(
        'http/webhook/event-routing.ts',
        '...defined({ createdAt }),',
        '',
        'http/event-routing',
        'of a comment is a command when a person gives one',
      ),
    ],
  },
  {
    threat: 'Commands whose answers are too long together, so that GitHub refuses them at every try',
    protection:
      'A command that is given again in one comment is done once; whatever is written to GitHub goes through one function, which leaves out the last lines and closes what they would have closed.',
    proofs: [
      proof(
        'infrastructure/github/write/github-body.ts',
        'if (room < 0) break;',
        '',
        'infrastructure/github/github-body',
        'at the end of a line, and closes what is open',
      ),
      proof(
        'infrastructure/github/write/github-body.ts',
        'if (markdown.length <= maxBodyLength) return markdown;',
        'return markdown;',
        'application/pull-requests/run-commands',
        'are answered as far as GitHub takes it',
      ),
      proof(
        'application/pull-requests/run-commands.ts',
        'if (results.has(words)) continue;',
        '',
        'application/pull-requests/run-commands',
        'that are given ten times in a comment are done once',
      ),
    ],
  },
  {
    threat:
      'Definitions about whose DataPass or SIRET a service never answers, for which the revocation of another is not heard of',
    protection:
      'What one sweep asks about live clients are those whose turn has just come, then some drawn among all that are late, anew each time.',
    proofs: [
      proof(
        'application/reconciliation/live-checks.ts',
        'const first = [...ranks.keys()].sort()',
        'const first = [...ranks.keys()]',
        'application/reconciliation/live-checks',
        'are all asked about, though those of whom nobody says anything',
      ),
      proof(
        'application/reconciliation/live-checks.ts',
        'isLate(client) ? 1 : 0',
        'isLate(client) ? 1 : 1',
        'application/reconciliation/live-checks',
        'are asked about within a day also beside many of whom nobody says anything',
      ),
    ],
  },
  {
    threat:
      'Thousands of live clients to ask about, or a service that takes its time, for which a merge waits',
    protection: 'What is asked about live clients is work of its own, beside the one that reconciles.',
    proofs: [
      proof(
        'infrastructure/queue/job-kinds.ts',
        'return { serialKey: what, dedupKey: what, priority: 30, installation };',
        "return { ...jobOptions({ ...job, kind: 'reconcile' }), dedupKey: what };",
        'application/reconciliation/live-checks',
        'are asked about beside what is merged meanwhile, which does not wait for it',
      ),
    ],
  },
  {
    threat: 'Hundreds of numbers in one pull request, for which everyone else’s look-ups wait',
    protection:
      'The same question is asked once, turns go round between authors, and one review asks 50 questions of a service; it says of the rest that they are for later, and later goes on from there.',
    proofs: [
      proof(
        'application/lookups/fair-queue.ts',
        'const same = this.#answers.get(key);',
        'const same = this.#answers.get(String(this.#answers.size));',
        'infrastructure/lookups/lookups',
        'asks the same once',
      ),
      proof(
        'application/lookups/fair-queue.ts',
        'const own = this.#waiting.get(asker);',
        "asker = '';\n    const own = this.#waiting.get(asker);",
        'infrastructure/lookups/lookups',
        'lets someone with one question have a turn soon',
      ),
      proof(
        'application/lookups/answer-cache.ts',
        'mayAsk?.(question) === false',
        'false',
        'infrastructure/lookups/lookups',
        'leaves for later what one review asks',
      ),
    ],
  },
  {
    threat: 'Thousands of definitions in one pull request, over which nobody else is answered for seconds',
    protection:
      'Definitions are read, compared and judged one in each turn of the event loop: those of a pull request, of the registry, of what is to be applied; pairs of those of two pull requests, a thousand at most.',
    proofs: [
      proof(
        'application/in-turns.ts',
        'await setImmediate();',
        '',
        'application/in-turns',
        'gives everyone else a turn',
      ),
      proof(
        'domain/review/evaluate/sides.ts',
        'if (side !== undefined) after.set(file.path, side);\n    yield;',
        'if (side !== undefined) after.set(file.path, side);',
        'application/in-turns',
        'reads one definition a turn',
      ),
      proof(
        'application/mirror/file-records.ts',
        'kept.set(file.path, fileRecord(file));\n    await setImmediate();',
        'kept.set(file.path, fileRecord(file));',
        'application/in-turns',
        'reads one definition a turn',
      ),
      proof(
        'application/reconciliation/github-registry.ts',
        'await setImmediate();',
        '',
        'application/in-turns',
        'reads one definition a turn',
      ),
      proof(
        'application/reconciliation/github-registry.ts',
        'const findings = await inTurns(evaluateRegistryInSteps(view.registry));',
        'const work = evaluateRegistryInSteps(view.registry);\n  let step = work.next();\n  while (step.done !== true) step = work.next();\n  const findings = step.value;',
        'application/in-turns',
        'compares one definition a turn with the others of the registry, before any is applied',
      ),
      proof(
        'domain/review/evaluate/evaluate.ts',
        'files.push(reviewedFile(path, change, before, after, reported, organization, merged.has(path)));\n    yield;',
        'files.push(reviewedFile(path, change, before, after, reported, organization, merged.has(path)));',
        'application/in-turns',
        'judges one definition a turn, as often as more is known of people',
      ),
      proof(
        'application/pull-requests/colliding-pulls.ts',
        'if (compared % comparedAtOnce === 0) yield;',
        '',
        'application/in-turns',
        'compares what changed with every other open request in bounded steps',
      ),
      proof(
        'application/pull-requests/rereview-affected.ts',
        'if (collides(moved, each)) return true;\n    yield;',
        'if (collides(moved, each)) return true;',
        'application/in-turns',
        'compares one definition a turn of each open request',
      ),
      proof(
        'application/mirror/mirror.ts',
        'this.#turn = done.catch(() => undefined);',
        '',
        'application/in-turns',
        'leaves the registry at its commit while it is worked on',
      ),
    ],
  },
];
