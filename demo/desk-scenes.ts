/** Camille's story: someone without an account at GitHub, at the front desk, from the form to the keys. */
import { everyFix } from '#domain/front-desk/judge';
import { deskAnswers, deskRedirectUri } from './definitions.ts';
import type { DemoEnvironment } from './environment.ts';
import { isPullRequest, type PullRequest } from './github/state.ts';
import { agent } from './people.ts';
import { elementOf } from './presenter/page.ts';
import {
  type ClientCredentials,
  checkOf,
  clientsNamed,
  type StoryContext,
  showCheck,
  showLabels,
  signInWithKeys,
} from './scenes.ts';
import { type BrowserPage, TextBrowser } from './text-browser.ts';
import { unescapeHtml } from './unescape-html.ts';
import { defaultTimeout, waitUntil } from './wait-until.ts';

/** What goes from scene to scene: the person's browser, and what it shows. */
interface Visit {
  readonly browser: TextBrowser;
  page: BrowserPage;
}

const mainOf = (html: string): string => elementOf(html, /<main\b[^>]*>/i);
const summaryOf = (html: string): string => elementOf(html, /<div\b[^>]*id="erreurs"[^>]*>/i);
const sectionOf = (html: string, id: string): string =>
  elementOf(html, new RegExp(`<section\\b[^>]*aria-labelledby="${id}"[^>]*>`, 'i'));

/** Opens the desk, signs in, and finds the form with what the provider told already in it. */
export async function openDesk({ environment, presenter, t }: StoryContext): Promise<Visit> {
  await presenter.scene(t('sceneDesk'));
  presenter.narrate(t('desk'));
  const { url } = environment.bot;
  const browser = new TextBrowser(t('language'));
  const home = await browser.open(new URL(url));
  presenter.page(url, mainOf(home.html));
  presenter.observe(t('deskOpen'), home.status === 200);
  presenter.narrate(t('signIn'));
  const there = await browser.open(new URL('/connexion?retour=/demande', url));
  presenter.page(environment.openid.issuer, mainOf(there.html));
  const form = await browser.press(there);
  const known = [agent.siret, agent.email].every((told) => form.html.includes(told));
  presenter.observe(
    t('signedInDesk'),
    form.url.pathname === '/demande' && known,
    `${agent.email} · ${agent.siret}`,
  );
  return { browser, page: form };
}

/** Answers with two mistakes: both are said on top, each by its field, and what was answered stays. */
export async function fillInForm({ presenter, t }: StoryContext, visit: Visit): Promise<void> {
  await presenter.scene(t('sceneForm'));
  presenter.narrate(t('form'));
  presenter.facts(
    t('formTitle'),
    Object.entries(deskAnswers).map(([name, value]) => [
      labelOf(visit.page.html, name),
      choiceOf(visit.page.html, name, value),
    ]),
  );
  visit.page = await visit.browser.submit(visit.page, { name: 'action', value: 'check' }, deskAnswers);
  const summary = summaryOf(visit.page.html);
  presenter.page(t('browser'), summary);
  const fields = [...summary.matchAll(/<a href="#([^"]+)"/g)].map(([, field]) => field);
  presenter.observe(
    t('twoFaults'),
    visit.page.status === 422 && fields.toSorted().join() === 'description,redirect_uris',
  );
  presenter.observe(t('valuesKept'), visit.page.html.includes(deskAnswers['contacts.support']));
}

/** The words that stand above a field, without what helps. */
function labelOf(html: string, name: string): string {
  const own = elementOf(html, new RegExp(`<label for="${name.replaceAll('.', '\\.')}">`));
  const group = new RegExp(
    `<fieldset[^>]*aria-describedby="${name}-hint[^>]*>\\s*<legend>([\\s\\S]*?)</legend>`,
  );
  const words = group.exec(html)?.[1] ?? own;
  return unescapeHtml(
    words.replace(/<span class="where">[\s\S]*?<\/span>/g, '').replace(/<[^>]*>/g, ''),
  ).trim();
}

/** The words beside a choice; the value itself where there is nothing to choose. */
function choiceOf(html: string, name: string, value: string): string {
  const own = `name="${name.replaceAll('.', '\\.')}" value="${value.replace(/[^\w-]/g, '.')}"`;
  const words = new RegExp(`<input type="radio"[^>]*${own}[^>]*><label[^>]*>([\\s\\S]*?)</label>`).exec(
    html,
  )?.[1];
  return words === undefined ? value : unescapeHtml(words.replace(/<[^>]*>/g, ''));
}

/** One button mends both; then the page to check the answers; then it is sent. Answers the pull request. */
export async function sendRequest(
  { environment, presenter, t }: StoryContext,
  visit: Visit,
): Promise<PullRequest | undefined> {
  await presenter.scene(t('sceneSend'));
  presenter.narrate(t('fixByButton'));
  visit.page = await visit.browser.submit(visit.page, { name: 'apply', value: everyFix });
  presenter.observe(t('fixedByButton'), visit.page.status === 200 && summaryOf(visit.page.html) === '');
  visit.page = await visit.browser.submit(visit.page, { name: 'action', value: 'check' });
  presenter.narrate(t('check'));
  presenter.page(t('browser'), sectionOf(visit.page.html, 'fichier') + sectionOf(visit.page.html, 'suite'));
  presenter.observe(
    t('checkShown'),
    visit.page.html.includes(`${deskRedirectUri}\n`) && !visit.page.html.includes('Permet de'),
  );
  visit.page = await visit.browser.submit(visit.page, { name: 'action', value: 'send' });
  const pull = await waitUntil(() => pullOfDesk(environment));
  presenter.observe(t('sent'), /^\/demandes\/\d+$/.test(visit.page.url.pathname), visit.page.url.href);
  presenter.observe(
    t('sentByApp'),
    pull?.author.type === 'Bot' && !`${pull.title}${pull.body}`.includes('@'),
    pull === undefined ? undefined : `#${pull.number} ${pull.title}`,
  );
  return pull;
}

