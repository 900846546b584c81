/** `greffier jobs`: what waits, what runs, and what was given up. */

import type { Bilingual } from '#base/i18n/message';
import { printableJson } from '#base/i18n/printed';
import { quoteInBackticks } from '#base/i18n/render';
import { parseArguments } from '#cli/arguments';
import { t } from '#cli/messages';
import { withExistingStore, withStoreToLook } from '#cli/provisioning/store';
import { type CliCommand, CliError, type Terminal } from '#cli/terminal';
import type { Database } from '#infrastructure/database/database';
import {
  discardDead,
  findJob,
  listJobs,
  type QueuedJob,
  retryDead,
} from '#infrastructure/queue/dead-letters';

const messages = {
  none: { fr: 'Rien.', en: 'Nothing.' },
  noneGivenUp: {
    fr: 'Rien n’a été abandonné. Ce qui attend : greffier jobs list --all',
    en: 'Nothing was given up. What waits: greffier jobs list --all',
  },
  unknown: { fr: 'Aucun travail ne porte le numéro {id}.', en: 'There is no job number {id}.' },
  number: { fr: 'Il faut le numéro d’un travail, ou --all.', en: 'Give the number of a job, or --all.' },
  action: {
    fr: 'L’action {name} n’existe pas : list, show, retry ou discard.',
    en: 'There is no action {name}: list, show, retry or discard.',
  },
  retried: { fr: 'Remis en attente : {count}.', en: 'Put back: {count}.' },
  discarded: { fr: 'Oubliés pour de bon : {count}.', en: 'Discarded for good: {count}.' },
} as const satisfies Record<string, Bilingual>;

export const command: CliCommand = {
  usage: '[list|show ID|retry ID|discard ID] [--all] [--format text|json]',
  help: {
    fr: `Le travail en cours et en attente.

  list         ce qui a été abandonné après plusieurs essais ; avec --all, tout ce qui attend aussi
  show ID      tout d’un travail, avec sa dernière erreur
  retry ID     le remet en attente, avec de nouveaux essais ; --all : tous ceux qui ont été abandonnés
  discard ID   l’oublie ; --all : tous ceux qui ont été abandonnés

list et show se lisent pendant que « serve » tourne. retry et discard changent le magasin, et le magasin embarqué n’a
qu’un processus : arrêtez « serve » avant, ou utilisez PostgreSQL.
`,
    en: `The work that runs and waits.

  list         what was given up after several tries; with --all, everything that waits too
  show ID      everything of a job, with its last error
  retry ID     puts it back, with new tries; --all: all that were given up
  discard ID   forgets it; --all: all that were given up

list and show work while "serve" runs. retry and discard change the store, and the embedded one has one process: stop
"serve" first, or use PostgreSQL.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, { all: 'switch', format: 'value' }, 2);
    const [action = 'list', written] = given.positionals;
    const all = given.has('all');
    const json = given.choice('format', ['text', 'json']) === 'json';
    const id = written === undefined ? undefined : Number(written);
    if (!['list', 'show', 'retry', 'discard'].includes(action))
      throw new CliError(messages.action, { name: action });
    const needsId = action === 'show' || (action !== 'list' && !all);
    if (needsId && (id === undefined || !Number.isSafeInteger(id))) throw new CliError(messages.number);
    if (action === 'list') return withStoreToLook(terminal, (store) => list(store, terminal, all, json));
    if (action === 'show') return withStoreToLook(terminal, (store) => show(store, terminal, id ?? 0));
    return withExistingStore(terminal, async (store) => {
      const count =
        action === 'retry'
          ? await retryDead(store.db, all ? undefined : id)
          : await discardDead(store.db, all ? undefined : id);
      if (count === 0 && !all) throw new CliError(messages.unknown, { id: id ?? 0 });
      terminal.out(
        `${t(action === 'retry' ? messages.retried : messages.discarded, terminal.language, { count })}\n`,
      );
      return 0;
    });
  },
};

async function list(
  store: Pick<Database, 'db'>,
  terminal: Terminal,
  all: boolean,
  json: boolean,
): Promise<number> {
  const jobs = await listJobs(store.db, all ? undefined : 'dead');
  if (json) terminal.out(`${printableJson(jobs, 2)}\n`);
  else if (jobs.length === 0)
    terminal.out(`${t(all ? messages.none : messages.noneGivenUp, terminal.language)}\n`);
  else for (const job of jobs) terminal.out(`${lineOf(job)}\n`);
  return 0;
}

async function show(store: Pick<Database, 'db'>, terminal: Terminal, id: number): Promise<number> {
  const job = await findJob(store.db, id);
  if (job === undefined) throw new CliError(messages.unknown, { id });
  terminal.out(`${printableJson(job, 2)}\n`);
  return 0;
}

/** One line a job; its error is foreign text. */
function lineOf(job: QueuedJob): string {
  const error = job.last_error === null ? '' : `  ${quoteInBackticks(job.last_error)}`;
  const moment = job.updated_at.toISOString().slice(0, 19);
  return `${String(job.id).padStart(6)}  ${job.state.padEnd(7)}  ${moment}  ${job.attempts}×  ${quoteInBackticks(job.key)}${error}`;
}
