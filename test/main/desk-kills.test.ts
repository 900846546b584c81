/**
 * Sending from the desk by its plain forms, with `kill -9` of the whole service between every two of its steps, as they
 * are found: each call to GitHub until the pull request is there, before it is done and after it, the first time that it
 * comes. The person presses again.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDerivedKeyring } from '#application/handover/secrets/keyring';
import { BotProcess, freePort } from '#demo/bot-process';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import { isPullRequest, type PullRequest, type Repository } from '#demo/github/state';
import { type LookupServices, startLookupServices } from '#demo/lookup-services';
import { agent, type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { type BrowserPage, TextBrowser } from '#demo/text-browser';
import { waitUntil } from '#demo/wait-until';
import { Sessions, sessionKeyPurpose } from '#http/front-desk/session';
import { earlier } from '#infrastructure/database/per-engine';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import { soundValues } from '../http/front-desk/desk-server.ts';
import { engines, opened, type Scratch } from '../infrastructure/database/engines.ts';
import { patience } from '../patience.ts';

const entry = join(import.meta.dirname, '../../src/cli/cli.ts');
const webhookSecret = 'secret-of-the-webhooks-0123456789';
/** By which a pull request comes to be. */
const lastStep = 'POST /repos/{owner}/{repo}/pulls';
/** More than sending takes: the loop ends by itself. */
const maxRounds = 40;

