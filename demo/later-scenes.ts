/** What comes after a service is connected by Git: a change, a drift, a rename and a removal. */
import {
  definitionPath,
  extendedDefinition,
  renamedPath,
  secondRedirectUri,
  serviceName,
} from './definitions.ts';
import type { Issue } from './github/state.ts';
import {
  approve,
  type ClientCredentials,
  clientsNamed,
  commentWith,
  merge,
  provisioningMarker,
  reviewMarker,
  type StoryContext,
  showLabels,
  trySignIn,
} from './scenes.ts';
import { waitUntil } from './wait-until.ts';

/** One more URL: the plan, the approval, the same client. */
export async function addRedirectUri(
  context: StoryContext,
  keys: ClientCredentials | undefined,
): Promise<void> {
  const { environment, presenter, t } = context;
  await presenter.scene(t('sceneUpdate'));
  presenter.narrate(t('update'));
  const pull = proposeChange(context, 'nouvelle-adresse', 'Ajouter une URL', {
    [definitionPath]: extendedDefinition,
  });
  const comment = await waitUntil(() => commentWith(pull, reviewMarker));
  if (comment !== undefined) presenter.comment(comment.author.login, comment.body);
  await approve(context, pull, 'updateReady');
  merge(context, pull);
  const updated = await waitUntil(() =>
    environment.openid.clients().some((client) => [client.redirect_uris].flat().includes(secondRedirectUri)),
  );
  const signed = await trySignIn(environment, keys, secondRedirectUri);
  presenter.observe(
    t('updated'),
    updated === true && 'userinfo' in signed && clientsNamed(environment, serviceName).length === 1,
  );
  await waitUntil(() => commentWith(pull, provisioningMarker));
}

/** Someone renames the client at the provider: an issue says so, and closes when the name is right again. */
export async function causeDrift(
  { environment, presenter, t }: StoryContext,
  keys: ClientCredentials | undefined,
): Promise<void> {
  await presenter.scene(t('sceneDrift'));
  presenter.narrate(t('drift'));
  const id = keys?.clientId ?? '';
  environment.openid.tamper(id, { client_name: 'Agenda' });
  const issue = await waitUntil(() => [...environment.registry.issues.values()].find(isOpenBotIssue));
  if (issue) presenter.comment(`${issue.author.login} · ${issue.title}`, issue.body ?? '');
  presenter.observe(t('driftTold'), issue !== undefined);
  environment.openid.tamper(id, { client_name: serviceName });
  const closed = await waitUntil(() => issue?.state === 'closed');
  presenter.observe(t('driftGone'), closed === true);
}

const isOpenBotIssue = (one: Issue): boolean =>
  one.pull === undefined && one.state === 'open' && one.author.type === 'Bot';

/** The file is renamed: a new client, new keys, and the end of the old one, which the review says beforehand. */
export async function renameDefinition(
  context: StoryContext,
  keys: ClientCredentials | undefined,
): Promise<void> {
  const { environment, presenter, t } = context;
  await presenter.scene(t('sceneRename'));
  presenter.narrate(t('rename'));
  const pull = proposeChange(context, 'nouveau-nom', 'Renommer l’agenda', {
    [definitionPath]: null,
    [renamedPath]: extendedDefinition,
  });
  const comment = await waitUntil(() => commentWith(pull, reviewMarker));
  if (comment !== undefined) presenter.comment(comment.author.login, comment.body);
  await waitUntil(() => pull.labels.has('needs-decision'));
  showLabels(presenter, environment.registry, pull);
  presenter.observe(t('renameSeen'), pull.labels.has('needs-decision'));
  await approve(context, pull, 'checkTurns');
  merge(context, pull);
  const replaced = await waitUntil(() => {
    const [client, ...others] = clientsNamed(environment, serviceName);
    return client !== undefined && others.length === 0 && client.client_id !== keys?.clientId;
  });
  presenter.observe(t('renamed'), replaced === true);
}

/** The file is removed: a decision, then the client is deactivated and, after the delay, deleted. */
export async function removeDefinition(context: StoryContext): Promise<void> {
  const { environment, presenter, t } = context;
  await presenter.scene(t('sceneRemove'));
  const pull = proposeChange(context, 'retrait', 'Retirer l’agenda', { [renamedPath]: null });
  const comment = await waitUntil(() => commentWith(pull, reviewMarker));
  if (comment !== undefined) presenter.comment(comment.author.login, comment.body);
  await waitUntil(() => pull.labels.has('needs-decision'));
  showLabels(presenter, environment.registry, pull);
  presenter.observe(t('removalSeen'), pull.labels.has('removal-sp') && pull.labels.has('needs-decision'));
  await approve(context, pull, 'checkTurns');
  merge(context, pull);
  const gone = await waitUntil(() => clientsNamed(environment, serviceName).length === 0);
  presenter.observe(t('removed'), gone === true);
}

/** Sacha brings the fork up to date and opens another pull request. */
function proposeChange(
  { environment }: StoryContext,
  branch: string,
  title: string,
  files: Readonly<Record<string, string | null>>,
) {
  const { fork } = environment;
  const main = environment.registry.git.branch('main');
  if (main !== undefined) fork.git.refs.set('refs/heads/main', main);
  return environment.applicant.openPullRequest(environment.registry, { from: fork, branch, title, files });
}
