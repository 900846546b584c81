/** Camille, who has no account at GitHub, at the desk of a whole service: from the form to the keys. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfiguration } from '#base/config/config-file';
import { readEnvironment } from '#base/config/environment';
import { createLog } from '#base/observability/logger';
import { freePort } from '#demo/bot-process';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import { isPullRequest, type PullRequest, type Repository } from '#demo/github/state';
import type { GitHubUser } from '#demo/github/user';
import { type LookupServices, startLookupServices } from '#demo/lookup-services';
import { type Mailbox, startMailbox } from '#demo/mailbox';
import { agent, type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { TextBrowser } from '#demo/text-browser';
import { waitUntil } from '#demo/wait-until';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import { buildHandlers } from '#main/handlers';
import { type Service, startService } from '#main/start';
import { soundValues } from '../http/front-desk/desk-server.ts';
import { type Scratch, thisEngine } from '../infrastructure/database/engines.ts';

const webhookSecret = 'secret-of-the-webhooks-0123456789';
const values = {
  ...soundValues,
  'organization.siret': agent.siret,
  environment: 'integration',
  datapass: '',
  'contacts.technical': agent.email,
};

describe('the front desk of a whole service', () => {
  let github: LocalGitHub;
  let openid: LocalOpenIdProvider;
  let mailbox: Mailbox;
  let lookups: LookupServices;
  let scratch: Scratch;
  let service: Service;
  let registry: Repository;
  let bob: GitHubUser;
  let origin: string;
  const lines: string[] = [];

  beforeAll(async () => {
    const permissions = Object.fromEntries(
      Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
    );
    [github, openid, mailbox, lookups, scratch] = await Promise.all([
      startLocalGitHub({ permissions: { ...permissions, contents: 'write' }, events: neededEvents }),
      startLocalOpenIdProvider(),
      startMailbox(),
      startLookupServices(),
      thisEngine.scratch(),
    ]);
    bob = github.createUser('bob');
    registry = github.createRepository('org/registre', {
      files: {
        'README.md': '# Registre\n',
        '.github/greffier.yaml': 'approvals:\n  integration: 1\n',
      },
      collaborators: { bob: 'write' },
    });
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    const registered = await fetch(`${openid.issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${openid.initialAccessToken}` },
      body: JSON.stringify({ client_name: 'Guichet', redirect_uris: [`${origin}/connexion/retour`] }),
    });
    const client = (await registered.json()) as { client_id: string; client_secret: string };
    const environment = {
      APP_ID: String(github.appId),
      PRIVATE_KEY: github.privateKey,
      GHE_HOST: github.host,
      GHE_PROTOCOL: 'http',
      GREFFIER_KEY: randomBytes(32).toString('base64'),
      IDP_TOKEN: openid.initialAccessToken,
      DESK_SECRET: client.client_secret,
      ENTREPRISES_URL: lookups.url,
      SMTP_URL: mailbox.url,
      MAIL_FROM: 'greffier@registre-fictif.fr',
      WEBHOOK_SECRET: webhookSecret,
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: origin,
      ...('url' in scratch.location
        ? { DATABASE_URL: scratch.location.url }
        : { GREFFIER_DATA: scratch.location.folder }),
    };
    const settings = readEnvironment(environment);
    const read = readConfiguration(
      `registry: org/registre
cells:
  internet/integration: { provider: registration, issuer: "${openid.issuer}", initial_access_token: "\${IDP_TOKEN}" }
front_desk:
  sign_in: { issuer: "${openid.issuer}", client_id: "${client.client_id}", client_secret: "\${DESK_SECRET}", email_verified: assumed }
sweep: 1d
`,
      'greffier.config.yaml',
      environment,
    );
    if (!settings.ok || !read.ok) throw new Error(JSON.stringify([settings, read]));
    const started = await startService({
      settings: settings.config,
      configuration: read.configuration,
      version: 'test',
      log: createLog('info', { write: (line: string) => lines.push(line) }),
      handlers: (context) => buildHandlers(context, 'test'),
    });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    service = started.service;
    github.webhooks.target = { url: `${origin}/api/github/webhooks`, secret: webhookSecret };
    await service.atWork;
  });
  afterAll(async () => {
    github.webhooks.target = undefined;
    await service.stop(5000);
    await Promise.all([github.stop(), openid.stop(), mailbox.stop(), lookups.stop()]);
    await scratch.remove();
  });

  const pulls = (): readonly PullRequest[] => [...registry.issues.values()].filter(isPullRequest);

  it('takes a request from the form to the keys', async () => {
    const camille = new TextBrowser();
    const signedIn = await camille.press(await camille.open(new URL('/connexion', origin)));
    const csrf = /name="csrf" value="([^"]+)"/.exec(signedIn.html)?.[1] ?? '';
    const post = (path: string, body: Record<string, string>) =>
      camille.open(new URL(path, origin), undefined, {
        method: 'POST',
        body: new URLSearchParams({ csrf, ...body }),
        headers: { origin },
      });
    const page = async () => (await camille.open(new URL('/demandes/1', origin))).html;
    const pageSays = (words: string) =>
      waitUntil(async () => {
        const html = await page();
        return html.includes(words) && html;
      });

    // Pressed twice at once, then again from the page before.
    const [sent] = await Promise.all([1, 2].map(() => post('/demande', { ...values, action: 'send' })));
    if (sent === undefined) return expect.fail();
    await post('/demande', { ...values, action: 'send' });
    expect(sent.url.pathname).toBe('/demandes/1');
    expect(await pageSays('En attente d’une décision')).toBeDefined();
    expect(await page()).toContain('L’accord d’une personne de l’équipe');
    const [pull, ...others] = pulls();
    if (pull === undefined) return expect.fail();
    expect(others).toEqual([]);
    // Where the definition names it, the plan of the comment does too.
    expect(`${pull.title}
${pull.body}`).not.toContain('@');

    bob.comment(registry, pull, 'Quel est le public visé ? <script>');
    expect(await pageSays('Quel est le public visé ? &lt;script&gt;')).toBeDefined();
    const asked = await mailbox.waitFor(({ subject }) => subject.includes('un message pour vous'), 15_000);
    expect(asked?.to).toEqual([agent.email]);
    expect(asked?.text).toContain(`${origin}/demandes/1`);
    expect(asked?.raw).not.toContain('public vis');

    const id = /name="id" value="([^"]+)"/.exec(await page())?.[1] ?? '';
    await post('/demandes/1', { action: 'answer', id, answer: '@bob les agents' });
    await post('/demandes/1', { action: 'answer', id, answer: '@bob les agents' });
    expect(await waitUntil(() => pull.comments.some(({ body }) => body.includes('> @bob les agents')))).toBe(
      true,
    );

    // A form that says nothing of the request that is open is no correction of it.
    const other = await post('/demande', {
      ...values,
      description: 'Partager les agendas des associations',
      action: 'send',
    });
    expect(other.html).toContain('Corriger la demande 1 avec ces réponses');
    const from = 'internet/integration/agenda-des-associations';
    const corrected = { ...values, from, description: 'Gérer les agendas de toutes les associations' };
    await post('/demande', { ...corrected, action: 'send' });
    const commits = () => registry.git.commitsBetween(pull.pull.baseSha, pull.pull.headSha).length;
    expect(await waitUntil(() => commits() === 2)).toBe(true);

    bob.approve(registry, pull);
    expect(await pageSays('Prête, plus rien ne manque')).toBeDefined();
    bob.merge(registry, pull);
    expect(await pageSays('Afficher les clés')).toBeDefined();
    expect(await mailbox.waitFor(({ subject }) => subject.includes('acceptée'), 15_000)).toBeDefined();
    const shown = await post('/demandes/1', { action: 'keys' });
    const made = openid.clients().find((client) => client.client_name === values.name);
    expect(shown.html).toContain(String(made?.client_secret));
    expect(await page()).not.toContain(String(made?.client_secret));
    expect((await post('/demandes/1', { action: 'keys' })).html).not.toContain(String(made?.client_secret));

    expect(pulls()).toHaveLength(1);
    // Their own service, for which a removal is another request.
    const list = await camille.open(new URL('/demandes', origin));
    expect(list.html).toContain('Passer en production');
    const [, removal = ''] = /name="id" value="([^"]+)"/.exec(list.html) ?? [];
    const path = 'service-providers/internet/integration/agenda-des-associations.yaml';
    await post('/demandes', { action: 'remove', id: removal, path });
    const removing = await waitUntil(() => pulls().find(({ number }) => number !== pull.number));
    expect(removing?.title).toMatch(
      /^Demande \d+\s: retirer internet\/integration\/agenda-des-associations$/,
    );
    const form = await camille.open(new URL(`/demande?from=${from}`, origin));
    expect(form.html).toContain('Gérer les agendas de toutes les associations');
    expect(pull.comments.filter(({ body }) => body.includes('> @bob les agents'))).toHaveLength(1);
    expect(openid.clients().filter((client) => client.client_name === values.name)).toHaveLength(1);
    const toCamille = mailbox.mails.map(({ subject }) => subject);
    expect(new Set(toCamille).size).toBe(toCamille.length);
    expect(lines.join('\n')).not.toContain(agent.email);
  }, 90_000);
});
