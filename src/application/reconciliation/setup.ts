/** Everything of provisioning put together: the jobs, the page, the plan of a review, the commands that follow. */
import type { Kysely } from 'kysely';
import { eraseExpired, storedHandovers } from '#application/handover/handover-store';
import { handoverPage, type PageAnswer, type PageRequest } from '#application/handover/one-time-page';
import { type MailCell, sendMail, waitingMails } from '#application/handover/outbox';
import { type Keyring, keyringOf } from '#application/handover/secrets/keyring';
import { countSealed, reseal } from '#application/handover/secrets/rotate-key';
import { vaultOf } from '#application/handover/secrets/vault';
import { StoredLedger } from '#application/ledger/sql-ledger';
import { askOutside, forgetOldAnswers } from '#application/lookups/answer-cache';
import type { RegistryMirror } from '#application/mirror/mirror';
import type { ReviewMemory } from '#application/mirror/review-store';
import { cellNames } from '#base/config/cells';
import type { Configuration } from '#base/config/config-file';
import type { Settings } from '#base/config/environment';
import { refusal, sayRefusal } from '#base/config/startup-errors';
import { followed } from '#base/observability/log-context';
import type { Log } from '#base/observability/logger';
import { cellName, placeOf } from '#domain/definition/cell';
import { cellState } from '#domain/provisioning/known-clients';
import { discoveryOf } from '#domain/provisioning/outcome-comment';
import { clientKey, planFor } from '#domain/provisioning/plan';
import type { Answers } from '#domain/registry/outside-answers';
import type { Desired, Entry } from '#domain/registry/registry';
import type { PlanFacts } from '#domain/review/facts/facts';
import type { Tables } from '#infrastructure/database/tables/queue';
import type { Gate } from '#infrastructure/github/client/repository-client';
import { keepComment, keepDeployment, setDeploymentState } from '#infrastructure/github/write/deployments';
import { smtpPost } from '#infrastructure/mail/smtp';
import type { Again, Job } from '#infrastructure/queue/job-kinds';
import type { Jobs } from '#infrastructure/queue/job-queue';
import { issuesOf, servedCells } from './cells.ts';
import * as commands from './operator-commands.ts';
import { type Publisher, report } from './publish-outcomes.ts';
import { outsideServices, rechecking } from './recheck.ts';
import { type ReconcileTools, type Reconciliation, reconcile } from './reconcile.ts';
import { Books } from './reconcile-store.ts';
import { registrySource } from './registry-source.ts';

type NeededSettings = Pick<
  Settings,
  'key' | 'publicUrl' | 'smtpUrl' | 'mailFrom' | 'datapass' | 'entreprisesUrl'
>;

export interface ProvisioningContext {
  readonly settings: NeededSettings;
  readonly configuration: Configuration;
  readonly db: Kysely<Tables>;
  readonly jobs: Jobs;
  readonly log: Log;
  /** `owner/name` of the registry. */
  readonly repo: string;
  readonly appId: number;
  /** The way to the registry, and to another repository whose people take requests. */
  readonly gate: (repo: string) => Gate;
  readonly mirror: RegistryMirror;
  readonly memory: ReviewMemory;
  readonly userAgent: string;
}

/** What merging would change, as the plan of a review needs to know it. */
export interface ShownChange {
  readonly number: number;
  readonly head: string;
  readonly desired: readonly Desired[];
  readonly touched: readonly string[];
}

export type LaterCommand = 'retry' | 'provisioned' | 'confirm' | 'handover' | 'rotate';

export interface ProvisioningRoom {
  ask(entry: Entry): Promise<Answers>;
  /** What merging would do; remembered as what this commit of the pull request showed. */
  plan(change: ShownChange): Promise<PlanFacts>;
  /** @param sweep looks at every client, and after everything that was left lying */
  reconcile(job: Job<'reconcile'>, sweep: boolean): Promise<Again | undefined>;
  mail(job: Job<'mail'>): Promise<Again | undefined>;
  page(request: PageRequest): Promise<PageAnswer>;
  /** The person's right to give it was checked before. */
  later(
    name: LaterCommand,
    given: commands.Given & { readonly argument?: string },
  ): Promise<commands.CommandAnswer>;
}

