/** The scenes of the story, in order. Each one does what a person does, shows what they see, and notes what came. */
import {
  definitionPath,
  faultyDefinition,
  redirectUri,
  serviceName,
  technicalContact,
} from './definitions.ts';
import type { DemoEnvironment } from './environment.ts';
import { splitLines } from './github/git/diff.ts';
import type { CheckRun, Comment, Issue, PullRequest, Repository } from './github/state.ts';
import { parseSuggestion } from './github/suggestions.ts';
import type { demoTranslator } from './messages.ts';
import type { Presenter } from './presenter/presenter.ts';
import { performSignIn } from './sign-in.ts';
import { TextBrowser } from './text-browser.ts';
import { unescapeHtml } from './unescape-html.ts';
import { defaultTimeout, waitUntil } from './wait-until.ts';

export interface StoryContext {
  readonly environment: DemoEnvironment;
  readonly presenter: Presenter;
  readonly t: ReturnType<typeof demoTranslator>;
}

export interface ClientCredentials {
  readonly clientId: string;
  readonly secret: string;
}

export const reviewMarker = '<!-- greffier:review -->';
export const provisioningMarker = '<!-- greffier:provisioning -->';

/** The clients of one name, at the provider of production. */
export function clientsNamed(environment: DemoEnvironment, name: string) {
  return environment.openid.clients().filter((client) => client.client_name === name);
}

/** Sacha writes a faulty definition in a fork, and opens a pull request. */
export async function openFaultyPullRequest({
  environment,
  presenter,
  t,
}: StoryContext): Promise<PullRequest> {
  await presenter.scene(t('sceneOpen'));
  presenter.narrate(t('open'));
  const pull = environment.applicant.openPullRequest(environment.registry, {
    from: environment.fork,
    branch: 'agenda',
    title: 'Agenda des associations',
    files: { [definitionPath]: faultyDefinition },
  });
  presenter.file(definitionPath, faultyDefinition, []);
  return pull;
}

/** The check, the labels, the comment and the notes appear. */
export async function showReview(
  { environment, presenter, t }: StoryContext,
  pull: PullRequest,
): Promise<void> {
  await presenter.scene(t('sceneReview'));
  const run = await waitUntil(() => checkOf(environment.registry, pull, 'failure'));
  showCheck(presenter, run);
  presenter.observe(t('checkFails'), run !== undefined);
  await waitUntil(() => pull.labels.has('invalid'));
  showLabels(presenter, environment.registry, pull);
  presenter.observe(
    t('labelsInvalid'),
    ['invalid', 'production', 'internet', 'new-sp'].every((name) => pull.labels.has(name)),
  );
  const comment = await waitUntil(() => commentWith(pull, reviewMarker));
  if (comment !== undefined) presenter.comment(comment.author.login, comment.body);
  presenter.observe(t('commentThere'), comment?.body.includes(definitionPath) === true);
  const notes = run?.annotations ?? [];
  presenter.file(definitionPath, faultyDefinition, notes);
  const lines = new Set(notes.map(({ start_line }) => start_line));
  presenter.observe(t('notesThere'), lines.size >= 4);
}

