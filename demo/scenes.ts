/** The scenes of the story, in order. Each one does what a person does, shows what they see, and notes what came. */
import {
  definitionPath,
  extendedDefinition,
  faultyDefinition,
  redirectUri,
  renamedPath,
  secondRedirectUri,
  technicalContact,
} from './definitions.ts';
import type { DemoSet } from './environment.ts';
import { linesOf } from './github/git/diff.ts';
import type { CheckRun, Comment, Issue, PullRequest, Repository } from './github/state.ts';
import { suggestionOf } from './github/suggestions.ts';
import type { teller } from './messages.ts';
import type { Stage } from './presenter/presenter.ts';
import { signIn } from './sign-in.ts';
import { unescaped, Visitor } from './visitor.ts';
import { until } from './waiting.ts';

export interface Play {
  readonly set: DemoSet;
  readonly stage: Stage;
  readonly say: ReturnType<typeof teller>;
}

export interface Keys {
  readonly clientId: string;
  readonly secret: string;
}

export const reviewMarker = '<!-- greffier:review -->';
export const provisioningMarker = '<!-- greffier:provisioning -->';

/** Camille writes a faulty definition in a fork, and opens a pull request. */
export async function openFaulty({ set, stage, say }: Play): Promise<PullRequest> {
  await stage.scene(say('sceneOpen'));
  stage.tell(say('open'));
  const fork = set.applicant.fork(set.registry);
  const pull = set.applicant.openPullRequest(set.registry, {
    from: fork,
    branch: 'agenda',
    title: 'Agenda des associations',
    files: { [definitionPath]: faultyDefinition },
  });
  stage.file(definitionPath, faultyDefinition, []);
  return pull;
}

/** The check, the labels, the comment and the notes appear. */
export async function seeReview({ set, stage, say }: Play, pull: PullRequest): Promise<void> {
  await stage.scene(say('sceneReview'));
  const run = await until(() => checkOf(set.registry, pull, 'failure'));
  showCheck(stage, run);
  stage.observe(say('checkFails'), run !== undefined);
  await until(() => pull.labels.has('invalid'));
  showLabels(stage, set.registry, pull);
  stage.observe(
    say('labelsInvalid'),
    ['invalid', 'production', 'internet', 'new-sp'].every((name) => pull.labels.has(name)),
  );
  const comment = await until(() => commentWith(pull, reviewMarker));
  if (comment !== undefined) stage.comment(comment.author.login, comment.body);
  stage.observe(say('commentThere'), comment?.body.includes(definitionPath) === true);
  const notes = run?.annotations ?? [];
  stage.file(definitionPath, faultyDefinition, notes);
  const lines = new Set(notes.map(({ start_line }) => start_line));
  stage.observe(say('notesThere'), lines.size >= 4);
}

/** `/greffier fix`, the suggestions, one click; the comment is edited in place, an approval is waited for. */
export async function applyFixes({ set, stage, say }: Play, pull: PullRequest): Promise<void> {
  await stage.scene(say('sceneFix'));
  stage.tell(say('askFix'));
  const before = commentWith(pull, reviewMarker);
  const asked = set.applicant.comment(set.registry, pull, '/greffier fix');
  stage.comment(set.applicant.login, asked.body);
  const thumb = await until(() => asked.reactions.some(({ content }) => content === '+1'));
  stage.observe(say('acknowledged'), thumb === true);
  const made = await until(() => suggestions(pull).length >= 4 && suggestions(pull));
  const shown = (made || []).map(({ path, body, line, startLine }) => {
    const present = linesOf(set.registry.git.textAt(pull.pull.headSha, path) ?? '');
    const replaced = present.slice((startLine ?? line ?? 1) - 1, line ?? 1).map((text) => text.trimEnd());
    return { place: say('line', { line: String(line) }), body, replaced };
  });
  if (shown.length > 0) stage.lineComments('greffier[bot]', shown);
  stage.observe(say('suggested'), made !== undefined);
  const count = set.applicant.commitSuggestions(set.registry, pull, 'Appliquer les suggestions de Greffier');
  stage.observe(say('applied'), count >= 4);
  const run = await until(() => checkOf(set.registry, pull, 'action_required'));
  showCheck(stage, run);
  stage.observe(say('waitsApproval'), run !== undefined);
  await until(() => pull.labels.has('needs-decision') && !pull.labels.has('invalid'));
  showLabels(stage, set.registry, pull);
  const after = await until(() => {
    const now = commentWith(pull, reviewMarker);
    return now !== undefined && now.updatedAt > now.createdAt && now;
  });
  if (after) stage.comment(after.author.login, after.body);
  const markers = pull.comments.filter(({ body }) => body.startsWith(reviewMarker)).length;
  stage.observe(say('editedInPlace'), markers === 1 && after !== undefined && after === before);
}

