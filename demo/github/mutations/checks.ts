/** Check runs and their annotations, within GitHub's own limits. */
import {
  type Body,
  choice,
  isRecord,
  optionalNumber,
  optionalText,
  records,
  text,
} from '#demo/github/fields';
import { invalid, malformed } from '#demo/github/refusal';
import { checkRun } from '#demo/github/shapes/check';
import {
  type Account,
  type Annotation,
  type CheckRun,
  conclusions,
  type Repository,
} from '#demo/github/state';
import type { World } from '#demo/github/world';

/** GitHub takes at most so many annotations in one request. */
export const annotationsARequest = 50;
/** GitHub takes at most so many characters in a field of the output. */
export const longestOutput = 65_535;

export function createCheckRun(world: World, of: Repository, body: Body, by: Account): CheckRun {
  const headSha = text(body, 'head_sha');
  if (of.git.objects.commit(headSha) === undefined)
    throw invalid('CheckRun', 'head_sha', 'custom', `No commit found for SHA: ${headSha}`);
  const created: CheckRun = {
    id: world.nextId(),
    suite: of.checkRuns.find((one) => one.headSha === headSha)?.suite ?? world.nextId(),
    headSha,
    name: text(body, 'name'),
    annotations: [],
    startedAt: new Date(optionalText(body, 'started_at') ?? world.now()),
    status: 'queued',
    conclusion: null,
    completedAt: null,
    detailsUrl: null,
    externalId: '',
    title: null,
    summary: null,
    text: null,
  };
  apply(world, created, body);
  of.checkRuns.push(created);
  tell(world, of, created, 'created', by);
  if (created.status === 'completed') tell(world, of, created, 'completed', by);
  return created;
}

export function updateCheckRun(world: World, of: Repository, one: CheckRun, body: Body, by: Account): void {
  const before = one.status;
  apply(world, one, body);
  if (one.status === 'completed' && before !== 'completed') tell(world, of, one, 'completed', by);
}

/** Someone presses « Re-run » on the check. */
export function requestAgain(world: World, of: Repository, one: CheckRun, by: Account): void {
  tell(world, of, one, 'rerequested', by);
}

function tell(world: World, of: Repository, one: CheckRun, action: string, by: Account): void {
  const run = checkRun(world, of, one);
  world.tell('check_run', action, of, by, {
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

function apply(world: World, one: CheckRun, body: Body): void {
  const conclusion = choice(body, 'conclusion', conclusions);
  const status = choice(body, 'status', ['queued', 'in_progress', 'completed']);
  const output = readOutput(body);
  if (status === 'completed' && conclusion === undefined && one.conclusion === null)
    throw malformed('Missing conclusion: a completed check run needs one.');
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
    one.completedAt = new Date(optionalText(body, 'completed_at') ?? one.completedAt ?? world.now());
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

function readOutput(body: Body) {
  const { output } = body;
  if (output === undefined || output === null) return undefined;
  if (!isRecord(output)) throw malformed('"output" is not an object.');
  const bounded = (field: string) => {
    const value = optionalText(output, field);
    if (value !== undefined && value.length > longestOutput)
      throw malformed(
        `Only ${longestOutput} characters are allowed; ${value.length} were supplied for "${field}".`,
      );
    return value;
  };
  const annotations = records(output, 'annotations') ?? [];
  if (annotations.length > annotationsARequest)
    throw malformed(
      `No more than ${annotationsARequest} items are allowed; ${annotations.length} were supplied.`,
    );
  return {
    title: bounded('title'),
    summary: text({ ...output, summary: bounded('summary') }, 'summary'),
    text: bounded('text'),
    annotations: annotations.map(readAnnotation),
  };
}

function readAnnotation(body: Body): Annotation {
  const line = (field: string) => {
    const value = optionalNumber(body, field);
    if (value === undefined) throw malformed(`"${field}" wasn't supplied.`);
    return value;
  };
  const [start, end] = [line('start_line'), line('end_line')];
  if (end < start) throw malformed('"end_line" is before "start_line".');
  const columns = [optionalNumber(body, 'start_column'), optionalNumber(body, 'end_column')] as const;
  if (start !== end && (columns[0] !== undefined || columns[1] !== undefined))
    throw malformed('Columns are allowed only when "start_line" and "end_line" are the same.');
  const message = text(body, 'message');
  // 64 KB for the message, 255 characters for the title (docs.github.com, « REST API endpoints for check runs »).
  if (Buffer.byteLength(message) > 64 * 1024) throw malformed('"message" is longer than 64 KB.');
  const title = optionalText(body, 'title') ?? null;
  if ((title ?? '').length > 255) throw malformed('"title" is longer than 255 characters.');
  const level = choice(body, 'annotation_level', ['notice', 'warning', 'failure']);
  if (level === undefined) throw malformed('"annotation_level" wasn\'t supplied.');
  return {
    path: text(body, 'path'),
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