/** `/greffier fix`, the suggestions, one click; the comment is edited in place, an approval is waited for. */
export async function applyFixes(
  { environment, presenter, t }: StoryContext,
  pull: PullRequest,
): Promise<void> {
  await presenter.scene(t('sceneFix'));
  presenter.narrate(t('askFix'));
  const before = commentWith(pull, reviewMarker);
  const asked = environment.applicant.comment(environment.registry, pull, '/greffier fix');
  presenter.comment(environment.applicant.login, asked.body);
  const thumb = await waitUntil(() => asked.reactions.some(({ content }) => content === '+1'));
  presenter.observe(t('acknowledged'), thumb === true);
  const made = await waitUntil(() => suggestions(pull).length >= 4 && suggestions(pull));
  const shown = (made || []).map(({ path, body, line, startLine }) => {
    const present = splitLines(environment.registry.git.textAt(pull.pull.headSha, path) ?? '');
    const replaced = present.slice((startLine ?? line ?? 1) - 1, line ?? 1).map((text) => text.trimEnd());
    return { place: t('line', { line: String(line) }), body, replaced };
  });
  if (shown.length > 0) presenter.lineComments('greffier[bot]', shown);
  presenter.observe(t('suggested'), made !== undefined);
  const count = environment.applicant.commitSuggestions(
    environment.registry,
    pull,
    'Appliquer les suggestions de Greffier',
  );
  presenter.observe(t('applied'), count >= 4);
  const run = await waitUntil(() => checkOf(environment.registry, pull, 'action_required'));
  showCheck(presenter, run);
  presenter.observe(t('waitsApproval'), run !== undefined);
  await waitUntil(() => pull.labels.has('needs-decision') && !pull.labels.has('invalid'));
  showLabels(presenter, environment.registry, pull);
  const after = await waitUntil(() => {
    const now = commentWith(pull, reviewMarker);
    return now !== undefined && now.updatedAt > now.createdAt && now;
  });
  if (after) presenter.comment(after.author.login, after.body);
  const markers = pull.comments.filter(({ body }) => body.startsWith(reviewMarker)).length;
  presenter.observe(t('editedInPlace'), markers === 1 && after !== undefined && after === before);
}

/** Dominique approves, the check turns by itself, Dominique merges. */
export async function approveAndMerge(context: StoryContext, pull: PullRequest): Promise<void> {
  const { presenter, t } = context;
  await presenter.scene(t('sceneApprove'));
  await approve(context, pull, 'checkTurns');
  showLabels(presenter, context.environment.registry, pull);
  presenter.observe(t('labelReady'), pull.labels.has('ready'));
  merge(context, pull);
}

/** Approves; waits until the check is green and the labels follow. */
export async function approve(
  { environment, presenter, t }: StoryContext,
  pull: PullRequest,
  message: 'checkTurns' | 'updateReady',
) {
  environment.reviewer.approve(environment.registry, pull);
  const run = await waitUntil(() => checkOf(environment.registry, pull, 'success'));
  showCheck(presenter, run);
  presenter.observe(t(message), run !== undefined);
  await waitUntil(() => pull.labels.has('ready'));
}

export function merge({ environment, presenter, t }: StoryContext, pull: PullRequest): void {
  environment.reviewer.merge(environment.registry, pull);
  presenter.observe(t('merged'), pull.pull.merged !== undefined);
}

/** The client, the comment, the deployment, the mail. Answers the address of the handover page. */
export async function showProvisioning(
  { environment, presenter, t }: StoryContext,
  pull: PullRequest,
): Promise<string | undefined> {
  await presenter.scene(t('sceneProvision'));
  const outcome = await waitUntil(() => commentWith(pull, provisioningMarker));
  const [client, ...others] = clientsNamed(environment, serviceName);
  presenter.observe(
    t('clientMade'),
    client !== undefined && others.length === 0,
    String(client?.client_name ?? ''),
  );
  if (outcome !== undefined) presenter.comment(outcome.author.login, outcome.body);
  const secret = String(client?.client_secret ?? ' ');
  presenter.observe(
    t('outcomeTold'),
    outcome !== undefined && namesClientOnly(outcome.body, String(client?.client_id), secret),
  );
  const deployed = await waitUntil(() =>
    environment.registry.deployments.some(
      ({ environment: name, sha, statuses }) =>
        name === 'internet-production' &&
        sha === pull.pull.merged?.sha &&
        statuses.at(-1)?.state === 'success',
    ),
  );
  presenter.observe(t('deployed'), deployed === true);
  const mail = await environment.mailbox.waitFor(
    ({ text, to }) => text.includes('/handover/') && to.includes(technicalContact),
    defaultTimeout,
  );
  if (mail !== undefined) presenter.mail(mail);
  presenter.observe(t('mailCame'), mail !== undefined && !mail.raw.includes(secret));
  return /https?:\/\/\S+\/handover\/[\w-]+/.exec(mail?.text ?? '')?.[0];
}

