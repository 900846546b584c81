/**
 * A whole service as its operator sees it: GitHub, three providers, public services and a mail server around it, one
 * story played once, then what its measures and its log say of it, and what they must not say.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfiguration } from '#base/config/config-file';
import { readEnvironment } from '#base/config/environment';
import { createLog } from '#base/observability/logger';
import { createMetrics } from '#base/observability/metrics';
import { definitionPath, faultyDefinition, goodDefinition } from '#demo/definitions';
import { type LocalGitHub, startLocalGitHub } from '#demo/github/local-github';
import type { PullRequest, Repository } from '#demo/github/state';
import { startLookupServices } from '#demo/lookup-services';
import { type Mailbox, startMailbox } from '#demo/mailbox';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from '#demo/openid-provider';
import { waitUntil as found } from '#demo/wait-until';
import { neededEvents, neededPermissions } from '#infrastructure/github/client/permissions';
import type { ServiceContext } from '#main/context';
import { buildHandlers } from '#main/handlers';
import { type Service, startService } from '#main/start';
import { serviceFile as definitionOf } from '../application/pull-requests/review-environment.ts';
import { engines, type Scratch } from '../infrastructure/database/engines.ts';
import {
  type PartnerApi,
  partnerSecret,
  startPartnerApi,
} from '../infrastructure/identity-providers/partner-api.ts';
import { patience } from '../patience.ts';

const root = join(import.meta.dirname, '../..');
const registryName = 'registre-fictif/proconnect';
const webhookSecret = 'canary-webhook-secret-0123456789';
const previousSecret = 'canary-previous-secret-0123456789';
const mailPassword = 'canary-mail-password';
const databasePassword = 'canary-database-password';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Prometheus's text format, as far as it is used here. */
function samplesOf(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = Array.from(labels.matchAll(/(\w+)="([^"]*)"/g), ([, key = '', text_ = '']) => [key, text_]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const seen = await found(look, patience);
  if (seen === undefined || seen === false) throw new Error(`It never came: ${look}`);
  return seen;
}

