/**
 * What people answer in comments once a plan is being applied. Whether they may is decided before; here it is only
 * done, and said. Each of them is followed by a reconciliation when `reconcile` says so.
 */

import type { CellName } from '#base/config/cells';
import { codeSpan } from '#base/i18n/render';
import type { Account } from '#domain/provisioning/ledger';
import { requestWords } from '#domain/provisioning/manual-request';
import { sayProvisioning } from '#domain/provisioning/messages';
import { outcomeWords } from '#domain/provisioning/outcome-comment';
import { clientKey } from '#domain/provisioning/plan';
import { heldBy } from './apply-step.ts';
import { confirmProvisioned } from './manual-requests.ts';
import type { ReconcileTools } from './reconcile.ts';

export interface CommandAnswer {
  /** Refused: nothing was done, and `text` says why. */
  readonly ok: boolean;
  /** Markdown, in the language of the registry. */
  readonly text: string;
  /** Whether a reconciliation is to follow. */
  readonly reconcile: boolean;
}

export interface Given {
  /** The pull request or issue in which the command stands. */
  readonly number: number;
  /** `owner/name` of the repository where that is; the registry when absent. Numbers of two repositories meet. */
  readonly repo?: string;
  /** The login of the person. */
  readonly by: string;
  /** The comment that asks for it: what it brought about is not brought about twice. */
  readonly comment?: number;
}

/** `/greffier provisioned CLIENT_ID`, in the issue of a request. */
export async function provisioned(
  tools: ReconcileTools,
  given: Given,
  clientId: string,
): Promise<CommandAnswer> {
  const [asked] = await askedIn(tools, given);
  const before = asked ?? (await doneIn(tools, given, clientId));
  // Said before, and interrupted before the issue was closed: that is what is left to do.
  const confirmed =
    before !== undefined && before.request === undefined
      ? { ok: true as const, value: before }
      : await confirmProvisioned(tools, before, { clientId, by: given.by });
  if (!confirmed.ok)
    return {
      ok: false,
      text: sayProvisioning(confirmed.message, tools.language, codeSpan),
      reconcile: false,
    };
  const text = requestWords(tools.language)('closed', {
    clientId,
    place: { ours: codeSpan(clientKey(confirmed.value)) },
  });
  const port = before === undefined ? undefined : tools.cells.get(before.cell)?.issues?.port;
  await port?.close(given.number, text);
  return { ok: true, text, reconcile: true };
}

/** The account of which someone said in this very issue that this is its client. */
async function doneIn(tools: ReconcileTools, given: Given, clientId: string): Promise<Account | undefined> {
  const accounts = await tools.ledger.all();
  return accounts.find(
    (account) => account.clientId === clientId && isOf(tools, given, account.cell, account.last?.request),
  );
}

/** `/greffier confirm DIGEST`. */
export async function confirm(tools: ReconcileTools, given: Given, digest: string): Promise<CommandAnswer> {
  const text = outcomeWords(tools.language)('said-confirmed');
  await tools.books.confirm(digest.toLowerCase(), given.by);
  return { ok: true, text, reconcile: true };
}

/** `/greffier retry`: what failed, was declined or lost is taken up anew. */
export async function retry(tools: ReconcileTools, given: Given): Promise<CommandAnswer> {
  const say = outcomeWords(tools.language);
  let retried = 0;
  for (const account of await concerned(tools, given)) {
    const taken = await takeUpAnew(tools, account, given.by);
    if (taken === 'still-there')
      return {
        ok: false,
        text: say('said-still-there', { clientId: account.clientId ?? '' }),
        reconcile: false,
      };
    if (taken === 'taken') retried += 1;
  }
  return retried === 0
    ? { ok: false, text: say('said-retry-nothing'), reconcile: true }
    : { ok: true, text: say('said-retry'), reconcile: true };
}

/**
 * Makes the next reconciliation try once more what failed for good, was declined or is lost.
 *
 * @returns `still-there`: the client of a lost account still signs people in, so that none is made beside it
 */
export async function takeUpAnew(
  tools: Pick<ReconcileTools, 'cells' | 'ledger'>,
  account: Account,
  by: string,
): Promise<'taken' | 'nothing' | 'still-there'> {
  if (account.state === 'lost' || (account.unmanageable === true && account.failure !== undefined)) {
    if (await stillThere(tools, account)) return 'still-there';
    const { cell, id, clientId } = account;
    const happening = { cell, id, what: 'forgotten' as const, by };
    await tools.ledger.drop(account, { ...happening, ...(clientId === undefined ? {} : { clientId }) });
    return 'taken';
  }
  if (account.failure === undefined && account.request?.declined !== true) return 'nothing';
  const { failure: _, request, ...rest } = account;
  await tools.ledger.save({
    ...rest,
    ...(request === undefined || request.declined === true ? {} : { request }),
    unanswered: 0,
  });
  return 'taken';
}