/** Opens the link: nothing, the button, the keys, then nothing any more. */
export async function openHandoverPage(
  { environment, presenter, t }: StoryContext,
  address: string | undefined,
): Promise<ClientCredentials | undefined> {
  await presenter.scene(t('sceneHandover'));
  const secret = String(clientsNamed(environment, serviceName)[0]?.client_secret ?? ' ');
  if (address === undefined) {
    presenter.observe(t('shownOnce'), false);
    return undefined;
  }
  const url = new URL(address);
  const browser = new TextBrowser();
  const closed = await browser.open(url);
  presenter.page(t('browser'), closed.html);
  presenter.observe(t('nothingShown'), closed.status === 200 && !closed.html.includes(secret));
  const opened = await browser.press(closed);
  const shown = [...opened.html.matchAll(/<code[^>]*>([^<]+)<\/code>/g)].map(([, text]) =>
    unescapeHtml(text ?? ''),
  );
  const [clientId, read] = shown;
  presenter.page(t('browser'), opened.html.replaceAll(secret, t('masked')));
  presenter.observe(t('shownOnce'), read === secret);
  const again = await browser.open(url);
  presenter.page(t('browser'), again.html);
  presenter.observe(t('shownNoMore'), again.status === 410 && !again.html.includes(secret));
  return clientId === undefined || read === undefined ? undefined : { clientId, secret: read };
}

/** An agent signs in to the application, with the keys of the page and nothing else. */
export async function signInWithKeys(
  { environment, presenter, t }: StoryContext,
  keys: ClientCredentials | undefined,
  uri = redirectUri,
): Promise<void> {
  await presenter.scene(t('sceneSignIn'));
  const signed = await trySignIn(environment, keys, uri);
  if ('page' in signed) presenter.page(t('browser'), signed.page.html);
  const who = 'userinfo' in signed ? signed.userinfo : {};
  presenter.observe(
    t('signedIn'),
    'userinfo' in signed,
    'userinfo' in signed ? `${who.given_name} ${who.usual_name} · ${who.organization_label}` : signed.reason,
  );
}

export async function trySignIn(
  environment: DemoEnvironment,
  keys: ClientCredentials | undefined,
  uri: string,
) {
  try {
    return await performSignIn({
      issuer: environment.openid.issuer,
      clientId: keys?.clientId ?? '',
      secret: keys?.secret ?? '',
      redirectUri: uri,
      idTokenAlgorithm: 'RS256',
      userinfoAlgorithm: 'RS256',
      scopes: ['openid', 'given_name', 'usual_name', 'email', 'siret', 'organization_label'],
    });
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

const namesClientOnly = (body: string, clientId: string, secret: string): boolean =>
  body.includes(clientId) && !body.includes(secret);

function suggestions(pull: PullRequest) {
  return pull.pull.reviewComments.filter(
    ({ body, commit }) => commit === pull.pull.headSha && parseSuggestion(body) !== undefined,
  );
}

export function checkOf(registry: Repository, pull: PullRequest, conclusion: string): CheckRun | undefined {
  return registry.checkRuns.find(
    (run) => run.headSha === pull.pull.headSha && run.name === 'greffier' && run.conclusion === conclusion,
  );
}

export function commentWith(on: Issue, marker: string): Comment | undefined {
  return on.comments.find(({ body, author }) => author.type === 'Bot' && body.startsWith(marker));
}

export function showCheck(presenter: Presenter, run: CheckRun | undefined): void {
  if (run !== undefined) presenter.check(run.name, run.conclusion, run.title);
}

export function showLabels(presenter: Presenter, registry: Repository, on: Issue): void {
  presenter.labels([...on.labels].flatMap((name) => registry.labels.get(name.toLowerCase()) ?? []));
}
