/**
 * What a webhook means: which work it causes, or why it causes none. Events only say "look now"; what there is to
 * do is read from GitHub when the work is done, so that an event that is late, doubled or out of order does no harm.
 */
import type { ProposedCommits } from '#application/pull-requests/read-ahead';
import { defined } from '#base/defined';
import type { RoutedEvent } from '#infrastructure/queue/inbox';
import type { CommentFacts, NewJob } from '#infrastructure/queue/job-kinds';
import { envelopeOf, PayloadFields } from './payload.ts';

/** Whose events are listened to. */
export interface WatchedRepositories {
  readonly registry: {
    /** GitHub's number of it, by which its events are known. */
    readonly id: string;
    /** The key of its rows in the store, by which jobs name it: it stays when the name changes. */
    readonly registry: string;
    /** `owner/name`, as far as is known. */
    readonly name: string;
  };
  /** Other repositories in which people are asked, by the numbers that GitHub gave them. */
  readonly requests: readonly string[];
  /** The login of the App itself, such as `greffier[bot]`. */
  readonly appLogin: string;
  /** Whether there is a front desk, some of whose requests a pull request may be. */
  readonly frontDesk?: boolean;
}

/** GitHub's number of the repository that a payload is about. */
export function repositoryOf(payload: unknown): string | undefined {
  return new PayloadFields(payload).at('repository').at('id').id;
}

const commitId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** The commits of a pull request into the default branch whose head is new, as the event of a delivery has them. */
export function proposedCommits(
  delivery: string,
  event: string,
  payload: unknown,
): ProposedCommits | undefined {
  const fields = new PayloadFields(payload);
  const { action } = envelopeOf(payload);
  if (event !== 'pull_request' || (action !== 'opened' && action !== 'synchronize')) return undefined;
  const pull = fields.at('pull_request');
  const into = pull.at('base');
  const number = pull.at('number').number;
  const [head, base] = [pull.at('head'), into].map((side) => side.at('sha').text);
  if (number === undefined || head === undefined || base === undefined) return undefined;
  if (into.at('ref').text !== fields.at('repository').at('default_branch').text) return undefined;
  // They become part of an address.
  if (!commitId.test(head) || !commitId.test(base)) return undefined;
  return { number, head, base, ...(action === 'opened' && { openedBy: delivery }) };
}

/** A line that begins with the command's name, as far as it can be told before it is parsed for good. */
const commandLine = /^[ \t]*\/greffier\b/m;

/** Closing counts too: what the pull request claimed is free again. */
const reviewedActions = [
  'opened',
  'synchronize',
  'reopened',
  'edited',
  'ready_for_review',
  'converted_to_draft',
  'closed',
];

/** Why the events of a repository that took over the registry's name cause nothing. */
export const anotherUnderItsName = 'another repository under the name of the registry';

/** The work that an event causes, and whose doing it is. Pure; `payload` is whatever JSON was signed. */
export function routeEvent(event: string, payload: unknown, audience: WatchedRepositories): RoutedEvent {
  const routed = routeWork(event, payload, audience);
  const news = audience.frontDesk === true ? newsForDesk(event, payload, audience) : undefined;
  return news === undefined ? routed : { jobs: [...(routed.jobs ?? []), news] };
}

/** By event, the actions after which applicants at the front desk may have something to hear. */
const newsActions: Readonly<Record<string, readonly string[]>> = {
  issue_comment: ['created', 'edited', 'deleted'],
  pull_request_review: ['submitted', 'edited', 'dismissed'],
  pull_request: ['closed', 'reopened'],
};

/** Whether a pull request is one of the desk's, only the store knows. */
function newsForDesk(
  event: string,
  payload: unknown,
  { registry, appLogin }: WatchedRepositories,
): NewJob | undefined {
  const fields = new PayloadFields(payload);
  const { action = '', installation } = envelopeOf(payload);
  if (newsActions[event]?.includes(action) !== true || installation === undefined) return undefined;
  if (fields.at('repository').at('id').id !== registry.id) return undefined;
  // What the App itself wrote is no news, but for a merge or a closing.
  const own = sameName(fields.at('sender').at('login').text ?? '', appLogin);
  if (own && event !== 'pull_request') return undefined;
  const issue = fields.at('issue');
  const pull = issue.at('pull_request').present ? issue : fields.at('pull_request');
  const number = pull.at('number').number;
  if (number === undefined) return undefined;
  return { kind: 'request-news', payload: { installation, repo: registry.registry, pull: number } };
}

function routeWork(event: string, payload: unknown, audience: WatchedRepositories): RoutedEvent {
  const fields = new PayloadFields(payload);
  const routed = route(event, payload, fields, audience);
  return routed.jobs === undefined
    ? routed
    : { ...routed, ...defined({ sender: fields.at('sender').at('id').id }) };
}

