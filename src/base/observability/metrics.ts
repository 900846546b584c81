/** What `/metrics` shows (Prometheus text format). */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  /** By event and outcome: accepted, ignored, repeated, refused, failed. */
  readonly deliveries: Counter<'event' | 'outcome'>;
  /** By kind and outcome: done, again, given-up, lost. */
  readonly jobs: Counter<'kind' | 'outcome'>;
  readonly jobSeconds: Histogram<'kind'>;
  /** By verdict: success, failure, action_required. */
  readonly reviews: Counter<'verdict'>;
  /** From the arrival of a delivery to the verdict it asked for. */
  readonly verdictSeconds: Histogram;
  /** What Greffier failed to judge, by kind: a file, or the job that it was for. */
  readonly unjudged: Counter<'kind'>;
  /** Whoever is asked for a review, and reminded of it. */
  readonly reviewers: Counter<'what'>;
  /** What GitHub refuses for good to have said, by kind. */
  readonly refused: Counter<'kind'>;
  /** By method and status (0: no answer). */
  readonly githubCalls: Counter<'method' | 'status'>;
  readonly githubRemaining: Gauge<'installation'>;
  /** 1 for the state in which the registry is, 0 for the others (`RegistryState`). */
  readonly registryState: Gauge<'state'>;
  /** Clients by cell and state. */
  readonly clients: Gauge<'cell' | 'state'>;
  /** Clients whose provider says something else than the registry. */
  readonly drift: Gauge<'cell'>;
  /** 1 for a cell in which nothing is applied for now. */
  readonly frozen: Gauge<'cell'>;
  /** Live clients to which a public service objects. */
  readonly objections: Gauge;
  /** Live services whose contacts were asked whether they still live: waiting, silent. */
  readonly recertifications: Gauge<'state'>;
  /** 1 while nothing is done in a cell, since its configuration names another server than its clients were made at. */
  readonly serverChanged: Gauge<'cell'>;
  readonly settingsHeld: Gauge;
  // What follows is read from the store when the metrics are asked for.
  /** Mails about clients that do not leave, by state: waiting, failed. */
  readonly mails: Gauge<'state'>;
  /** Values kept sealed, by the key that sealed them: current, former, missing. */
  readonly sealed: Gauge<'key'>;
  readonly waiting: Gauge<'kind' | 'state'>;
  readonly oldestSeconds: Gauge;
}

/**
 * `served`; `renamed`: served, under another name than the configuration says; `held`: the repository to which the rows
 * of the store belong is not shown, and nothing is done.
 */
const registryStates = ['served', 'renamed', 'held'] as const;
export type RegistryState = (typeof registryStates)[number];

export function showRegistryState(metrics: Metrics, present: RegistryState): void {
  for (const state of registryStates) metrics.registryState.set({ state }, state === present ? 1 : 0);
}

/** Seconds; from a fast answer to an hour's outage. */
const latencies = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'greffier_' });
  const registers = [registry];
  return {
    registry,
    deliveries: new Counter({
      name: 'greffier_deliveries_total',
      help: 'Webhook deliveries',
      labelNames: ['event', 'outcome'],
      registers,
    }),
    jobs: new Counter({
      name: 'greffier_jobs_total',
      help: 'Jobs that ended a try',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    jobSeconds: new Histogram({
      name: 'greffier_job_seconds',
      help: 'Duration of a try of a job',
      labelNames: ['kind'],
      buckets: latencies,
      registers,
    }),
    reviews: new Counter({
      name: 'greffier_reviews_total',
      help: 'Verdicts published',
      labelNames: ['verdict'],
      registers,
    }),
    verdictSeconds: new Histogram({
      name: 'greffier_verdict_seconds',
      help: 'From the arrival of a delivery to its verdict',
      buckets: latencies,
      registers,
    }),
    unjudged: new Counter({
      name: 'greffier_unjudged_total',
      help: 'What a fault of Greffier kept from being judged: a file, a review, a merge group, a command, a client',
      labelNames: ['kind'],
      registers,
    }),
    reviewers: new Counter({
      name: 'greffier_reviewers_total',
      help: 'People and teams asked for a review by name, and reminded of it',
      labelNames: ['what'],
      registers,
    }),
    refused: new Counter({
      name: 'greffier_refused_total',
      help: 'What GitHub refuses for good to have said: a check, labels, a comment, a reaction, an answer, a request for a review',
      labelNames: ['kind'],
      registers,
    }),
    githubCalls: new Counter({
      name: 'greffier_github_calls_total',
      help: 'Calls to GitHub',
      labelNames: ['method', 'status'],
      registers,
    }),
    githubRemaining: new Gauge({
      name: 'greffier_github_calls_remaining',
      help: "What is left of the hour's calls to GitHub",
      labelNames: ['installation'],
      registers,
    }),
    registryState: new Gauge({
      name: 'greffier_registry',
      help: 'Whether the registry is served, under another name than the configuration says, or held',
      labelNames: ['state'],
      registers,
    }),
    clients: new Gauge({
      name: 'greffier_clients',
      help: 'Clients by cell and state',
      labelNames: ['cell', 'state'],
      registers,
    }),
    drift: new Gauge({
      name: 'greffier_drift',
      help: 'Clients that differ from the registry',
      labelNames: ['cell'],
      registers,
    }),
    frozen: new Gauge({
      name: 'greffier_frozen',
      help: 'Cells in which nothing is applied for now, by a freeze of the settings',
      labelNames: ['cell'],
      registers,
    }),
    objections: new Gauge({
      name: 'greffier_live_objections',
      help: 'Live clients to which DataPass or the directory of companies objects by now',
      registers,
    }),
    recertifications: new Gauge({
      name: 'greffier_recertifications',
      help: 'Live services whose contacts were asked whether they still live, and have not answered: waiting, silent',
      labelNames: ['state'],
      registers,
    }),
    serverChanged: new Gauge({
      name: 'greffier_server_changed',
      help: 'Cells that are held, since their configuration names another server than their clients were made at',
      labelNames: ['cell'],
      registers,
    }),
    settingsHeld: new Gauge({
      name: 'greffier_settings_held',
      help: 'Whether the settings of the default branch loosen something that nobody agreed to, and are not in force for that',
      registers,
    }),
    sealed: new Gauge({
      name: 'greffier_sealed_values',
      help: 'Values kept sealed, by the key of GREFFIER_KEY that sealed them',
      labelNames: ['key'],
      registers,
    }),
    mails: new Gauge({
      name: 'greffier_mails_unsent',
      help: 'Mails to technical contacts that did not leave within a quarter of an hour, or that were refused',
      labelNames: ['state'],
      registers,
    }),
    waiting: new Gauge({
      name: 'greffier_queue',
      help: 'Jobs in the queue',
      labelNames: ['kind', 'state'],
      registers,
    }),
    oldestSeconds: new Gauge({
      name: 'greffier_oldest_unprocessed_seconds',
      help: 'Age of the oldest event whose work is not done',
      registers,
    }),
  };
}
