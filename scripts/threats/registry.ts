/** Those who are trusted with the registry: its writers, and GitHub. */
import { byOneWriter, byOtherBranches } from './consent.ts';
import { byHaste } from './meanwhile.ts';
import { proof, type ThreatActor } from './model.ts';

export const writer: ThreatActor = {
  name: 'Someone with write permission on the registry, or a maintainer',
  can: 'merge, push where the rule set lets them, confirm plans: they are trusted with the registry, and every step of theirs is in the audit trail.',
  cannot:
    'provision what is invalid, remove many clients by accident, or take anything back from the audit trail.',
  threats: [
    {
      threat:
        'The name or the description of somebody’s service, pushed to the default branch, for everyone to read in the public catalogue',
      protection:
        'The catalogue says what was agreed to: as the definition was when its client was made what it is, or as approvals of production have had it since.',
      proofs: [
        proof(
          'application/reconciliation/describe-clients.ts',
          'if (!isWordForProduction(words.get(key))) continue;',
          '',
          'application/reconciliation/described',
          'is the description that was approved, though no client changes for it',
        ),
        proof(
          'application/reconciliation/merged-pulls.ts',
          'if (!(await isMergedBy(repository, change.merged, commit)))',
          'if (commit === undefined)',
          'application/reconciliation/described',
          'is not what a commit within the request said that was approved at its end',
        ),
      ],
    },
    {
      threat: 'An invalid definition reaches the default branch',
      protection:
        'Everything is judged again at the commit that is applied; what is invalid is left as it is, neither changed nor removed.',
      proofs: [
        proof(
          'application/reconciliation/github-registry.ts',
          'if (definition === undefined || errors.has(path)) held.push({ cell, id });',
          'if (definition === undefined) held.push({ cell, id });',
          'application/reconciliation/setup',
          'provisions nothing that is invalid on the default branch',
        ),
        proof(
          'application/reconciliation/preview.ts',
          'held: [...snapshot.held, ...outside],',
          'held: [...outside],',
          'application/reconciliation/reconcile',
          'never applies a definition that is invalid at the commit',
        ),
      ],
    },
    {
      threat: 'Mass removal: a folder renamed, a bad merge',
      protection:
        'More than ten removals, or a fifth of a cell of twenty, stop and ask in one issue; removal deactivates, and deletes days later.',
      proofs: [
        proof(
          'domain/provisioning/plan.ts',
          'export const maxRemovals = 10;',
          'export const maxRemovals = 1e9;',
          'domain/provisioning/plan',
          'asks first is',
        ),
        proof(
          'domain/provisioning/approval-gate.ts',
          "if (isGuarded) return 'guarded';\n  if (isDrift",
          'if (isDrift',
          'application/reconciliation/reconcile',
          'asks before it removes many clients at once',
        ),
      ],
    },
    {
      threat:
        'A full registry, or a new cell, whose services all have a client already: a second one of each',
      protection:
        'More than fifty new clients stop and ask in one issue, which says that adopting those that exist keeps their keys; one confirmation is good for all of them, also over a kill.',
      proofs: [
        proof(
          'domain/provisioning/plan.ts',
          'export const maxCreations = 50;',
          'export const maxCreations = 1e9;',
          'domain/provisioning/plan',
          'new clients of which',
        ),
        proof(
          'application/reconciliation/reconcile.ts',
          'if (confirmed.has(guard.digest))',
          'if (guard.digest === "")',
          'application/reconciliation/many-creations',
          'are made on one word, also when the process is killed in the middle',
        ),
      ],
    },
    ...byOneWriter,
    ...byOtherBranches,
    {
      threat: 'Covering one’s tracks',
      protection: 'The audit trail takes additions only; the database itself refuses the rest.',
      proofs: [
        proof(
          'infrastructure/database/migrations/0200-provisioning.ts',
          'create trigger audit_append_only before update or delete or truncate on audit',
          'create trigger audit_append_only before truncate on audit',
          'application/reconciliation/reconcile',
          'and nothing can take it back',
        ),
      ],
    },
  ],
};

