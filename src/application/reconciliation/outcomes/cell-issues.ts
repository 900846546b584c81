/** The issues about a cell: what of it drifted, waits for a confirmation, or is wrong with its provider. */
import { serverChangeFailure } from '#application/reconciliation/known-servers';
import type { Reconciliation } from '#application/reconciliation/reconcile';
import type { ReconcileDeps } from '#application/reconciliation/reconcile-deps';
import type { UnknownClients } from '#application/reconciliation/store/observation-store';
import type { CellName } from '#base/config/cells';
import { defined } from '#base/defined';
import type { Language } from '#base/i18n/message';
import { codeSpan } from '#base/i18n/render';
import type { DecidedStep } from '#domain/provisioning/approval-gate';
import { translateProvisioning } from '#domain/provisioning/messages';
import { changeLine, limitParagraphs, stoppedLines } from '#domain/provisioning/outcome-lines';
import { outcomeTranslator } from '#domain/provisioning/outcome-translator';
import { clientKey, type Guard, guardedSteps, type Step } from '#domain/provisioning/plan';
import type { ClientRef } from '#domain/provisioning/provider';
import type { IssueContent } from './topic-issue.ts';

/** By each of these, and the cell, an issue about a cell is named. */
const cellTopics = ['drift', 'guard', 'guard-create', 'confirm', 'server', 'provider'] as const;

function topicOf(matter: (typeof cellTopics)[number], cell: CellName): string {
  return `${matter} ${cell}`;
}

/** Of a cell that the operator's configuration does not name any more, nothing is said. */
export function unservedCellIssues(language: Language, cell: CellName): readonly IssueContent[] {
  const over = outcomeTranslator(language)('cell-over', { cell: { trusted: codeSpan(cell) } });
  return cellTopics.map((matter) => ({ topic: topicOf(matter, cell), title: '', text: undefined, over }));
}

/** What there is to say of a cell after a run: of each matter, also that it is over. */
export async function cellIssues(
  deps: ReconcileDeps,
  result: Reconciliation,
  cell: CellName,
): Promise<readonly IssueContent[]> {
  const fault = await providerIssue(deps, result, cell);
  return [
    driftIssue(deps, result, cell),
    guardIssue(deps, result, cell, 'removals'),
    guardIssue(deps, result, cell, 'creations'),
    stoppedIssue(deps, result, cell),
    serverIssue(deps, result, cell),
    ...(fault === undefined ? [] : [fault]),
  ];
}

/** What of a cell is not as it was left. */
export interface Drift {
  readonly drifts: readonly Step[];
  readonly lost: readonly ClientRef[];
  /** Second clients of one definition that only a person can remove. */
  readonly duplicateClients: readonly (ClientRef & { readonly clientId: string })[];
  /** Clients that carry Greffier's address, and are no definition's. */
  readonly unknown?: UnknownClients;
}

/** What an issue of drift says; undefined when nothing drifted. Markdown. */
export function driftText(
  language: Language,
  { drifts, lost, duplicateClients, unknown = { count: 0, first: [] } }: Drift,
): string | undefined {
  if (drifts.length + lost.length + duplicateClients.length + unknown.count === 0) return undefined;
  const t = outcomeTranslator(language);
  const parts = [
    ...drifts.flatMap((step) => [
      `**${t('drift-client', { client: clientKey(step), digest: step.digest })}**`,
      step.changes.map((change) => `- ${changeLine({ ...change, ...swapped(change) }, language)}`).join('\n'),
    ]),
    ...lost.map((one) => t('drift-lost', { client: clientKey(one) })),
    ...duplicateClients.map((duplicate) =>
      t('drift-twin', { client: clientKey(duplicate), clientId: duplicate.clientId }),
    ),
    ...(unknown.count === 0
      ? []
      : [
          t('drift-unknown', { count: unknown.count }),
          ...unknown.first.map((one) => `- ${t('drift-unknown-client', { ...one })}`),
        ]),
  ];
  return [
    t('drift-lead'),
    ...limitParagraphs(parts, language),
    ...(drifts.length === 0 ? [] : [t('drift-repair')]),
  ].join('\n\n');
}

function driftIssue(deps: ReconcileDeps, result: Reconciliation, cell: CellName): IssueContent {
  const t = outcomeTranslator(deps.language);
  const drifts = result.decidedSteps.filter(
    ({ step, decision }) => decision === 'drift' && step.cell === cell,
  );
  const lost = result.plan.lost.filter((one) => one.cell === cell);
  const duplicateClients = result.duplicateClients.filter(
    (duplicate) => duplicate.cell === cell && !duplicate.removed,
  );
  return {
    topic: topicOf('drift', cell),
    title: t('drift-title', { cell: { trusted: cell } }),
    text: driftText(deps.language, {
      drifts: drifts.map(({ step }) => step),
      lost,
      duplicateClients,
      ...defined({ unknown: result.unknown.unknownClients.get(cell) }),
    }),
    over: t('drift-over', { cell: { trusted: codeSpan(cell) } }),
  };
}

/** A plan says what would become; drift says what became of what was asked. */
function swapped<T>(change: { readonly from?: T; readonly to?: T }): { from?: T; to?: T } {
  return defined({ from: change.to, to: change.from });
}