describe('a service that is watched', () => {
  const lines: string[] = [];
  const secrets = new Map<string, string>();
  let github: LocalGitHub;
  let registry: Repository;
  let mailbox: Mailbox;
  let openid: LocalOpenIdProvider;
  let partner: PartnerApi;
  let scratch: Scratch;
  let service: Service;
  let context: ServiceContext;
  let samples: readonly Sample[] = [];
  const stops: (() => Promise<void>)[] = [];

  const entries = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const address = () => `http://127.0.0.1:${service.port}`;
  const measured = async () => samplesOf(await (await fetch(`${address()}/metrics`)).text());

  beforeAll(async () => {
    const permissions = Object.fromEntries(
      Object.entries(neededPermissions).map(([name, { access }]) => [name, access]),
    );
    const state = await startLookupServices();
    [mailbox, openid, partner, scratch, github] = await Promise.all([
      startMailbox(0, { user: 'greffier', password: mailPassword }),
      startLocalOpenIdProvider(),
      startPartnerApi(),
      (engines.at(-1) ?? expect.fail()).scratch(),
      startLocalGitHub({ permissions, events: neededEvents }),
    ]);
    stops.push(
      () => state.stop(),
      () => mailbox.stop(),
      () => openid.stop(),
      () => partner.close(),
    );
    const key = randomBytes(32).toString('base64');
    const environment = {
      APP_ID: String(github.appId),
      PRIVATE_KEY: github.privateKey,
      WEBHOOK_SECRET: webhookSecret,
      WEBHOOK_SECRET_PREVIOUS: previousSecret,
      GHE_HOST: github.host,
      GHE_PROTOCOL: 'http',
      HOST: '127.0.0.1',
      PORT: '0',
      PUBLIC_URL: 'https://greffier.registre-fictif.fr',
      GREFFIER_KEY: key,
      SMTP_URL: mailbox.url,
      MAIL_FROM: 'greffier@registre-fictif.fr',
      ENTREPRISES_URL: state.url,
      DATAPASS_URL: state.url,
      DATAPASS_CLIENT_ID: state.clientId,
      DATAPASS_CLIENT_SECRET: state.clientSecret,
      PROCONNECT_SECRET: partnerSecret,
      IDP_TOKEN: openid.initialAccessToken,
      ...whereIs(scratch),
    };
    for (const [name, secret] of Object.entries({
      'the webhook secret': webhookSecret,
      'the previous webhook secret': previousSecret,
      'the password of the mail server': mailPassword,
      'the password of the database': databasePassword,
      'the key that seals': key,
      'the secret of DataPass': state.clientSecret,
      'the secret of the partner API': partnerSecret,
      'the initial access token': openid.initialAccessToken,
    }))
      secrets.set(name, secret);
    for (const [number, line] of github.privateKey.split('\n').entries())
      if (/^[A-Za-z0-9+/=]{16,}$/.test(line)) secrets.set(`line ${number} of the private key`, line);

    const settings = readEnvironment(environment);
    const configuration = readConfiguration(configurationText(), 'greffier.config.yaml', environment);
    if (!settings.ok || !configuration.ok) throw new Error(JSON.stringify([settings, configuration]));
    const started = await startService({
      settings: settings.config,
      configuration: configuration.configuration,
      version: 'test',
      log: createLog('trace', { write: (line: string) => lines.push(line) }),
      handlers: (given) => {
        context = given;
        return buildHandlers(given, 'test');
      },
    });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    service = started.service;
    github.createUser('camille');
    github.createUser('dominique');
    registry = github.createRepository(registryName, {
      files: { 'README.md': '# Registre\n' },
      collaborators: { dominique: 'write' },
    });
    await service.atWork;
    github.webhooks.target = { url: `${address()}/api/github/webhooks`, secret: webhookSecret };
    await until(() => lines.some((line) => line.includes('"swept"')));
    await play();
    samples = await measured();
  }, 120_000);

  afterAll(async () => {
    await service.stop(1000);
    await github.stop();
    for (const stop of stops) await stop();
    await scratch.remove();
  });

  function whereIs({ location }: Scratch): Record<string, string> {
    if (!('url' in location)) return { GREFFIER_DATA: location.folder };
    const url = new URL(location.url);
    // A server that trusts this machine takes any password; another one has its own.
    if (url.password === '') url.password = databasePassword;
    else secrets.set("the tests' own password of the database", url.password);
    return { DATABASE_URL: url.href };
  }

  function configurationText(): string {
    return `registry: ${registryName}
cells:
  internet/integration:
    provider: proconnect
    url: ${partner.url}
    secret: \${PROCONNECT_SECRET}
    identity_domain: registre-fictif.fr
    portal: https://partenaires.registre-fictif.fr/apps
    issuer: ${openid.issuer}
  internet/production:
    provider: registration
    issuer: ${openid.issuer}
    initial_access_token: \${IDP_TOKEN}
  rie/integration: { provider: manual }
sweep: 1d
`;
  }

  const check = (pull: PullRequest, conclusion: string) =>
    until(() =>
      registry.checkRuns.find((run) => run.headSha === pull.pull.headSha && run.conclusion === conclusion),
    );
  const told = (pull: PullRequest, words: string) =>
    until(() =>
      pull.comments.find(({ body }) => body.startsWith('<!-- greffier:provisioning') && body.includes(words)),
    );
  /** Waits until nothing is left to do. */
  async function settled(): Promise<void> {
    await github.webhooks.settled();
    await until(async () => {
      const { rows } = await sql`select id from jobs where state <> 'dead'`.execute(context.store.db);
      return rows.length === 0;
    });
  }

  async function play(): Promise<void> {
    const camille = github.user('camille');
    const dominique = github.user('dominique');
    // In production: faulty, corrected, approved, merged; the keys are taken; then the provider is changed.
    const pull = camille.openPullRequest(registry, {
      from: camille.fork(registry),
      branch: 'agenda',
      title: 'Agenda',
      files: { [definitionPath]: faultyDefinition },
    });
    await check(pull, 'failure');
    github.faults.injectDelivery('duplicate', { on: 'issue_comment' });
    camille.comment(registry, pull, '/greffier help');
    await settled();
    const fork = [...github.repositories()].find(({ parent }) => parent === registry) ?? expect.fail();
    camille.pushCommit(fork, 'agenda', { [definitionPath]: goodDefinition });
    await check(pull, 'action_required');
    dominique.approve(registry, pull);
    await check(pull, 'success');
    await settled();
    dominique.merge(registry, pull);
    await told(pull, 'client créé');
    const mail = await mailbox.waitFor(({ text }) => text.includes('/handover/'), patience);
    const token = /\/handover\/([\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? expect.fail('no mail came');
    secrets.set('the token of the one-time page', token);
    await fetch(`${address()}/handover/${token}`);
    const page = await (await fetch(`${address()}/handover/${token}`, { method: 'POST' })).text();
    expect(page).toContain(openid.secrets()[0]);
    // In integration, by ProConnect's partner API; on the RIE, by a person.
    const others = camille.openPullRequest(registry, {
      branch: 'autres',
      title: 'Autres',
      files: {
        ...definitionOf('carte'),
        ...definitionOf('guichet', 'rie/integration', '\nip_addresses:\n  - 100.64.12.7'),
      },
    });
    await until(() => registry.checkRuns.some(({ headSha }) => headSha === others.pull.headSha));
    dominique.approve(registry, others);
    await settled();
    dominique.merge(registry, others);
    await told(others, 'carte');
    await settled();
    const [client] = openid.clients();
    openid.tamper(String(client?.client_id), { client_name: 'Autre chose' });
    await context.jobs.enqueue([{ kind: 'sweep', payload: {} }], { request: 'sweep-test', news: false });
    await until(() => lines.some((line) => line.includes('"msg":"drift"')));
    await settled();
    // As another process would note it, whose configuration names another server.
    await sql`update cell_servers set asked = 'another' where cell = 'rie/integration'`.execute(
      context.store.db,
    );
    // Someone knocks who has no business here.
    await fetch(`${address()}/api/github/webhooks`, { method: 'POST', body: '{}' });
    // And one thing is left that waits since an hour, for another hour.
    await context.jobs.enqueue([{ kind: 'mail', payload: { id: 'none' } }], {
      request: 'late',
      since: new Date(Date.now() - 3_600_000),
      after: 3600,
    });
    for (const [number, secret] of [...openid.secrets()].entries())
      secrets.set(`client secret ${number}`, secret);
    for (const { key, client_secret } of partner.clients.values())
      secrets.set(`the secret of ${key}`, client_secret);
    for (const [number, one] of openid.managementTokens().entries())
      secrets.set(`management token ${number}`, one);
    for (const [number, one] of github.installationTokens().entries())
      secrets.set(`installation token ${number}`, one);
  }

  const sum = (name: string, labels: Readonly<Record<string, string>> = {}) =>
    samples
      .filter(
        (one) => one.name === name && Object.entries(labels).every(([key, is]) => one.labels[key] === is),
      )
      .reduce((total, { value }) => total + value, 0);

  describe('its measures', () => {
    const declared = createMetrics()
      .registry.getMetricsAsArray()
      .map((metric) => ({
        name: (metric as { name: string }).name,
        type: String((metric as { type: unknown }).type),
        labels: (metric as { labelNames?: readonly string[] }).labelNames ?? [],
      }))
      .filter(({ name }) => !/^greffier_(process|nodejs)_/.test(name));

    it('are all set by such a story: none is empty for ever', () => {
      expect(declared.length).toBeGreaterThan(10);
      // Of those, the tests of what cannot be judged, said (unjudged.test.ts) or sent (unsent-mails.test.ts).
      const troubles = ['greffier_unjudged_total', 'greffier_refused_total', 'greffier_mails_unsent'];
      // Of what settings ask for, and of themselves (freeze, ask-reviewers, live-checks, recertify and agreed-settings.test.ts).
      const settings = [
        'greffier_frozen',
        'greffier_reviewers_total',
        'greffier_live_objections',
        'greffier_settings_held',
        'greffier_recertifications',
      ];
      for (const { name, type } of declared.filter((one) => ![...troubles, ...settings].includes(one.name)))
        expect(sum(type === 'histogram' ? `${name}_count` : name), name).toBeGreaterThan(0);
    });

    it('count deliveries by what became of them', () => {
      const deliveries = (labels: Record<string, string>) => sum('greffier_deliveries_total', labels);
      expect(deliveries({ event: 'pull_request', outcome: 'accepted' })).toBeGreaterThanOrEqual(4);
      expect(deliveries({ event: 'issue_comment', outcome: 'repeated' })).toBe(1);
      expect(deliveries({ outcome: 'ignored' })).toBeGreaterThan(0);
      expect(deliveries({ outcome: 'refused' })).toBe(1);
      expect(deliveries({ outcome: 'failed' })).toBe(0);
    });

    it('count verdicts, and the time to each of them', () => {
      const verdicts = (verdict: string) => sum('greffier_reviews_total', { verdict });
      for (const verdict of ['failure', 'action_required', 'success']) {
        expect(verdicts(verdict), verdict).toBeGreaterThan(0);
        expect(verdicts(verdict), verdict).toBe(
          entries().filter(({ msg, conclusion }) => msg === 'judged' && conclusion === verdict).length,
        );
      }
      expect(sum('greffier_verdict_seconds_count')).toBe(sum('greffier_reviews_total'));
      const seconds = sum('greffier_verdict_seconds_sum');
      expect(seconds).toBeGreaterThan(0);
      expect(seconds / sum('greffier_verdict_seconds_count')).toBeLessThan(60);
    });

    it('count jobs, how long they took, and the age of the oldest one', () => {
      for (const kind of ['review', 'reconcile', 'sweep', 'command', 'mail'])
        expect(sum('greffier_jobs_total', { kind, outcome: 'done' }), kind).toBe(
          entries().filter((entry) => entry.msg === 'done' && entry.kind === kind).length,
        );
      expect(sum('greffier_job_seconds_count')).toBe(sum('greffier_jobs_total'));
      expect(sum('greffier_queue', { kind: 'mail', state: 'waiting' })).toBe(1);
      const age = sum('greffier_oldest_unprocessed_seconds');
      expect(age).toBeGreaterThanOrEqual(3600);
      expect(age).toBeLessThan(3900);
    });

    it('count calls to GitHub, and tell what is left of the hour', () => {
      const left = sum('greffier_github_calls_remaining');
      const counted = github.calls.calls.filter(({ by }) => by === 'installation').length;
      expect(left).toBe(5000 - counted);
      expect(sum('greffier_github_calls_total', { method: 'POST', status: '201' })).toBeGreaterThan(5);
    });

    it('tell the clients of each cell by their state, and those that drifted, from the store', async () => {
      const clients = (cell: string, state: string) => sum('greffier_clients', { cell, state });
      expect(clients('internet/production', 'active')).toBe(1);
      expect(clients('internet/integration', 'active')).toBe(1);
      expect(clients('rie/integration', 'begun')).toBe(1);
      const drift = samples.filter(({ name }) => name === 'greffier_drift');
      expect(Object.fromEntries(drift.map(({ labels, value }) => [labels.cell, value]))).toEqual({
        'internet/integration': 0,
        'internet/production': 1,
        'rie/integration': 0,
      });
      const changed = samples.filter(({ name }) => name === 'greffier_server_changed');
      expect(Object.fromEntries(changed.map(({ labels, value }) => [labels.cell, value]))).toEqual({
        'internet/integration': 0,
        'internet/production': 0,
        'rie/integration': 1,
      });
      // As another process would have noted it.
      await sql`update drift set clients = 0`.execute(context.store.db);
      samples = await measured();
      expect(sum('greffier_drift')).toBe(0);
    });

    const rules = parse(readFileSync(join(root, 'docs/operate/alerts.yml'), 'utf8')) as {
      groups: { rules: { alert: string; expr: string }[] }[];
    };
    const dashboard = JSON.parse(readFileSync(join(root, 'docs/operate/dashboard.json'), 'utf8')) as {
      panels: { title: string; targets: { expr: string; legendFormat: string }[] }[];
    };
    const queries = [
      ...rules.groups.flatMap((group) => group.rules.map(({ alert, expr }) => [alert, expr, ''] as const)),
      ...dashboard.panels.flatMap(({ title, targets }) =>
        targets.map(({ expr, legendFormat }) => [title, expr, legendFormat] as const),
      ),
    ];

    it.each(queries)('are all that « %s » of docs/operate asks for', (_title, expr, legend) => {
      const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
        .join('\n');
      const named = [...expr.matchAll(/\b(up|greffier_\w+)(?:\{([^}]*)\})?/g)];
      expect(named.length).toBeGreaterThan(0);
      const labels = new Set<string>(['le']);
      for (const [, name = '', selector = ''] of named) {
        if (name === 'up') continue;
        const metric = declared.find((one) =>
          one.type === 'histogram' ? name === `${one.name}_bucket` : name === one.name,
        );
        expect(metric, name).toBeDefined();
        for (const label of metric?.labels ?? []) labels.add(label);
        for (const [, label = '', value = ''] of selector.matchAll(/(\w+)\s*=~?\s*"([^"]*)"/g)) {
          expect(metric?.labels).toContain(label);
          expect(source).toContain(`'${value}'`);
        }
      }
      const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/,\s*/));
      const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
      for (const label of [...grouped, ...shown]) expect(labels).toContain(label);
      for (const label of shown) expect(grouped).toContain(label);
    });

    it('are each on the page for operators, with its labels, and in an alert or on the dashboard', () => {
      const page = readFileSync(join(root, 'docs/operate.md'), 'utf8');
      const table = page.slice(page.indexOf('### What is measured'));
      const documented = [...table.matchAll(/`(greffier_\w+)(?:\{([^}]*)\})?`/g)].map(
        ([, name = '', labels = '']) => [name, labels.split(',').filter((label) => label !== '')],
      );
      for (const { name, labels } of declared) expect(documented).toContainEqual([name, labels]);
      const asked = queries.map(([, expr]) => expr).join('\n');
      for (const { name } of declared) expect(asked, name).toContain(name);
    });

    it('have an alert for each row of the page for operators, and a row for each alert', () => {
      const page = readFileSync(join(root, 'docs/operate.md'), 'utf8');
      const rows = [...page.matchAll(/^\| (Greffier\w+) \|/gm)].map(([, name]) => name);
      expect(rows.sort()).toEqual(
        rules.groups.flatMap((group) => group.rules.map(({ alert }) => alert)).sort(),
      );
    });
  });

  describe('its log', () => {
    it('follows the merge from its delivery to the client, the comment, the deployment and the mail', () => {
      const pushes = entries().filter(({ msg, event }) => msg === 'delivery' && event === 'push');
      const [told_] = pushes
        .map(({ request }) => entries().filter((entry) => entry.request === request))
        .filter((all) => all.some(({ msg }) => msg === 'provisioned'));
      const seen = told_ ?? expect.fail('no delivery led to a client');
      expect(seen).toContainEqual(
        expect.objectContaining({ msg: 'provisioned', action: 'create', kind: 'reconcile' }),
      );
      const writes = seen.filter(({ msg, method }) => msg === 'GitHub answered' && method === 'POST');
      expect(writes.map(({ route }) => route)).toEqual(
        expect.arrayContaining([
          '/repositories/{repository_id}/issues/{issue_number}/comments',
          '/repositories/{repository_id}/deployments',
        ]),
      );
      for (const { github: id } of writes) expect(id).toMatch(/^[0-9a-f-]{36}$/);
      expect(seen).toContainEqual(expect.objectContaining({ msg: 'done', kind: 'mail' }));
    });

    it('names the request in every line, but for those of the process itself', () => {
      const own = /^(at work|stopped|a delivery was refused)$/;
      const begun = entries().findIndex(({ msg }) => msg === 'at work');
      const bare = entries()
        .slice(begun)
        .filter(({ request, msg }) => request === undefined && !own.test(String(msg)));
      expect(bare).toEqual([]);
    });

    it('has no secret in it, at the most talkative level', () => {
      expect(secrets.size).toBeGreaterThan(20);
      for (const [what, secret] of secrets) {
        expect(secret.length, what).toBeGreaterThan(10);
        expect(
          lines.find((line) => line.includes(secret) || line.includes(encodeURIComponent(secret))),
          what,
        ).toBeUndefined();
      }
      expect(lines.join('\n')).not.toMatch(/ghs_|Bearer|eyJ|PRIVATE KEY/);
    });
  });
});