/** Dominique approves, the check turns by itself, Dominique merges. */
export async function approveAndMerge(play: Play, pull: PullRequest): Promise<void> {
  const { stage, say } = play;
  await stage.scene(say('sceneApprove'));
  await approve(play, pull, 'checkTurns');
  showLabels(stage, play.set.registry, pull);
  stage.observe(say('labelReady'), pull.labels.has('ready'));
  merge(play, pull);
}

/** Approves; waits until the check is green and the labels follow. */
async function approve({ set, stage, say }: Play, pull: PullRequest, word: 'checkTurns' | 'updateReady') {
  set.reviewer.approve(set.registry, pull);
  const run = await until(() => checkOf(set.registry, pull, 'success'));
  showCheck(stage, run);
  stage.observe(say(word), run !== undefined);
  await until(() => pull.labels.has('ready'));
}

function merge({ set, stage, say }: Play, pull: PullRequest): void {
  set.reviewer.merge(set.registry, pull);
  stage.observe(say('merged'), pull.pull.merged !== undefined);
}

/** The client, the comment, the deployment, the mail. Answers the address of the handover page. */
export async function seeProvisioning(
  { set, stage, say }: Play,
  pull: PullRequest,
): Promise<string | undefined> {
  await stage.scene(say('sceneProvision'));
  const told = await until(() => commentWith(pull, provisioningMarker));
  const [client, ...others] = set.openid.clients();
  stage.observe(
    say('clientMade'),
    client !== undefined && others.length === 0,
    String(client?.client_name ?? ''),
  );
  if (told !== undefined) stage.comment(told.author.login, told.body);
  const secret = String(client?.client_secret ?? ' ');
  stage.observe(
    say('outcomeTold'),
    told !== undefined && tellsOnly(told.body, String(client?.client_id), secret),
  );
  const deployed = await until(() =>
    set.registry.deployments.some(
      ({ environment, statuses }) =>
        environment === 'internet-production' && statuses.at(-1)?.state === 'success',
    ),
  );
  stage.observe(say('deployed'), deployed === true);
  const mail = await set.mailbox.waitFor(({ text }) => text.includes('/handover/'), 15_000);
  if (mail !== undefined) stage.mail(mail);
  stage.observe(say('mailCame'), mail?.to.includes(technicalContact) === true && !mail.raw.includes(secret));
  return /https?:\/\/\S+\/handover\/[\w-]+/.exec(mail?.text ?? '')?.[0];
}

/** Opens the link: nothing, the button, the keys, then nothing any more. */
export async function takeKeys(
  { set, stage, say }: Play,
  address: string | undefined,
): Promise<Keys | undefined> {
  await stage.scene(say('sceneHandover'));
  const secret = String(set.openid.clients()[0]?.client_secret ?? ' ');
  if (address === undefined) {
    stage.observe(say('shownOnce'), false);
    return undefined;
  }
  const url = new URL(address);
  const visitor = new Visitor();
  const closed = await visitor.open(url);
  stage.page(say('browser'), closed.html);
  stage.observe(say('nothingShown'), closed.status === 200 && !closed.html.includes(secret));
  const opened = await visitor.press(closed);
  const shown = [...opened.html.matchAll(/<code[^>]*>([^<]+)<\/code>/g)].map(([, text]) =>
    unescaped(text ?? ''),
  );
  const [clientId, read] = shown;
  stage.page(say('browser'), opened.html.replaceAll(secret, say('masked')));
  stage.observe(say('shownOnce'), read === secret);
  const again = await visitor.open(url);
  stage.page(say('browser'), again.html);
  stage.observe(say('shownNoMore'), again.status === 410 && !again.html.includes(secret));
  return clientId === undefined || read === undefined ? undefined : { clientId, secret: read };
}

/** An agent signs in to the application, with the keys of the page and nothing else. */
export async function useKeys(
  { set, stage, say }: Play,
  keys: Keys | undefined,
  uri = redirectUri,
): Promise<void> {
  await stage.scene(say('sceneSignIn'));
  const signed = await trySignIn(set, keys, uri);
  if ('page' in signed) stage.page(say('browser'), signed.page.html);
  const who = 'userinfo' in signed ? signed.userinfo : {};
  stage.observe(
    say('signedIn'),
    'userinfo' in signed,
    'userinfo' in signed ? `${who.given_name} ${who.usual_name} · ${who.organization_label}` : signed.reason,
  );
}

