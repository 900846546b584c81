/** Check runs and their annotations, within GitHub's own limits. */

import { invalidRequest, validationFailed } from '#demo/github/api-error';
import {
  isRecord,
  type JsonBody,
  optionalChoice,
  optionalNumber,
  optionalRecords,
  optionalText,
  requiredText,
} from '#demo/github/body-fields';
import { serializeCheckRun } from '#demo/github/serializers/check';
import {
  type Account,
  type CheckAnnotation,
  type CheckRun,
  checkConclusions,
  type Repository,
} from '#demo/github/state';
import type { GitHubStore } from '#demo/github/store';

/** GitHub takes at most so many annotations in one request. */
export const maxAnnotationsPerRequest = 50;
/** GitHub takes at most so many characters in a field of the output. */
export const maxOutputLength = 65_535;

export function createCheckRun(store: GitHubStore, of: Repository, body: JsonBody, by: Account): CheckRun {
  const headSha = requiredText(body, 'head_sha');
  if (of.git.objects.commit(headSha) === undefined)
    throw validationFailed('CheckRun', 'head_sha', 'custom', `No commit found for SHA: ${headSha}`);
  const created: CheckRun = {
    id: store.nextId(),
    suite: of.checkRuns.find((one) => one.headSha === headSha)?.suite ?? store.nextId(),
    headSha,
    name: requiredText(body, 'name'),
    annotations: [],
    startedAt: new Date(optionalText(body, 'started_at') ?? store.now()),
    status: 'queued',
    conclusion: null,
    completedAt: null,
    detailsUrl: null,
    externalId: '',
    title: null,
    summary: null,
    text: null,
  };
  applyFields(store, created, body);
  of.checkRuns.push(created);
  emitCheckRunEvent(store, of, created, 'created', by);
  if (created.status === 'completed') emitCheckRunEvent(store, of, created, 'completed', by);
  return created;
}

export function updateCheckRun(
  store: GitHubStore,
  of: Repository,
  one: CheckRun,
  body: JsonBody,
  by: Account,
): void {
  const before = one.status;
  applyFields(store, one, body);
  if (one.status === 'completed' && before !== 'completed')
    emitCheckRunEvent(store, of, one, 'completed', by);
}

/** Someone presses « Re-run » on the check. */
export function requestRerun(store: GitHubStore, of: Repository, one: CheckRun, by: Account): void {
  emitCheckRunEvent(store, of, one, 'rerequested', by);
}

function emitCheckRunEvent(
  store: GitHubStore,
  of: Repository,
  one: CheckRun,
  action: string,
  by: Account,
): void {
  const run = serializeCheckRun(store, of, one);
  store.emitWebhook('check_run', action, of, by, {
    check_run: {
      ...run,
      check_suite: {
        id: one.suite,
        node_id: run.node_id,
        head_branch: null,
        head_sha: one.headSha,
        status: one.status,
        conclusion: one.conclusion,
        before: null,
        after: one.headSha,
        pull_requests: run.pull_requests,
        app: run.app,
        created_at: one.startedAt.toISOString(),
        updated_at: (one.completedAt ?? one.startedAt).toISOString(),
      },
    },
  });
}

function applyFields(store: GitHubStore, one: CheckRun, body: JsonBody): void {
  const conclusion = optionalChoice(body, 'conclusion', checkConclusions);
  const status = optionalChoice(body, 'status', ['queued', 'in_progress', 'completed']);
  const output = readOutput(body);
  if (status === 'completed' && conclusion === undefined && one.conclusion === null)
    throw invalidRequest('Missing conclusion: a completed check run needs one.');
  one.name = optionalText(body, 'name') ?? one.name;
  one.detailsUrl = optionalText(body, 'details_url') ?? one.detailsUrl;
  one.externalId = optionalText(body, 'external_id') ?? one.externalId;
  if (status !== undefined) one.status = status;
  if (conclusion !== undefined) {
    // A conclusion completes the run, whatever the status says.
    one.conclusion = conclusion;
    one.status = 'completed';
  }
  if (one.status === 'completed')
    one.completedAt = new Date(optionalText(body, 'completed_at') ?? one.completedAt ?? store.now());
  else {
    one.completedAt = null;
    one.conclusion = null;
  }
  if (output === undefined) return;
  one.title = output.title ?? one.title;
  one.summary = output.summary ?? one.summary;
  one.text = output.text ?? one.text;
  // Annotations of an update come after those that are there.
  one.annotations.push(...output.annotations);
}

function readOutput(body: JsonBody) {
  const { output } = body;
  if (output === undefined || output === null) return undefined;
  if (!isRecord(output)) throw invalidRequest('"output" is not an object.');
  const bounded = (field: string) => {
    const value = optionalText(output, field);
    if (value !== undefined && value.length > maxOutputLength)
      throw invalidRequest(
        `Only ${maxOutputLength} characters are allowed; ${value.length} were supplied for "${field}".`,
      );
    return value;
  };
  const annotations = optionalRecords(output, 'annotations') ?? [];
  if (annotations.length > maxAnnotationsPerRequest)
    throw invalidRequest(
      `No more than ${maxAnnotationsPerRequest} items are allowed; ${annotations.length} were supplied.`,
    );
  return {
    title: bounded('title'),
    summary: requiredText({ ...output, summary: bounded('summary') }, 'summary'),
    text: bounded('text'),
    annotations: annotations.map(readAnnotation),
  };
}

function readAnnotation(body: JsonBody): CheckAnnotation {
  const line = (field: string) => {
    const value = optionalNumber(body, field);
    if (value === undefined) throw invalidRequest(`"${field}" wasn't supplied.`);
    return value;
  };
  const [start, end] = [line('start_line'), line('end_line')];
  if (end < start) throw invalidRequest('"end_line" is before "start_line".');
  const columns = [optionalNumber(body, 'start_column'), optionalNumber(body, 'end_column')] as const;
  if (start !== end && (columns[0] !== undefined || columns[1] !== undefined))
    throw invalidRequest('Columns are allowed only when "start_line" and "end_line" are the same.');
  const message = requiredText(body, 'message');
  // 64 KB for the message, 255 characters for the title (docs.github.com, « REST API endpoints for check runs »).
  if (Buffer.byteLength(message) > 64 * 1024) throw invalidRequest('"message" is longer than 64 KB.');
  const title = optionalText(body, 'title') ?? null;
  if ((title ?? '').length > 255) throw invalidRequest('"title" is longer than 255 characters.');
  const level = optionalChoice(body, 'annotation_level', ['notice', 'warning', 'failure']);
  if (level === undefined) throw invalidRequest('"annotation_level" wasn\'t supplied.');
  return {
    path: requiredText(body, 'path'),
    start_line: start,
    end_line: end,
    start_column: columns[0] ?? null,
    end_column: columns[1] ?? null,
    annotation_level: level,
    message,
    title,
    raw_details: optionalText(body, 'raw_details') ?? null,
  };
}