function route(
  event: string,
  payload: unknown,
  fields: PayloadFields,
  audience: WatchedRepositories,
): RoutedEvent {
  const { action, installation, repository: repo } = envelopeOf(payload);
  if (event === 'ping') return { ignored: 'a greeting' };
  if (installation === undefined) return { ignored: 'no installation' };
  if (event === 'installation' || event === 'installation_repositories')
    return { jobs: [{ kind: 'sweep', payload: {} }] };
  const id = fields.at('repository').at('id').id;
  if (repo === undefined || id === undefined) return { ignored: 'no repository' };

  const { registry } = audience;
  const ofRegistry = id === registry.id;
  if (!ofRegistry && sameName(repo, registry.name)) return { ignored: anotherUnderItsName };
  if (!ofRegistry && !audience.requests.includes(id)) return { ignored: 'another repository' };
  const place = ofRegistry ? { installation, repo: registry.registry } : { installation, repo, requests: id };
  const own = sameName(fields.at('sender').at('login').text ?? '', audience.appLogin);

  if (event === 'issue_comment')
    return own ? { ignored: 'its own comment' } : routeComment(fields, action, place);
  if (event === 'issues')
    return action === 'closed' && !own
      ? { jobs: [{ kind: 'reconcile', payload: { installation, repo: registry.registry } }] }
      : { ignored: `issues.${action}` };
  return ofRegistry ? routeRegistryEvent(event, fields, place, own) : { ignored: 'another repository' };
}

interface RepositoryPlace {
  readonly installation: number;
  readonly repo: string;
  readonly requests?: string;
}

/** Events that only matter when they come from the registry itself. */
function routeRegistryEvent(
  event: string,
  fields: PayloadFields,
  place: RepositoryPlace,
  own: boolean,
): RoutedEvent {
  const action = fields.at('action').text;
  switch (event) {
    case 'pull_request':
      return routePullRequest(fields, action, place);
    case 'pull_request_review': {
      const number = fields.at('pull_request').at('number').number;
      const asked = (action === 'submitted' || action === 'dismissed') && !own;
      return asked && number !== undefined
        ? { jobs: [{ kind: 'review', payload: { ...place, number } }] }
        : { ignored: `pull_request_review.${action}` };
    }
    case 'check_run':
    case 'check_suite': {
      const head = fields.at(event).at('head_sha').text;
      // The list of pull requests in these events is empty for forks: they are looked up by commit.
      if (head === undefined) return { ignored: `${event}.${action}` };
      if (action === 'rerequested') return { jobs: [{ kind: 'rejudge', payload: { ...place, head } }] };
      // What a merge by itself may have waited for. However many come, they are one look at what waits on the commit.
      return action === 'completed' && !own && isPassed(fields.at(event).at('conclusion').text)
        ? { jobs: [{ kind: 'rejudge', payload: { ...place, head, merging: true } }] }
        : { ignored: `${event}.${action}` };
    }
    // Not asked for in app.yml; where it comes, it says the same of what is no check run.
    case 'status': {
      const head = fields.at('sha').text;
      return fields.at('state').text === 'success' && head !== undefined && !own
        ? { jobs: [{ kind: 'rejudge', payload: { ...place, head, merging: true } }] }
        : { ignored: 'status' };
    }
    case 'merge_group': {
      const head = fields.at('merge_group').at('head_sha').text;
      const base = fields.at('merge_group').at('base_sha').text;
      return action === 'checks_requested' && head !== undefined && base !== undefined
        ? { jobs: [{ kind: 'merge-group', payload: { ...place, head, base } }] }
        : { ignored: `merge_group.${action}` };
    }
    case 'push': {
      const branch = fields.at('repository').at('default_branch').text;
      const moved = branch !== undefined && fields.at('ref').text === `refs/heads/${branch}`;
      if (!moved) return { ignored: 'another branch' };
      return {
        jobs: [
          { kind: 'reconcile', payload: place },
          { kind: 'rejudge', payload: place },
        ],
      };
    }
    // Not asked for in app.yml, since whatever is done next finds it out; where it comes, it is found out at once.
    case 'repository':
      return { jobs: [{ kind: 'sweep', payload: {} }] };
    default:
      return { ignored: 'another event' };
  }
}

/** A check that holds no merge back. */
function isPassed(conclusion: string | undefined): boolean {
  return conclusion === 'success' || conclusion === 'neutral' || conclusion === 'skipped';
}

function routePullRequest(
  fields: PayloadFields,
  action: string | undefined,
  place: RepositoryPlace,
): RoutedEvent {
  const number = fields.at('pull_request').at('number').number;
  const asked = action !== undefined && reviewedActions.includes(action);
  // Titles and descriptions change no verdict; another base does.
  const idle = action === 'edited' && !fields.at('changes').at('base').present;
  return asked && !idle && number !== undefined
    ? { jobs: [{ kind: 'review', payload: { ...place, number } }] }
    : { ignored: `pull_request.${action}` };
}

function routeComment(
  fields: PayloadFields,
  action: string | undefined,
  place: RepositoryPlace,
): RoutedEvent {
  if (action !== 'created') return { ignored: `issue_comment.${action}` };
  const number = fields.at('issue').at('number').number;
  const comment = commentOf(fields.at('comment'));
  if (number === undefined || comment === undefined) return { ignored: 'not a comment' };
  if (comment.author.bot) return { ignored: "a bot's comment" };
  if (!commandLine.test(comment.body)) return { ignored: 'no command' };
  const job: NewJob = { kind: 'command', payload: { ...place, number, comment } };
  return { jobs: [job] };
}

function commentOf(fields: PayloadFields): CommentFacts | undefined {
  const id = fields.at('id').number;
  const body = fields.at('body').text;
  const author = fields.at('user');
  const login = author.at('login').text;
  const authorId = author.at('id').number;
  if (id === undefined || body === undefined || login === undefined || authorId === undefined)
    return undefined;
  const createdAt = fields.at('created_at').text;
  return {
    id,
    body,
    ...defined({ createdAt }),
    author: { id: authorId, login, bot: author.at('type').text === 'Bot' },
  };
}

/** GitHub's names do not depend on case. */
function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