export const github: ThreatActor = {
  name: 'GitHub',
  can: 'see and change everything in the registry; it is trusted with what it says of people and commits, since it could merge anything itself.',
  cannot: 'lead Greffier astray by being late, out of order, doubled or partial, or see a client’s secret.',
  threats: [
    {
      threat:
        'It says that something is not there which is: a tree, a blob, a commit, the archive, the default branch',
      protection:
        'What must be there and is not shown is unknown: it is asked for again, and nothing is remembered of it. No client goes before the registry itself, read once more, lacks its file.',
      proofs: [
        proof(
          'infrastructure/github/client/repository-client.ts',
          'if (shown === undefined) throw new UnknownAnswer(what);',
          '',
          'application/reconciliation/absence',
          'takes no client away, whether all is read anew or a part',
        ),
        proof(
          'infrastructure/github/read/registry-files.ts',
          "if (file.bytes === undefined && file.mode !== 'submodule')",
          "if (file.mode === 'submodule' && file.bytes !== undefined)",
          'application/reconciliation/absence',
          'is not remembered as a definition that claims nothing',
        ),
        proof(
          'application/reconciliation/reconcile.ts',
          'const isDoubtful = !sweep && (await missesFiles(deps, remembered, accounts));',
          'const isDoubtful = sweep && (await missesFiles(deps, remembered, accounts));',
          'application/reconciliation/absence',
          'a mirror that lacks files takes nothing away, and heals',
        ),
        proof(
          'infrastructure/github/read/rights.ts',
          'if (person?.id === id && person.isPerson)',
          "if (login === '')",
          'application/reconciliation/authority',
          'is not held for good, approved as it was, since GitHub once did not say who may write',
        ),
      ],
    },
    {
      threat:
        'A history in which a definition never was, put in the place of the one in which it was (a force push)',
      protection:
        'Whatever took it away, nobody was shown it: it waits for a confirmation, and nothing else waits for that.',
      proofs: [
        proof(
          'infrastructure/github/read/merged-pull-requests.ts',
          "if (last === undefined) return { kind: 'unknown' };",
          'if (last === undefined) throw new UnknownAnswer(path);',
          'application/reconciliation/authority',
          'does not keep all others waiting when its file is taken out of the history',
        ),
      ],
    },
    {
      threat: 'An answer that is older than the last one (a replica that lags)',
      protection: 'What was judged is never overwritten by an older reading.',
      proofs: [
        proof(
          'application/pull-requests/review-pull-request.ts',
          'if (known !== undefined && pull.updatedAt < known.readAt && pull.head !== known.head)',
          'if (known?.head === "")',
          'application/pull-requests/review-pull-request',
          'never goes back to an older state',
        ),
      ],
    },
    {
      threat: 'Events of other repositories, or numbers of one repository used in another',
      protection:
        'Only the registry is listened to, and the repository of requests for answers to them; a request is found by its repository and its number.',
      proofs: [
        proof(
          'http/webhook/event-routing.ts',
          "if (!ofRegistry && !audience.requests.includes(id)) return { ignored: 'another repository' };",
          '',
          'http/event-routing',
          'of another repository is ignored',
        ),
        proof(
          'application/reconciliation/command-context.ts',
          'const isHere = repository === undefined ? issues?.inRegistry === true : issues?.id === repository;',
          'const isHere = true;',
          'application/reconciliation/reconcile',
          'numbers of two repositories meet',
        ),
        proof(
          'application/pull-requests/run-commands.ts',
          'const repository = elsewhere ?? registry;',
          'const repository = registry;',
          'application/pull-requests/run-commands',
          'are answered there, by the rights that people have there',
        ),
      ],
    },
    {
      threat: 'It gives the registry another name or another owner, on the word of its administrators',
      protection:
        'What the store knows belongs to the number of a repository; names are only asked for where it is now.',
      proofs: [
        proof(
          'main/handlers.ts',
          'const { registry: repo, id, name, installation } = context.registry;',
          'const { name: repo, id, name, installation } = context.registry;',
          'main/renamed-registry',
          'stay its own over a restart, whether the configuration follows or not',
        ),
        proof(
          'http/webhook/event-routing.ts',
          'const ofRegistry = id === registry.id;',
          'const ofRegistry = sameName(repo, registry.name);',
          'http/event-routing',
          'of the registry is known by its number, whatever it is called now',
        ),
        proof(
          'application/identity/resolve-registry.ts',
          'if ((await numberOf(key)) === seen.id) return key;',
          'break;',
          'main/renamed-registry',
          'of a store from before numbers were kept are its own, even when it was renamed meanwhile',
        ),
        proof(
          'application/identity/command-registry.ts',
          "if (known.length > 0 && unbound === undefined) return { ok: false, reason: 'unknown', known };",
          '',
          'cli/renamed-registry',
          'do not take a new name for a new registry where GitHub cannot be asked',
        ),
      ],
    },
    {
      threat:
        'It gives the name of the repository of requests to another one, where a stranger says which client is whose',
      protection:
        'The number of that repository is remembered from the first time on, whether anybody was asked there or not; only that one is asked, listened to and believed. Another one under its name holds the cell, and the operator is told.',
      proofs: [
        proof(
          'application/reconciliation/manual-cell.ts',
          'return from === to || (from === anywhere && asksPeople(to));',
          'return from === to || (asksPeople(from) && asksPeople(to));',
          'main/requests-repository',
          'is not the one that has its name now: nobody there is believed or asked, and the operator is told',
        ),
        proof(
          'application/reconciliation/known-servers.ts',
          'if (!withClients.has(name) && !isOtherRepository(change))',
          'if (!withClients.has(name))',
          'main/requests-repository',
          'is not another one under its name either where nobody was asked yet',
        ),
        proof(
          'http/webhook/event-routing.ts',
          "if (!ofRegistry && !audience.requests.includes(id)) return { ignored: 'another repository' };",
          '',
          'http/event-routing',
          'of a repository that took the name of the one of requests does nothing',
        ),
        proof(
          'application/reconciliation/command-context.ts',
          'const isHere = repository === undefined ? issues?.inRegistry === true : issues?.id === repository;',
          'const isHere = repository !== undefined || issues?.inRegistry === true;',
          'application/reconciliation/reconcile',
          'answers a request in the very repository where it was opened: numbers of two repositories meet',
        ),
      ],
    },
    {
      threat: 'It gives the registry’s name to another repository: a stranger’s, a copy, one made anew',
      protection:
        'Every call goes by the repository’s number; another one gets none of the rows, and is not listened to, until the operator says that it is the registry.',
      proofs: [
        proof(
          'infrastructure/github/client/repository-client.ts',
          'id === undefined ? client : byNumber(',
          'id !== id ? client : client ?? byNumber(',
          'application/pull-requests/moved-repository',
          'is read and written by its number, whichever call comes when another one has taken its name',
        ),
        proof(
          'infrastructure/github/read/pull-request.ts',
          'mustBeServed(repository, data.base.repo);',
          '',
          'application/pull-requests/moved-repository',
          'is told to be called otherwise, when it was renamed',
        ),
        proof(
          'infrastructure/github/read/repository.ts',
          'if (answer === undefined) throw new RepositoryMoved(repository, undefined);',
          "if (answer === undefined) throw new Error('It is gone');",
          'application/pull-requests/moved-repository',
          'is looked for when GitHub does not show it any more',
        ),
        proof(
          'application/reconciliation/github-registry.ts',
          'settingsInForce({ repo: deps.registry, repository, store }, view)',
          "settingsInForce({ repo: 'renamed', repository, store }, view)",
          'application/mirror/settings-in-force',
          'are those that could be read under the former name, when the registry was renamed',
        ),
        proof(
          'application/identity/resolve-registry.ts',
          'const seen = named?.id === id ? named : await repositoryNumbered(github, id);',
          'const seen = named ?? (await repositoryNumbered(github, id));',
          'main/renamed-registry',
          'are held when it is deleted and another one made under its name',
        ),
        proof(
          'application/identity/resolve-registry.ts',
          'const other = configured === undefined ? known[0] : boundTo(known, names);',
          'const other = configured === undefined ? undefined : boundTo(known, names);',
          'main/renamed-registry',
          'are held when the App is moved to another repository without a word of the operator',
        ),
        proof(
          'main/served-registry.ts',
          'if (binding === undefined) return this.#look();',
          'if (binding === undefined) return true;',
          'main/renamed-registry',
          'are not touched any more by a process that runs on after they were given to another repository',
        ),
        proof(
          'application/identity/command-registry.ts',
          "if (other !== undefined) return { ok: false, reason: 'replaced', known: other };",
          '',
          'cli/renamed-registry',
          'leave the clients alone when another repository has the name',
        ),
      ],
    },
    {
      threat: 'A comment or a check of someone else that looks like Greffier’s',
      protection: 'Only what this App wrote is taken for its own, by its numeric id.',
      proofs: [
        proof(
          'infrastructure/github/write/authorship.ts',
          "return isWrittenBy(written, author) && (written.body ?? '').startsWith(marker);",
          "return (written.body ?? '').startsWith(marker);",
          'infrastructure/github/review-output',
          'finds its check and its comment again after a crash',
        ),
      ],
    },
    ...byHaste,
  ],
};