/** @throws when the configuration asks for something that the environment does not give, in words. */
export function provisioningRoom(context: ProvisioningContext): ProvisioningRoom {
  const { settings, configuration, db, jobs, repo } = context;
  const missing = missingFor(settings, configuration);
  if (missing.length > 0)
    throw new Error(missing.map((name) => sayRefusal(refusal('missing', { name }), 'en')).join(' '));
  const now = () => Date.now();
  const keyring = settings.key === undefined ? undefined : keyringOf(settings.key.reveal());
  const vault = vaultOf(keyring);
  const source = registrySource({
    gate: context.gate(repo),
    mirror: context.mirror,
    memory: context.memory,
  });
  const language = () => source.settings().language;
  const services = outsideServices(db, settings, context.userAgent);
  const { recheck, applicantOf } = rechecking(services, language);
  const cells = servedCells({
    configuration,
    repo,
    issuesIn: (of) => issuesOf(() => context.gate(of), { appId: context.appId }),
    vault,
    fetch,
    now,
    language,
    applicantOf,
  });
  const removalDelay = configuration.removalDelay * 1000;
  const books = new Books(db, repo);
  const ledger = new StoredLedger({
    db,
    registry: repo,
    vault,
    onMail: (id, transaction) =>
      jobs.enqueue(
        [{ kind: 'mail', payload: { id } }],
        { request: followed()?.request ?? `mail-${id}` },
        transaction,
      ),
  });
  const publisher = publisherOf(context);
  const post =
    settings.smtpUrl === undefined
      ? undefined
      : smtpPost({ url: settings.smtpUrl.reveal(), from: settings.mailFrom ?? 'greffier@localhost' });
  const cardOf = (name: string) => cells.get(cellNames.find((one) => one === name) ?? 'internet/integration');
  const handovers = storedHandovers(db, vault, (name) => {
    const card = cardOf(name)?.card;
    return {
      method: card?.method ?? 'client_secret_post',
      ...(card?.issuer === undefined ? {} : { discovery: discoveryOf(card.issuer) }),
    };
  });

  const tools = (): ReconcileTools => ({
    source,
    cells,
    ledger,
    books,
    recheck,
    removalDelay,
    now,
    language: language(),
  });
  const mailCell = (name: string): MailCell | undefined => {
    const card = cardOf(name)?.card;
    return card === undefined
      ? undefined
      : {
          provider: card.provider,
          removalDelay,
          ...(card.portal === undefined ? {} : { portal: card.portal }),
          ...(card.issuer === undefined ? {} : { discovery: discoveryOf(card.issuer) }),
        };
  };

  return {
    ask: (entry) =>
      askOutside(services, {
        ...(entry.draft?.siret === undefined ? {} : { siret: entry.draft.siret }),
        ...(entry.draft?.datapass === undefined ? {} : { datapass: entry.draft.datapass }),
      }),

    async plan(change) {
      const accounts = await ledger.all();
      const places = change.touched.flatMap((path) => placeOf(path) ?? []);
      const plan = planFor({
        desired: change.desired,
        cells: [...cells.values()].map((cell) => cellState(cell.provider, accounts)),
        now: now(),
        removalDelay,
        only: new Set(places.map((place) => `${cellName(place)}/${place.id}`)),
      });
      await books.show(change.number, change.head, plan);
      const touched = cellNames.filter((name) => places.some((place) => cellName(place) === name));
      return {
        digest: plan.digest,
        steps: plan.steps.map((step) => ({
          path: `service-providers/${clientKey(step)}.yaml`,
          cell: step.cell,
          action: step.action,
          changes: step.changes,
          left: step.left,
        })),
        unserved: touched.filter((name) => !cells.has(name)),
        manual: touched.filter((name) => cells.get(name)?.card.provider === 'manual'),
      };
    },

    async reconcile(job, sweep) {
      const result = await reconcile(tools(), sweep);
      await report(tools(), publisher, result);
      await books.keepDrift(tellOperator(context.log, result, cells.keys()));
      if (sweep) {
        await eraseExpired(db);
        if (keyring !== undefined) await tidyKeys(context, keyring);
        await forgetOldAnswers(db);
        const waiting = await waitingMails(db);
        const left = waiting.map((id) => ({ kind: 'mail' as const, payload: { id } }));
        if (post !== undefined) await jobs.enqueue(left, { request: job.request, news: false });
      }
      jobs.wake();
      if (result.again === undefined) return undefined;
      const { reason, after } = result.again;
      return { again: reason, ...(after === undefined ? {} : { after }) };
    },

    async mail(job) {
      // Without a mail server it stays in the outbox; a sweep sends it once there is one.
      if (post === undefined) return undefined;
      const outbox = { db, vault, post, publicUrl: settings.publicUrl ?? '', cell: mailCell };
      const sending = await sendMail(outbox, job.payload.id);
      if (sending.kind === 'later') return { again: sending.reason };
      if (sending.kind === 'refused')
        context.log.error({ mail: job.payload.id, reason: sending.reason }, 'a mail was refused');
      return undefined;
    },

    page: (request) => handoverPage(handovers, request),

    async later(name, { argument = '', ...given }) {
      const by = tools();
      switch (name) {
        case 'provisioned':
          return commands.provisioned(by, given, argument);
        case 'confirm':
          return commands.confirm(by, given, argument);
        case 'retry':
          return commands.retry(by, given);
        case 'handover':
          return commands.handover(by, given);
        case 'rotate':
          return commands.rotate(by, given);
      }
    },
  };
}