/** `/greffier handover`: new links to the keys of the clients of a pull request. */
export async function handover(tools: ReconcileTools, given: Given): Promise<CommandAnswer> {
  const say = outcomeWords(tools.language);
  let links = 0;
  let reminders = 0;
  for (const account of await concerned(tools, given)) {
    const cell = tools.cells.get(account.cell);
    const held = heldBy(account);
    if (cell === undefined || held === undefined || account.state !== 'active') continue;
    const asked = given.comment === undefined ? {} : { comment: given.comment };
    const happening = {
      cell: account.cell,
      id: account.id,
      what: 'renewed' as const,
      by: given.by,
      ...asked,
    };
    if (await tools.ledger.happened(happening)) {
      if (cell.provider.reissue === undefined) reminders += 1;
      else links += 1;
      continue;
    }
    if (cell.provider.reissue === undefined) {
      await tools.ledger.save(account, happening, 'renewed');
      reminders += 1;
      continue;
    }
    const issued = await cell.provider.reissue(account, held);
    if (!issued.ok)
      return { ok: false, text: sayProvisioning(issued.message, tools.language, codeSpan), reconcile: false };
    const { secret, secretMark, management } = issued.value;
    await tools.ledger.save(
      {
        ...account,
        ...(secret === undefined ? {} : { secret }),
        ...(secretMark === undefined ? {} : { secretMark }),
        ...(management === undefined ? {} : { management }),
      },
      happening,
      'renewed',
    );
    links += 1;
  }
  if (links + reminders === 0) return { ok: false, text: say('said-handover-nothing'), reconcile: false };
  return { ok: true, text: say(links > 0 ? 'said-handover' : 'said-handover-portal'), reconcile: false };
}

/** `/greffier rotate`: no provider can renew a secret by its API; the words say how it is done all the same. */
export async function rotate(tools: ReconcileTools, given: Given): Promise<CommandAnswer> {
  const say = outcomeWords(tools.language);
  const kinds = new Set(
    (await concerned(tools, given)).flatMap((account) => tools.cells.get(account.cell)?.provider.kind ?? []),
  );
  const texts = [...kinds].sort().map((kind) => say(`said-rotate-${kind}`));
  return {
    ok: false,
    text: texts.length === 0 ? say('said-handover-nothing') : texts.join('\n\n'),
    reconcile: false,
  };
}

/** The accounts that a pull request brought, or that an issue is about; in an issue of drift, those of its cell. */
async function concerned(tools: ReconcileTools, given: Given): Promise<readonly Account[]> {
  const asked = await askedIn(tools, given);
  if (given.repo !== undefined) return asked;
  const { number } = given;
  const accounts = await tools.ledger.all();
  const origins = await tools.books.origins();
  const brought = accounts.filter((account) => origins.get(clientKey(account))?.pull === number);
  if (brought.length + asked.length > 0) return [...new Set([...brought, ...asked])];
  const cells: string[] = [];
  for (const cell of tools.cells.keys())
    if ((await tools.books.topic(`drift ${cell}`))?.issue === number) cells.push(cell);
  return accounts.filter((account) => cells.includes(account.cell) && account.state === 'lost');
}

/** The accounts that people were asked about in this very issue of this very repository. */
async function askedIn(tools: ReconcileTools, given: Given): Promise<readonly Account[]> {
  return (await tools.ledger.all()).filter(({ cell, request }) => isOf(tools, given, cell, request?.name));
}

/** Whether the issue of this name, about a client of this cell, is the one in which the command stands. */
function isOf(
  tools: ReconcileTools,
  { number, repo }: Given,
  cell: CellName,
  issue: string | undefined,
): boolean {
  const issues = tools.cells.get(cell)?.issues;
  if (issues === undefined || issue !== String(number)) return false;
  return repo === undefined ? issues.here : issues.repository.toLowerCase() === repo.toLowerCase();
}

/** Whether the provider still signs people in through a client that we may no longer see. */
async function stillThere(tools: Pick<ReconcileTools, 'cells'>, account: Account): Promise<boolean> {
  const probe = tools.cells.get(account.cell)?.probe;
  const [uri] = account.wanted?.redirect_uris ?? [];
  if (probe === undefined || account.clientId === undefined || uri === undefined) return false;
  return (await probe(account.clientId, uri)).kind === 'accepted';
}