/** What an issue says of many removals or creations that wait for a confirmation. Markdown. */
export function guardText(language: Language, guard: Guard, steps: readonly Step[]): string {
  const t = outcomeTranslator(language);
  const digest = { trusted: guard.digest };
  const lines = limitParagraphs(
    steps.map((step) => `- ${codeSpan(clientKey(step))}`),
    language,
  ).join('\n');
  const { cell } = guard;
  return (
    guard.kind === 'removals'
      ? [
          t('guard-lead', { removals: guard.removals, of: guard.of, cell }),
          lines,
          t('guard-confirm', { digest }),
        ]
      : [
          t('guard-create-lead', { creations: guard.creations, cell }),
          lines,
          t('guard-create-confirm', { digest }),
        ]
  ).join('\n\n');
}

function guardIssue(
  deps: ReconcileDeps,
  { plan, decidedSteps }: Reconciliation,
  cell: CellName,
  kind: Guard['kind'],
): IssueContent {
  const t = outcomeTranslator(deps.language);
  const guard = plan.guards.find((one) => one.cell === cell && one.kind === kind);
  const many = guard === undefined ? [] : guardedSteps(guard, plan.steps);
  const waits = decidedSteps.some(({ step, decision }) => decision === 'guarded' && many.includes(step));
  const matter = kind === 'removals' ? 'guard' : 'guard-create';
  return {
    topic: topicOf(matter, cell),
    title: t(`${matter}-title`, { cell: { trusted: cell } }),
    text: guard !== undefined && waits ? guardText(deps.language, guard, many) : undefined,
    over: t('guard-over'),
  };
}

/** What an issue says of changes that wait for a confirmation; undefined when none does. Markdown. */
function stoppedText(language: Language, stopped: readonly DecidedStep[]): string | undefined {
  if (stopped.length === 0) return undefined;
  const t = outcomeTranslator(language);
  const parts = stopped.map(({ step, reason = 'unknown' }) => {
    const lines = stoppedLines(step, reason, language);
    return [
      `**${codeSpan(clientKey(step))}**`,
      '',
      ...lines.map((line) => (line.startsWith(' ') ? line : `- ${line}`)),
    ].join('\n');
  });
  return [t('confirm-lead'), ...limitParagraphs(parts, language)].join('\n\n');
}

function stoppedIssue(deps: ReconcileDeps, result: Reconciliation, cell: CellName): IssueContent {
  const t = outcomeTranslator(deps.language);
  const stopped = result.decidedSteps.filter(
    // Of what nobody can tell of yet there is nothing to confirm: it is asked about again.
    ({ step, decision, reason }) => decision === 'stopped' && step.cell === cell && reason !== 'unknown',
  );
  return {
    topic: topicOf('confirm', cell),
    title: t('confirm-title', { cell: { trusted: cell } }),
    text: stoppedText(deps.language, stopped),
    over: t('guard-over'),
  };
}

function serverIssue(deps: ReconcileDeps, result: Reconciliation, cell: CellName): IssueContent {
  const t = outcomeTranslator(deps.language);
  const moved = result.moved.find((one) => one.cell === cell);
  return {
    topic: topicOf('server', cell),
    title: t('server-title', { cell: { trusted: cell } }),
    text: moved && translateProvisioning(serverChangeFailure(cell, moved).message, deps.language, codeSpan),
    over: t('server-over', { cell: { trusted: codeSpan(cell) } }),
  };
}

/** Milliseconds for which a provider may be silent before someone is told: servers are restarted. */
const silenceTold = 15 * 60_000;

/**
 * What is wrong with a provider as a whole: told once, for all its clients, and over when it answers again.
 *
 * @returns undefined while nothing new is known: it was not asked, or has not been silent for long
 */
async function providerIssue(
  { store, now, language }: ReconcileDeps,
  { health }: Pick<Reconciliation, 'health'>,
  cell: CellName,
): Promise<IssueContent | undefined> {
  const own = health.get(cell);
  const failure = own?.silence;
  const t = outcomeTranslator(language);
  const since = `silence ${cell}`;
  const content = (text: string | undefined): IssueContent => ({
    topic: topicOf('provider', cell),
    title: t('provider-title', { cell: { trusted: cell } }),
    text,
    over: t('provider-over', { cell: { trusted: codeSpan(cell) } }),
  });
  if (failure === undefined) {
    if (own?.isWell !== true) return undefined;
    if (((await store.topics.find(since))?.digest ?? '') !== '')
      await store.topics.save(since, undefined, '');
    return content(undefined);
  }
  // That another server is configured is told in an issue of its own.
  if (failure.message.key === 'provisioning#server-changed') return undefined;
  if (failure.fault === 'passing') {
    const begun = Number((await store.topics.find(since))?.digest ?? '');
    if (begun === 0) await store.topics.save(since, undefined, String(now()));
    if (begun === 0 || now() - begun < silenceTold) return undefined;
  }
  const reason = translateProvisioning(failure.message, language, codeSpan);
  return content(t('provider-lead', { cell: { trusted: codeSpan(cell) }, reason: { trusted: reason } }));
}