const pullOfDesk = (environment: DemoEnvironment): PullRequest | undefined =>
  [...environment.registry.issues.values()].filter(isPullRequest).find(({ author }) => author.type === 'Bot');

/** Dominique, at GitHub: cannot merge yet, asks something, and has an answer from someone without an account. */
export async function talk(context: StoryContext, visit: Visit, pull: PullRequest): Promise<void> {
  const { environment, presenter, t } = context;
  await presenter.scene(t('sceneTalk'));
  presenter.narrate(t('talk'));
  const run = await waitUntil(() => checkOf(environment.registry, pull, 'action_required'));
  showCheck(presenter, run);
  await waitUntil(() => pull.labels.has('needs-decision'));
  showLabels(presenter, environment.registry, pull);
  presenter.observe(t('waitsApproval'), run !== undefined);
  const refused = await actAtGitHub(environment, pull, 'merge');
  presenter.page(t('github'), elementOf(refused.html, /<div class="alert"[^>]*>/));
  presenter.observe(t('mergeRefused'), refused.status === 405 && pull.pull.merged === undefined);
  await actAtGitHub(environment, pull, 'comment', t('question'));
  presenter.comment(environment.reviewer.login, t('question'));
  const mail = await environment.mailbox.waitFor(({ to }) => to.includes(agent.email), defaultTimeout);
  if (mail !== undefined) presenter.mail(mail);
  presenter.observe(t('mailToCamille'), mail !== undefined);
  await look(visit, (html) => html.includes(t('question')));
  presenter.page(visit.page.url.href, mainOf(visit.page.html));
  presenter.observe(t('questionShown'), visit.page.html.includes(t('question')));
  visit.page = await visit.browser.submit(
    visit.page,
    { name: 'action', value: 'answer' },
    { answer: t('answer') },
  );
  const posted = await waitUntil(() =>
    pull.comments.find(({ author, body }) => author.type === 'Bot' && body.includes(t('answer'))),
  );
  if (posted !== undefined) presenter.comment(posted.author.login, posted.body);
  presenter.observe(t('answerPosted'), posted !== undefined);
}

/** Presses a button of the pull request's page, as Dominique. */
async function actAtGitHub(
  environment: DemoEnvironment,
  pull: PullRequest,
  value: string,
  body = '',
): Promise<BrowserPage> {
  const browser = new TextBrowser();
  const { owner, name } = environment.registry;
  const page = await browser.open(
    new URL(`/${owner.login}/${name}/pull/${pull.number}`, environment.github.url),
  );
  return browser.submit(page, { name: 'do', value }, { as: environment.reviewer.login, body });
}

/** Looks at the request's page again, until it shows what is waited for. */
async function look(visit: Visit, shows: (html: string) => boolean): Promise<boolean> {
  const at = visit.page.url;
  const seen = await waitUntil(async () => {
    visit.page = await visit.browser.open(at);
    return shows(visit.page.html);
  });
  return seen === true;
}

/** Dominique approves, the check turns green, Dominique merges. */
export async function accept({ environment, presenter, t }: StoryContext, pull: PullRequest): Promise<void> {
  await presenter.scene(t('sceneAccept'));
  await actAtGitHub(environment, pull, 'approve');
  const run = await waitUntil(() => checkOf(environment.registry, pull, 'success'));
  showCheck(presenter, run);
  presenter.observe(t('checkTurns'), run !== undefined);
  const merged = await actAtGitHub(environment, pull, 'merge');
  presenter.observe(t('merged'), merged.status === 200 && pull.pull.merged !== undefined);
}

/** The keys are on the page of the request, once. */
export async function readKeys(
  { environment, presenter, t }: StoryContext,
  visit: Visit,
): Promise<ClientCredentials | undefined> {
  await presenter.scene(t('sceneKeys'));
  const ready = await look(visit, (html) => sectionOf(html, 'cles').includes('value="keys"'));
  const [client, ...others] = clientsNamed(environment, deskAnswers.name);
  const secret = String(client?.client_secret ?? ' ');
  presenter.page(visit.page.url.href, mainOf(visit.page.html));
  presenter.observe(t('keysThere'), ready && others.length === 0 && !visit.page.html.includes(secret));
  if (!ready) return undefined;
  const shown = await visit.browser.submit(visit.page, { name: 'action', value: 'keys' });
  presenter.page(t('browser'), mainOf(shown.html).replaceAll(secret, t('masked')));
  const [clientId, read] = [...shown.html.matchAll(/<code\b[^>]*>([^<]+)<\/code>/g)].map(([, text]) =>
    unescapeHtml(text ?? ''),
  );
  presenter.observe(t('shownOnce'), read === secret && clientId === client?.client_id);
  const again = await visit.browser.submit(visit.page, { name: 'action', value: 'keys' });
  presenter.observe(t('shownNoMore'), !again.html.includes(secret));
  const told = await waitUntil(() => {
    const mails = environment.mailbox.mails.filter(({ text }) => text.includes(visit.page.url.href));
    return mails.length >= 2 && mails;
  });
  presenter.observe(
    t('mailsToCamille'),
    told?.every(({ to, raw }) => to.join() === agent.email && !raw.includes(secret)) === true,
  );
  return clientId === undefined || read === undefined ? undefined : { clientId, secret: read };
}

export const signInAtService = (context: StoryContext, keys: ClientCredentials | undefined): Promise<void> =>
  signInWithKeys(context, keys, deskRedirectUri);