describe.each(engines)('sending from the desk, killed, on $name', { timeout: 600_000 }, (engine) => {
  let github: LocalGitHub;
  let openid: LocalOpenIdProvider;
  let lookups: LookupServices;
  let scratch: Scratch;
  let folder: string;
  let bot: BotProcess;
  let registry: Repository;
  let origin: string;
  const key = randomBytes(32).toString('base64');
  /** The steps that were found, each of which was killed once. */
  const killedAt = new Set<string>();
  let armed = false;
  let ending: Promise<void> | undefined;

  beforeAll(async () => {
    const permissions = Object.fromEntries(
      Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
    );
    [github, openid, lookups, scratch] = await Promise.all([
      startLocalGitHub({ permissions: { ...permissions, contents: 'write' }, events: neededEvents }),
      startLocalOpenIdProvider(),
      startLookupServices(),
      engine.scratch(),
    ]);
    registry = github.createRepository('org/registre', {
      files: { 'README.md': '# Registre\n' },
      collaborators: { [github.createUser('bob').login]: 'write' },
    });
    github.faults.forRequest = (route) => {
      if (!armed) return undefined;
      const when = (['before', 'after'] as const).find((one) => !killedAt.has(`${one} ${route}`));
      // With the last step it is sent: what comes then is the work of others.
      if (when === undefined) armed = route !== lastStep;
      if (when === undefined) return undefined;
      killedAt.add(`${when} ${route}`);
      armed = false;
      ending = bot.kill();
      return { kind: when === 'before' ? 'reset' : 'reset-after' };
    };
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    const registered = await fetch(`${openid.issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${openid.initialAccessToken}` },
      body: JSON.stringify({ client_name: 'Guichet', redirect_uris: [`${origin}/connexion/retour`] }),
    });
    const client = (await registered.json()) as { client_id: string; client_secret: string };
    folder = mkdtempSync(join(tmpdir(), 'greffier-desk-kills-'));
    const configuration = join(folder, 'greffier.config.yaml');
    writeFileSync(
      configuration,
      `registry: org/registre
cells:
  internet/integration: { provider: registration, issuer: "${openid.issuer}", initial_access_token: "\${IDP_TOKEN}" }
front_desk:
  sign_in: { issuer: "${openid.issuer}", client_id: "${client.client_id}", client_secret: "\${DESK_SECRET}", email_verified: assumed }
sweep: 1d
`,
    );
    const { location } = scratch;
    bot = new BotProcess({
      entry,
      port,
      log: join(folder, 'log'),
      environment: {
        APP_ID: String(github.appId),
        PRIVATE_KEY: github.privateKey,
        GHE_HOST: github.host,
        GHE_PROTOCOL: 'http',
        GREFFIER_CONFIG: configuration,
        GREFFIER_KEY: key,
        IDP_TOKEN: openid.initialAccessToken,
        DESK_SECRET: client.client_secret,
        ENTREPRISES_URL: lookups.url,
        WEBHOOK_SECRET: webhookSecret,
        HOST: '127.0.0.1',
        PUBLIC_URL: origin,
        ...('url' in location ? { DATABASE_URL: location.url } : { GREFFIER_DATA: location.folder }),
      },
    });
    await bot.start();
  }, 120_000);
  afterAll(async () => {
    github.webhooks.target = undefined;
    await bot.kill();
    await Promise.all([github.stop(), openid.stop(), lookups.stop()]);
    await scratch.remove();
    rmSync(folder, { recursive: true });
  });

  /** As when time passes while nobody is there: leases end, and what waits need wait no more. */
  async function again(): Promise<void> {
    await ending;
    ending = undefined;
    const store = await opened(scratch.location);
    try {
      await sql`update jobs set ready_at = ${earlier('ready_at', 600)}, held_until = ${earlier('held_until', 600)}`.execute(
        store.db,
      );
    } finally {
      await store.close();
    }
    await bot.start();
  }

  /** Nothing is left to do: whatever calls GitHub from then on does it for what is asked then. */
  async function isIdle(): Promise<void> {
    const idle = async (): Promise<boolean> => {
      const metrics = await (await fetch(new URL('/metrics', origin))).text();
      const counts = metrics.matchAll(/^greffier_queue\{([^}]*)\} (\d+)/gm);
      return [...counts].every(([, labels = '', count]) => count === '0' || labels.includes('state="dead"'));
    };
    expect(await waitUntil(idle, patience)).toBe(true);
  }

  const pullsOf = (id: string): readonly PullRequest[] =>
    [...registry.issues.values()].filter(isPullRequest).filter(({ pull }) => pull.headRef.endsWith(`-${id}`));
  const branchesOf = (id: string) => [...registry.git.refs.keys()].filter((ref) => ref.endsWith(`-${id}`));

  it('makes of each form one pull request and one client, and shows nobody what is somebody else’s', async () => {
    const camille = new TextBrowser();
    const signedIn = await camille.press(await camille.open(new URL('/connexion', origin)));
    const csrf = /name="csrf" value="([^"]+)"/.exec(signedIn.html)?.[1] ?? '';
    const keyring = parseDerivedKeyring(key, sessionKeyPurpose);
    if (keyring === undefined) return expect.fail();
    const sessions = new Sessions({
      keyring,
      origin,
      issuer: openid.issuer,
      now: Date.now,
      ended: async () => false,
    });
    const other = { key: 'b'.repeat(64), email: 'bea@ville-de-montfictif.fr', siret: agent.siret };
    const [cookie = ''] = sessions.begin(other, undefined).split(';');
    const seenByOther = (path: string) => fetch(new URL(path, origin), { headers: { cookie } });
    const names: string[] = [];

    for (let round = 1; ; round += 1) {
      expect(round).toBeLessThan(maxRounds);
      const id = `service-${round}`;
      const name = `Agenda du quartier ${round}`;
      names.push(name);
      const form = {
        ...soundValues,
        csrf,
        id,
        name,
        'organization.siret': agent.siret,
        environment: 'integration',
        datapass: '',
        'contacts.technical': agent.email,
        redirect_uris: `https://quartier-${round}.montfictif.fr/retour`,
        post_logout_redirect_uris: '',
        action: 'send',
      };
      const send = (): Promise<BrowserPage | undefined> =>
        camille
          .open(new URL('/demande', origin), undefined, {
            method: 'POST',
            body: new URLSearchParams(form),
            headers: { origin },
          })
          .catch(() => undefined);
      const isSent = async (number: string): Promise<boolean> => {
        const page = await camille.open(new URL(`/demandes/${number}`, origin)).catch(() => undefined);
        return page?.status === 200 && !page.html.includes('En cours d’envoi');
      };

      await isIdle();
      const before = killedAt.size;
      armed = true;
      const first = await send();
      let number = first?.url.pathname.split('/').at(-1) ?? '';
      await waitUntil(
        async () => killedAt.size > before || (number !== '' && (await isSent(number))),
        patience,
      );
      armed = false;
      const wasKilled = killedAt.size > before;
      if (wasKilled) {
        await again();
        const pressed = await send();
        expect(pressed?.url.pathname, pressed?.html).toMatch(/^\/demandes\/\d+$/);
        // Where the first answer came, it was about the same request.
        if (number !== '') expect(pressed?.url.pathname).toBe(`/demandes/${number}`);
        number = pressed?.url.pathname.split('/').at(-1) ?? '';
      }
      expect(await waitUntil(() => isSent(number), patience), [...killedAt].at(-1)).toBe(true);
      const [pull, ...more] = pullsOf(id);
      expect([pull === undefined, more.length, branchesOf(id).length], [...killedAt].at(-1)).toEqual([
        false,
        0,
        1,
      ]);
      if (pull === undefined) return expect.fail();
      expect(registry.git.commitsBetween(pull.pull.baseSha, pull.pull.headSha)).toHaveLength(1);
      const hidden = await seenByOther(`/demandes/${number}`);
      expect(hidden.status).toBe(404);
      expect(await hidden.text()).toBe(await (await seenByOther('/demandes/99999')).text());
      if (!wasKilled) break;
    }
    expect(await (await seenByOther('/demandes')).text()).not.toContain('service-');
    // What sending is made of was found, and each of it was killed at.
    for (const route of [
      'POST /repos/{owner}/{repo}/git/trees',
      'POST /repos/{owner}/{repo}/git/commits',
      'POST /repos/{owner}/{repo}/git/refs',
      lastStep,
    ])
      for (const when of ['before', 'after']) expect([...killedAt]).toContain(`${when} ${route}`);

    github.webhooks.target = { url: `${origin}/api/github/webhooks`, secret: webhookSecret };
    const bob = github.user('bob');
    for (const pull of [...registry.issues.values()].filter(isPullRequest)) {
      await waitUntil(
        () => registry.checkRuns.some(({ headSha }) => headSha === pull.pull.headSha),
        patience,
      );
      bob.merge(registry, pull);
    }
    const clients = () => openid.clients().filter(({ client_name: name }) => names.includes(String(name)));
    expect(await waitUntil(() => clients().length >= names.length, 120_000)).toBe(true);
    await github.webhooks.settled();
    expect(
      clients()
        .map(({ client_name: name }) => name)
        .sort(),
    ).toEqual([...names].sort());
    expect(bot.log).not.toContain(agent.email);
  });
});