/** What a cell with keys to hand over needs: a key to seal them with, and an address for their link. */
function missingFor(settings: NeededSettings, configuration: Configuration): readonly string[] {
  const registers = Object.values(configuration.cells).some((cell) => cell?.provider === 'registration');
  if (!registers) return [];
  return [
    ...(settings.key === undefined ? ['GREFFIER_KEY'] : []),
    ...(settings.publicUrl === undefined ? ['PUBLIC_URL'] : []),
  ];
}

/** Seals anew what a former key sealed, and says when that key may go. */
async function tidyKeys(context: ProvisioningContext, keyring: Keyring): Promise<void> {
  const resealed = await reseal(context.db, keyring);
  const { former, missing } = await countSealed(context.db, keyring);
  const said = { resealed, former, missing };
  if (missing > 0) context.log.error(said, 'a key that sealed what is stored is not in GREFFIER_KEY');
  else if (former > 0) context.log.warn(said, 'former keys are still needed in GREFFIER_KEY');
  else if (keyring.ids.length > 1) context.log.info(said, 'former keys may be taken out of GREFFIER_KEY');
}

function publisherOf(context: ProvisioningContext): Publisher {
  const gate = () => context.gate(context.repo);
  return {
    comment: (pull, marker, body) => keepComment(gate(), pull, marker, body, context.appId),
    deploy: (commit, environment) => keepDeployment(gate(), commit, environment),
    setDeployment: (id, state) => setDeploymentState(gate(), id, state),
    issues: issuesOf(gate, { appId: context.appId }),
  };
}

/**
 * What the operator's log says of a reconciliation: names of clients, never their contents.
 *
 * @returns by cell, how many clients differ from the registry
 */
function tellOperator(
  log: Log,
  result: Reconciliation,
  cells: Iterable<string>,
): ReadonlyMap<string, number> {
  const drift = new Map<string, number>(Array.from(cells, (cell) => [cell, 0]));
  const count = (cell: string) => drift.set(cell, (drift.get(cell) ?? 0) + 1);
  for (const { step, ruling } of result.ruled) {
    if (ruling !== 'drift') continue;
    count(step.cell);
    log.warn({ client: clientKey(step), fields: step.changes.map((change) => change.field) }, 'drift');
  }
  for (const { cell, id } of result.plan.lost) {
    count(cell);
    log.warn({ client: clientKey({ cell, id }) }, 'a client is no longer shown to us');
  }
  for (const { removed, clientId, ...place } of result.twins) {
    if (!removed) count(place.cell);
    log.warn({ client: clientKey(place), clientId, removed }, 'a second client came to be');
  }
  for (const settled of result.settlements) {
    const said = { client: clientKey(settled.step), action: settled.step.action };
    if (settled.kind === 'failed')
      log.warn({ ...said, failure: settled.failure.message.key }, 'not provisioned');
    else log.info({ ...said, outcome: settled.kind }, 'provisioned');
  }
  return drift;
}