async function trySignIn(set: DemoSet, keys: Keys | undefined, uri: string) {
  try {
    return await signIn({
      issuer: set.openid.issuer,
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

/** One more URL: the plan, the approval, the same client. */
export async function extend(play: Play, keys: Keys | undefined): Promise<void> {
  const { set, stage, say } = play;
  await stage.scene(say('sceneUpdate'));
  stage.tell(say('update'));
  const pull = proposeChange(play, 'nouvelle-adresse', 'Ajouter une URL', {
    [definitionPath]: extendedDefinition,
  });
  const comment = await until(() => commentWith(pull, reviewMarker));
  if (comment !== undefined) stage.comment(comment.author.login, comment.body);
  await approve(play, pull, 'updateReady');
  merge(play, pull);
  const updated = await until(() =>
    set.openid.clients().some((client) => [client.redirect_uris].flat().includes(secondRedirectUri)),
  );
  const signed = await trySignIn(set, keys, secondRedirectUri);
  stage.observe(
    say('updated'),
    updated === true && 'userinfo' in signed && set.openid.clients().length === 1,
  );
  await until(() => commentWith(pull, provisioningMarker));
}

/** Someone renames the client at the provider: an issue tells, and closes when the name is right again. */
export async function drift({ set, stage, say }: Play, keys: Keys | undefined): Promise<void> {
  await stage.scene(say('sceneDrift'));
  stage.tell(say('drift'));
  const name = String(set.openid.clients()[0]?.client_name);
  const id = keys?.clientId ?? '';
  set.openid.tamper(id, { client_name: 'Agenda' });
  const issue = await until(() => [...set.registry.issues.values()].find(isOpenIssueOfTheBot));
  if (issue) stage.comment(`${issue.author.login} · ${issue.title}`, issue.body ?? '');
  stage.observe(say('driftTold'), issue !== undefined);
  set.openid.tamper(id, { client_name: name });
  const closed = await until(() => issue?.state === 'closed');
  stage.observe(say('driftGone'), closed === true);
}

const tellsOnly = (body: string, clientId: string, secret: string): boolean =>
  body.includes(clientId) && !body.includes(secret);

const isOpenIssueOfTheBot = (one: Issue): boolean =>
  one.pull === undefined && one.state === 'open' && one.author.type === 'Bot';

/** The file is renamed: a new client, new keys, and the end of the old one, which the review says beforehand. */
export async function rename(play: Play, keys: Keys | undefined): Promise<void> {
  const { set, stage, say } = play;
  await stage.scene(say('sceneRename'));
  stage.tell(say('rename'));
  const pull = proposeChange(play, 'nouveau-nom', 'Renommer l’agenda', {
    [definitionPath]: null,
    [renamedPath]: extendedDefinition,
  });
  const comment = await until(() => commentWith(pull, reviewMarker));
  if (comment !== undefined) stage.comment(comment.author.login, comment.body);
  await until(() => pull.labels.has('needs-decision'));
  showLabels(stage, set.registry, pull);
  stage.observe(say('renameSeen'), pull.labels.has('needs-decision'));
  await approve(play, pull, 'checkTurns');
  merge(play, pull);
  const replaced = await until(() => {
    const [client, ...others] = set.openid.clients();
    return client !== undefined && others.length === 0 && client.client_id !== keys?.clientId;
  });
  stage.observe(say('renamed'), replaced === true);
}

/** The file is removed: a decision, then the client is deactivated and, after the delay, deleted. */
export async function remove(play: Play): Promise<void> {
  const { set, stage, say } = play;
  await stage.scene(say('sceneRemove'));
  const pull = proposeChange(play, 'retrait', 'Retirer l’agenda', { [renamedPath]: null });
  const comment = await until(() => commentWith(pull, reviewMarker));
  if (comment !== undefined) stage.comment(comment.author.login, comment.body);
  await until(() => pull.labels.has('needs-decision'));
  showLabels(stage, set.registry, pull);
  stage.observe(say('removalSeen'), pull.labels.has('removal-sp') && pull.labels.has('needs-decision'));
  await approve(play, pull, 'checkTurns');
  merge(play, pull);
  const gone = await until(() => set.openid.clients().length === 0);
  stage.observe(say('removed'), gone === true);
}

/** Camille brings her fork up to date and opens another pull request. */
function proposeChange(
  { set }: Play,
  branch: string,
  title: string,
  files: Readonly<Record<string, string | null>>,
) {
  const fork = [...set.github.repositories()].find(({ parent }) => parent === set.registry) ?? set.registry;
  const main = set.registry.git.branch('main');
  if (main !== undefined) fork.git.refs.set('refs/heads/main', main);
  return set.applicant.openPullRequest(set.registry, { from: fork, branch, title, files });
}

function suggestions(pull: PullRequest) {
  return pull.pull.reviewComments.filter(
    ({ body, commit }) => commit === pull.pull.headSha && suggestionOf(body) !== undefined,
  );
}

function checkOf(registry: Repository, pull: PullRequest, conclusion: string): CheckRun | undefined {
  return registry.checkRuns.find(
    (run) => run.headSha === pull.pull.headSha && run.name === 'greffier' && run.conclusion === conclusion,
  );
}

function commentWith(on: Issue, marker: string): Comment | undefined {
  return on.comments.find(({ body, author }) => author.type === 'Bot' && body.startsWith(marker));
}

function showCheck(stage: Stage, run: CheckRun | undefined): void {
  if (run !== undefined) stage.check(run.name, run.conclusion, run.title);
}

function showLabels(stage: Stage, registry: Repository, on: Issue): void {
  stage.labels([...on.labels].flatMap((name) => registry.labels.get(name.toLowerCase()) ?? []));
}
