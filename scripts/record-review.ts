/**
 * `npm run record-review -- OWNER/REPO#NUMBER [--name CASE] [--keep WORD,WORD]`: records a real pull request as a case of
 * `test/reviews/`, of nobody. Its facts are gathered by the very code of the service, redacted (`redaction.ts`), and
 * written only when they give the same verdict as before, finding by finding.
 *
 * Reads `GITHUB_TOKEN` (of someone who may write to the repository: who may approve is asked), `GHE_HOST` and
 * `GHE_PROTOCOL`. Only reads from GitHub. What needs the service's own memory or configuration is not recorded: other
 * open pull requests, the answers of public services, the plan.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Octokit } from '@octokit/rest';
import { RegistryMirror } from '#application/mirror/mirror';
import { ReviewStore } from '#application/mirror/review-store';
import { collectFacts } from '#application/pull-requests/collect-facts';
import { githubApiUrl } from '#base/config/github-address';
import type { PullRequestFacts } from '#domain/review/facts/facts';
import { openDatabase } from '#infrastructure/database/database';
import { statusOf } from '#infrastructure/github/client/repository-client';
import { readPullRequest } from '#infrastructure/github/read/pull-request';
import { outcomeFiles, verdictSummary } from './recorded-review.ts';
import { redactFacts } from './redaction.ts';

const root = join(import.meta.dirname, '..');
const silent = () => undefined;

export type Recording =
  | { readonly ok: true; readonly folder: string; readonly files: readonly string[] }
  | { readonly ok: false; readonly reason: string };

export interface RecordingOptions {
  /** `owner/name#12`. */
  readonly pull: string;
  /** Of the case; a number is given to those without. */
  readonly name?: string;
  /** Words that may stay as they are. */
  readonly keep?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the cases are. */
  readonly folder?: string;
}

function refused(reason: string): Recording {
  return { ok: false, reason };
}

/** The facts as the service would gather them, with an empty memory. */
async function factsOf(
  client: Octokit,
  owner: string,
  repo: string,
  number: number,
): Promise<PullRequestFacts | string> {
  const folder = mkdtempSync(join(tmpdir(), 'greffier-record-'));
  const opened = await openDatabase({ folder }, 'upgrade');
  if (!opened.ok) return `no store could be opened in ${folder}`;
  try {
    const repository = { client, owner, repo };
    const store = new ReviewStore(opened.store.db);
    const pull = await readPullRequest(repository, number);
    if (pull === undefined)
      return `there is no pull request ${owner}/${repo}#${number}, or the token may not see it`;
    const name = `${owner}/${repo}`;
    const deps = { repo: name, repository, appId: 0, store, mirror: new RegistryMirror(name, store) };
    const gathered = await collectFacts(deps, pull, undefined);
    return 'retryReason' in gathered ? `${gathered.retryReason}: try again` : gathered.facts;
  } finally {
    await opened.store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Records a pull request. Nothing is written when it is refused. */
export async function recordReview(options: RecordingOptions): Promise<Recording> {
  const { environment, keep = [], folder = join(root, 'test/reviews') } = options;
  const [, owner, repo, number] = /^([\w.-]+)\/([\w.-]+)#(\d+)$/.exec(options.pull) ?? [];
  if (owner === undefined || repo === undefined || number === undefined)
    return refused(`${JSON.stringify(options.pull)} is not of the form owner/name#12`);
  const name = options.name ?? `recorded-${number}`;
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))
    return refused(
      `${JSON.stringify(name)} is no name of a case: lower-case words with hyphens between them`,
    );
  const place = join(folder, name);
  if (existsSync(place)) return refused(`there is a case ${name} already: give another one with --name`);
  const token = environment.GITHUB_TOKEN;
  if (token === undefined || token === '') return refused('GITHUB_TOKEN is missing from the environment');
  const baseUrl = githubApiUrl(environment.GHE_HOST, environment.GHE_PROTOCOL);
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const client = new Octokit({ auth: token, log, ...(baseUrl === undefined ? {} : { baseUrl }) });

  let facts: PullRequestFacts | string;
  try {
    facts = await factsOf(client, owner, repo, Number(number));
  } catch (problem) {
    const status = statusOf(problem);
    if (status === undefined) throw problem;
    return refused(
      `GitHub answered ${status}: the token must be of someone who may write to ${owner}/${repo}, since the rights of reviewers are asked`,
    );
  }
  if (typeof facts === 'string') return refused(facts);
  const kept = redactFacts(
    facts,
    keep.map((word) => word.toLowerCase()),
  );
  const before = verdictSummary(facts);
  const after = verdictSummary(kept);
  const differences = [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
  if (differences.length > 0)
    return refused(
      [
        'without its words the verdict is another one; let harmless words stay with --keep:',
        ...differences,
      ].join('\n'),
    );
  const files = { 'facts.json': `${JSON.stringify(kept, null, 2)}\n`, ...outcomeFiles(kept) };
  mkdirSync(place, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(place, file), content);
  return { ok: true, folder: place, files: Object.keys(files) };
}

if (import.meta.main) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { name: { type: 'string' }, keep: { type: 'string' } },
  });
  const [pull = ''] = positionals;
  const recording = await recordReview({
    pull,
    ...(values.name === undefined ? {} : { name: values.name }),
    keep: values.keep?.split(',') ?? [],
    environment: process.env,
  });
  if (recording.ok) process.stdout.write(`${recording.folder}: ${recording.files.join(', ')}\n`);
  else process.stderr.write(`${recording.reason}\n`);
  process.exitCode = recording.ok ? 0 : 1;
}
