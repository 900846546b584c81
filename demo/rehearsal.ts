/**
 * `npm run demo -- --setup`: everything that stands around an installation, on this machine, and nothing installed. Whoever is
 * to run Greffier goes through docs/operate.md there, from `app create` to the first keys, without an account anywhere.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language } from '#base/i18n/message';
import { startApplication } from './application.ts';
import { freePort } from './bot-process.ts';
import { askedByManifest, cellsText, registryName } from './environment.ts';
import { type LocalGitHub, startLocalGitHub } from './github/local-github.ts';
import type { Repository } from './github/state.ts';
import type { GitHubUser } from './github/user.ts';
import type { LocalPages } from './local-pages.ts';
import { type LookupServices, startLookupServices } from './lookup-services.ts';
import { startMailPages } from './mail-pages.ts';
import { type Mailbox, startMailbox } from './mailbox.ts';
import type { DemoMessage, demoTranslator } from './messages.ts';
import { nextSteps } from './next-steps.ts';
import { type LocalOpenIdProvider, startLocalOpenIdProvider } from './openid-provider.ts';
import { agent, operator } from './people.ts';
import type { Presenter } from './presenter/presenter.ts';

export interface Rehearsal {
  readonly github: LocalGitHub;
  /** A copy of `templates/registry`, whose branch is protected already; the App is not installed on it. */
  readonly registry: Repository;
  readonly applicant: GitHubUser;
  readonly fork: Repository;
  readonly mailbox: Mailbox;
  readonly mailPages: LocalPages;
  readonly lookups: LookupServices;
  readonly production: LocalOpenIdProvider;
  readonly integration: LocalOpenIdProvider;
  readonly application: LocalPages;
  /** Where Greffier is to listen. */
  readonly port: number;
  stop(): Promise<void>;
}

export async function startRehearsal(language: Language): Promise<Rehearsal> {
  const people = [agent, operator];
  const [mailbox, lookups, production, integration, port] = await Promise.all([
    startMailbox(),
    startLookupServices(),
    startLocalOpenIdProvider({ language, people }),
    startLocalOpenIdProvider({ language, people }),
    freePort(),
  ]);
  const [mailPages, application, github] = await Promise.all([
    startMailPages(mailbox, language),
    startApplication(
      [
        { environment: 'integration', issuer: integration.issuer },
        { environment: 'production', issuer: production.issuer },
      ],
      language,
    ),
    startLocalGitHub({ ...askedByManifest(), language }),
  ]);
  const applicant = github.createUser('sacha', 'Sacha Lambert');
  const reviewer = github.createUser('dominique', 'Dominique Petit');
  const registry = github.createRepository(registryName, {
    files: newRegistry(),
    collaborators: { [reviewer.login]: 'admin' },
    installed: false,
  });
  registry.requiredChecks.push({ context: 'greffier', appId: github.appId });
  const servers = [github, mailbox, mailPages, production, integration, application, lookups];
  return {
    github,
    registry,
    applicant,
    fork: applicant.fork(registry),
    mailbox,
    mailPages,
    lookups,
    production,
    integration,
    application,
    port,
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

function newRegistry(): Record<string, string> {
  const folder = fileURLToPath(new URL('../templates/registry', import.meta.url));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(folder, path), readFileSync(path, 'utf8')];
    }),
  );
}

/** Made in the folder of Greffier for all that is written, so that another rehearsal begins with nothing again. */
const own = 'essai';
const inEnvironment = `set -a; . ${own}/greffier.env; set +a;`;

/** Shell commands that work as they are printed, in the folder of Greffier. */
export function rehearsalSteps(
  of: Rehearsal,
): Readonly<Record<'create' | 'complete' | 'start' | 'look' | 'push' | 'open', string>> {
  const { push, open } = nextSteps(of);
  const { github, port, integration, production, lookups } = of;
  return {
    create: `mkdir ${own} && GHE_HOST=${github.host} GHE_PROTOCOL=http npx greffier app create --public-url http://127.0.0.1:${port} --registry ${registryName} --out ${own}`,
    complete: `cat >> ${own}/greffier.env <<'FIN' && cat >> ${own}/greffier.config.yaml <<'FIN'
HOST=127.0.0.1
PORT=${port}
SMTP_URL=${of.mailbox.url}
MAIL_FROM=greffier@registre-fictif.fr
INTEGRATION_TOKEN=${integration.initialAccessToken}
PRODUCTION_TOKEN=${production.initialAccessToken}
DATAPASS_URL=${lookups.url}
DATAPASS_CLIENT_ID=${lookups.clientId}
DATAPASS_CLIENT_SECRET=${lookups.clientSecret}
ENTREPRISES_URL=${lookups.url}
FIN
${cellsText({ integration: integration.issuer, production: production.issuer })}
FIN`,
    start: `${inEnvironment} npm run serve`,
    look: `${inEnvironment} npx greffier doctor`,
    push: `cd ${own} && ${push}`,
    open,
  };
}

export function showRehearsal(
  of: Rehearsal,
  presenter: Presenter,
  t: ReturnType<typeof demoTranslator>,
): void {
  const { create, complete, start, look, push, open } = rehearsalSteps(of);
  const steps: readonly (readonly [DemoMessage, ...string[]])[] = [
    ['setupCreate', create],
    ['setupComplete', complete],
    ['setupStart', start],
    ['setupLook', look],
    ['setupFirst', push, open],
    ['setupKeys'],
  ];
  presenter.line();
  presenter.narrate(presenter.styler.style(t('setup'), 'bold'));
  for (const [name, address] of [
    ['addressRegistry', `${of.github.url}/${registryName}`],
    ['addressMail', `${of.mailPages.url}/`],
    ['addressApplication', `${of.application.url}/`],
  ] as const)
    presenter.line(`  ${t(name)}${t('colon')}${address}`);
  for (const [index, [what, ...commands]] of steps.entries()) {
    presenter.line();
    presenter.narrate(`${index + 1}. ${t(what)}`);
    for (const command of commands) {
      presenter.line();
      presenter.line(command);
    }
  }
  presenter.narrate(t('turnProduction'));
  presenter.line();
}
