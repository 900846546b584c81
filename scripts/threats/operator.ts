/** Those who run Greffier. */
import { proof, type ThreatActor } from './model.ts';

export const operator: ThreatActor = {
  name: 'An operator',
  can: 'read the environment, the store and the logs, and do anything: they are trusted. They make mistakes.',
  cannot:
    'leak a secret by reading or forwarding logs, start something half configured, or lose what runs by stopping it.',
  threats: [
    {
      threat: 'A command of a newer version, run to look, upgrades the store of the service that is running',
      protection:
        'Who opens a store says what may be done to its schema. Only the start of the service, and the command that is for it, upgrade; everything else leaves a store of another version as it is, and says so.',
      proofs: [
        proof(
          'infrastructure/database/migrate.ts',
          "if (right === 'upgrade' || (right === 'create' && applied.length === 0)) {",
          "if (right !== 'none' || applied.length >= 0) {",
          'cli/store-version',
          'of an earlier version is refused by %s, which changes nothing in it',
        ),
      ],
    },
    {
      threat:
        'Clients that the store loses by a slip, and that are made a second time: another name given to `store bind`, a copy that was cut short',
      protection:
        'Only a registry of which the store knows something is given to a repository. An export says on its last line how many there are; of one that is not all there, or is damaged, nothing is taken.',
      proofs: [
        proof(
          'application/identity/bindings.ts',
          'if (!keys.includes(registry)) return { ok: false, keys };',
          '',
          'cli/renamed-registry',
          'leave the clients alone when another repository has the name',
        ),
        proof(
          'infrastructure/database/export-import.ts',
          "if (announced && !ended) throw new ArchiveFault({ ok: false, reason: 'cut' });",
          '',
          'cli/operator',
          'refuse a copy of the store that is not all there, or is damaged, and take nothing of it',
        ),
      ],
    },
    {
      threat:
        'A registry that was made anew, where requests of the front desk and commands of the first one are taken for what is there under the same numbers',
      protection:
        'What is kept by numbers of the first repository is forgotten when another one is given its clients: requests of the desk are sent anew, what was written beneath its pull requests is done no more.',
      proofs: [
        proof(
          'application/identity/bindings.ts',
          'await forgetSent(db, registry);',
          '',
          'application/front-desk/rebound',
          'closes nobody else’s where it is withdrawn',
        ),
        proof(
          'application/identity/bindings.ts',
          ".where('kind', '=', 'command')",
          ".where('kind', '=', 'none')",
          'application/front-desk/rebound',
          'takes what was written beneath a pull request of a former registry for no command of another one',
        ),
      ],
    },
    {
      threat: 'Secrets in logs, errors, comments, issues, checks and mails',
      protection:
        'Secrets are of a type that prints as a mask; only chosen fields are logged; errors are stripped of whatever has the shape of a secret.',
      proofs: [
        proof(
          'base/config/secret.ts',
          'toJSON(): string {\n    return mask;',
          'toJSON(): string {\n    return String(this.#value);',
          'base/config/secret',
          'is masked however it is printed',
        ),
        proof(
          'base/observability/logger.ts',
          "return secretPatterns\n    .reduce((safe, pattern) => safe.replace(pattern, '[secret]'), text)\n    .replaceAll('\\0', '\\ufffd')\n    .slice(0, maxTextLength);",
          'return text.slice(0, maxTextLength);',
          'infrastructure/queue/retry-policy',
          'never carry a secret',
        ),
      ],
    },
    {
      threat: 'More permissions than are needed, or fewer',
      protection:
        'What the App was granted is compared at every start; what is missing and what is too much is named.',
      proofs: [
        proof(
          'main/served-registry.ts',
          "if (surplus.length > 0) log.warn({ surplus }, 'the App was granted more than it uses: take it back');",
          '',
          'main/start',
          'names the permissions that are missing',
        ),
        proof(
          'infrastructure/github/client/permissions.ts',
          'return rank(access) > rank(allowed);',
          'return rank(access) > 2;',
          'infrastructure/github/permissions',
          'are named when they are missing or too many',
        ),
      ],
    },
    {
      threat: 'Another issuer or API address in the configuration of a cell with clients',
      protection:
        'The store remembers where the clients of a cell were made. While the configuration names another server the cell is held: its provider refuses every call, until the operator says that it is the same one.',
      proofs: [
        proof(
          'application/reconciliation/known-servers.ts',
          'if (server !== undefined && from !== undefined && !isSameServer(from, server))',
          'if (server !== undefined && from === name)',
          'application/reconciliation/server-change',
          'is asked nothing, old or new, whatever there is to do',
        ),
        proof(
          'application/reconciliation/known-servers.ts',
          'provider: refusing(cell.provider, failure), ',
          '',
          'application/reconciliation/server-change',
          'has a provider that refuses every call, whoever makes it',
        ),
      ],
    },
    {
      threat: 'A plan, which is looked at before anything is decided, changes something',
      protection:
        'What reads a client changes nothing; access that a person took away is put back by a reconciliation only.',
      proofs: [
        proof(
          'infrastructure/identity-providers/proconnect/provider.ts',
          'const seen = await seenAs(ref, client, client.metadata.contacts ?? []);',
          'await fetchClient(ref, client, client.metadata.contacts ?? []); const seen = await seenAs(ref, client, client.metadata.contacts ?? []);',
          'application/reconciliation/partner-clients',
          'is left as it is by a plan',
        ),
      ],
    },
    {
      threat: 'Two cells with one partner API and one identity domain, so that keys cross cells',
      protection: 'Greffier does not start, and says which.',
      proofs: [
        proof(
          'base/config/config-file.ts',
          'if (other !== undefined) return [other, name];',
          '',
          'base/config/config-file',
          'whose clients nothing would tell apart',
        ),
      ],
    },
    {
      threat: 'A key that expired or was replaced',
      protection:
        'The new key seals, the old ones still open; what nothing opens any more is kept, and said in words.',
      proofs: [
        proof(
          'application/handover/secrets/keyring.ts',
          'const known = keys.find((candidate) => candidate.id === id);',
          'const known = keys[0];',
          'application/handover/keyring',
          'replaces a key',
        ),
        proof(
          'application/handover/handover-store.ts',
          "if (secret === undefined) return 'broken';",
          "if (secret === undefined) { await transaction.updateTable('handovers').set({ secret: null }).where('token_hash', '=', hash).execute(); return 'broken'; }",
          'application/handover/one-time-page',
          'keeps the keys when they cannot be opened',
        ),
      ],
    },
    {
      threat: 'Two processes on one embedded store',
      protection: 'The folder is locked; the second one says so and ends.',
      proofs: [
        proof(
          'infrastructure/database/embedded/folder-lock.ts',
          "file.exec('BEGIN EXCLUSIVE');",
          '',
          'infrastructure/database/database',
          'refuses a folder that another holds',
        ),
      ],
    },
    {
      threat: 'A power cut, or a kill, right after something was answered',
      protection:
        'A delivery is answered, and work is done, once its transaction is on the disk: the log of the embedded store is flushed for each. A disk that once failed to write is not asked again by the same process.',
      proofs: [
        proof(
          'infrastructure/database/embedded/dialect.ts',
          "waits ? 'full' : 'normal'",
          "waits ? 'normal' : 'normal'",
          'infrastructure/database/database',
          'flushes every commit to the disk',
        ),
        proof(
          'infrastructure/database/embedded/dialect.ts',
          'if (flushed) await this.#log?.flush();',
          '',
          'infrastructure/database/durability',
          'is waited for by what is told',
        ),
        proof(
          'infrastructure/database/embedded/write-ahead-log.ts',
          'this.#failed = { error };',
          '',
          'infrastructure/database/durability',
          'that once failed to write is trusted no more',
        ),
        proof(
          'infrastructure/database/embedded/write-ahead-log.ts',
          'this.#failed ??= { error };',
          'error;',
          'infrastructure/database/durability',
          'is trusted no more either: a later flush would succeed without having written what came before',
        ),
      ],
    },
    {
      threat:
        'What other people did, and who they are, on an operator’s disk and in its copies without any use',
      protection:
        'Of what GitHub delivers, only what names it is kept, and the work that it causes; where it causes none, nothing else.',
      proofs: [
        proof(
          'infrastructure/queue/inbox.ts',
          'body: nothing, routed',
          'body: Buffer.from(JSON.stringify(routed)), routed',
          'infrastructure/queue/inbox',
          'and nothing of what was in it',
        ),
      ],
    },
    {
      threat: 'An upgrade over the store of an earlier version, which this one does not read',
      protection:
        'It is refused, with the two commands that move it, until an import has filled the new one: an empty store beside it is never taken for the registry’s.',
      proofs: [
        proof(
          'infrastructure/database/embedded/open.ts',
          '(former && (await isEmpty(db)) ?',
          '(former && false ?',
          'infrastructure/database/database',
          'refuses a folder with the store of an earlier version until that was moved',
        ),
      ],
    },
    {
      threat:
        'A process that is paused for longer than its lease, and goes on with work that another has done',
      protection:
        'A job writes, calls and mails under its lease only: each transaction begins with the proof that the job is still its own and keeps others from taking it over until it ends, each call is preceded by that proof. What is called right after the proof and too late is a second client, which is looked for and removed.',
      proofs: [
        proof(
          'application/writing-under.ts',
          "if (!String(route).startsWith('GET ')) await lease.hold();",
          '',
          'application/pull-requests/merging',
          'of work that another process took over meanwhile',
        ),
        proof(
          'application/pull-requests/handlers.ts',
          'store: store.under(database), ',
          '',
          'application/pull-requests/merging',
          'of work that another process took over meanwhile',
        ),
        proof(
          'application/pull-requests/collect-facts.ts',
          'return { ...stored, clients: await deps.clientsOf?.(touched, stored.clients) };',
          'return stored;',
          'application/pull-requests/read-ahead',
          'is what the store knows too, and the plan is kept by the review',
        ),
        proof(
          'infrastructure/queue/lease.ts',
          'if (row === undefined) throw new LeaseLost();',
          '',
          'application/reconciliation/fencing',
          'is refused every single thing that the ledger and the store write',
        ),
        proof(
          'infrastructure/queue/lease.ts',
          'if ((await statement(unflushed(db), id, claim)).length === 0) throw new LeaseLost();',
          'await statement(unflushed(db), id, claim);',
          'application/reconciliation/fencing',
          'is refused every single thing that the ledger and the store write',
        ),
        proof(
          'infrastructure/queue/lease.ts',
          'if (ours.length === 0) throw new LeaseLost();',
          '',
          'application/reconciliation/fencing',
          'at any point changes nothing any more: one client, one mail, one comment',
        ),
        proof(
          'application/reconciliation/under-lease.ts',
          '      await lease.hold();\n',
          '',
          'application/reconciliation/fencing',
          'at any point changes nothing any more: one client, one mail, one comment',
        ),
        proof(
          'application/handover/outbox.ts',
          'sender: holding(lease, { send })',
          'sender: { send }',
          'application/reconciliation/fencing',
          'sends no mail',
        ),
      ],
    },
    {
      threat: 'Stopping it in the middle of something',
      protection:
        'What runs is finished within twenty seconds, the rest is put back; a kill costs nothing but time.',
      proofs: [
        proof(
          'infrastructure/queue/worker.ts',
          'stopping = true;',
          '',
          'infrastructure/queue/worker',
          'finishes what runs when it stops, and takes no more',
        ),
      ],
    },
    {
      threat: 'An application that is tried (`greffier try`) and leads into the network of who tries it',
      protection:
        'A name is asked once and the connection made to that answer; private addresses are refused unless asked for; only the application’s own hosts are followed; time, size and steps are bounded.',
      proofs: [
        proof(
          'infrastructure/application-visit/guarded-request.ts',
          "if (hidden !== undefined) return failed('private-address', { host, address: hidden.address });",
          '',
          'infrastructure/application-visit/guarded-request',
          'asks nothing of a name that means a private address',
        ),
        proof(
          'infrastructure/application-visit/guarded-request.ts',
          "return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(globalUnicast);",
          'return true;',
          'infrastructure/application-visit/guarded-request',
          'asks nothing of a name that means a private address',
        ),
        proof(
          'infrastructure/application-visit/visit.ts',
          'if (!isWithin(move.url, options))',
          'if (false)',
          'cli/try',
          'says where it stopped: a page that leads nowhere, a circle, a fault, another site',
        ),
      ],
    },
    {
      threat: 'A copy of the store in a file that others may read, or hold open, since it was there before',
      protection: 'What is exported takes the place of such a file, in one that its owner alone reads.',
      proofs: [
        proof(
          'cli/provisioning/store-file.ts',
          'if (there !== undefined && !there.isFile())',
          'if (there !== undefined)',
          'cli/operator',
          'copy the store to a file that only its owner reads',
        ),
      ],
    },
    {
      threat: 'A code that somebody else slips in while the App is made (`greffier app create`)',
      protection:
        'The answer counts only with the word that this run drew at random, once, at a page that only this machine reaches under its own address, which only the terminal was told; keys go into files of the owner’s own, never over others.',
      proofs: [
        proof(
          'main/create-app/flow.ts',
          "if (!isOurs || code === '' || answered)",
          "if (code === '' || answered)",
          'cli/app-create',
          'takes no code that was not asked for here, and none twice',
        ),
        proof(
          'main/create-app/flow.ts',
          'if (url.pathname === door)',
          "if (url.pathname === door || url.pathname === '/')",
          'cli/app-create',
          'takes no code that was not asked for here, and none twice',
        ),
        proof(
          'cli/registry/write-file.ts',
          'return createFile(root, path, text, 0o600);',
          'return createFile(root, path, text, 0o644);',
          'cli/app-create',
          'makes the App with one click, and keeps its keys where only their owner reads them',
        ),
      ],
    },
    {
      threat:
        'Clients that are adopted before their definitions are merged, so that they look removed, and hold up their cell',
      protection:
        'An account that was adopted loses nothing, and asks for nothing, until its definition was seen.',
      proofs: [
        proof(
          'domain/provisioning/plan.ts',
          'if (known === undefined || known.awaited === true)',
          'if (known === undefined)',
          'application/reconciliation/adopting',
          'lives on while its definition is not merged yet',
        ),
        proof(
          'application/ledger/client-rows.ts',
          ".where(sql<boolean>`account ->> 'intent' is null`)",
          '',
          'application/reconciliation/adopting',
          'is left when the service begins to make one',
        ),
        proof(
          'application/ledger/client-rows.ts',
          'return isOurs ? present : undefined;',
          'return undefined;',
          'application/reconciliation/adopted-meanwhile',
          'keep the client of who was first',
        ),
      ],
    },
    {
      threat:
        'A definition that a stranger wrote with the name and the addresses of a client that is yet to be adopted, to become its contact',
      protection:
        'A client is adopted by all that it tells; where it tells of no contacts, by those that the operator says. It belongs to the server that its cell has.',
      proofs: [
        proof(
          'application/reconciliation/adopt.ts',
          'metadata.contacts ?? contactsGiven(client)',
          'metadata.contacts ?? wanted.contacts',
          'application/reconciliation/adopting',
          'is not tied to a definition whose contacts',
        ),
        proof(
          'cli/commands/adopt.ts',
          'if (changed !== undefined) throw',
          'if (changed === null) throw',
          'cli/import',
          'records no client of another server',
        ),
      ],
    },
    {
      threat: 'Changes during a freeze: confirmed, approved, begun before, or put right by themselves',
      protection:
        'A cell that the settings freeze is left as it is whatever word was given, until its day in Paris; settings that cannot be read end no freeze.',
      proofs: [
        proof(
          'domain/provisioning/approval-gate.ts',
          "decision === 'apply' ? 'frozen'",
          "decision === 'apply' ? 'apply'",
          'application/reconciliation/freeze',
          'gives nobody a word',
        ),
        proof(
          'domain/registry/freeze.ts',
          'parisDay(new Date(now))',
          'new Date(now).toISOString().slice(0, 10)',
          'application/reconciliation/freeze',
          'applies nothing until its day in Paris',
        ),
        proof(
          'domain/registry/settings-reader.ts',
          "return cellNames.map((cell) => ({ cell, reason: '' }));",
          'return [];',
          'domain/registry/settings',
          'keep what could not be understood of a freeze frozen',
        ),
        proof(
          'cli/registry/registry-snapshot.ts',
          "freezes: isUnreadable ? cellNames.map((cell) => ({ cell, reason: '' })) : settings.freezes,",
          '',
          'cli/provisioning',
          'changes nothing in a cell that the settings of the folder freeze',
        ),
      ],
    },
  ],
};
