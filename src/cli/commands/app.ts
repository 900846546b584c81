/** `greffier app create`: makes the GitHub App by GitHub's manifest flow, and keeps its keys in files of the owner's own. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { githubApiUrl } from '#base/config/environment';
import { parseArguments } from '#cli/arguments';
import { messages } from '#cli/messages';
import { isFolder } from '#cli/registry/registry-folder';
import { type CliCommand, CliError, type Terminal } from '#cli/terminal';
import { type CreatedApp, convertManifest } from '#infrastructure/github/client/manifest-conversion';
import { startFlow } from '#main/create-app/flow';
import { type CreateAppKey, createAppTranslator } from '#main/create-app/words';
import en from '#templates/app-create.en.json' with { type: 'json' };
import fr from '#templates/app-create.fr.json' with { type: 'json' };

const files = {
  key: 'greffier.private-key.pem',
  environment: 'greffier.env',
  configuration: 'greffier.config.yaml',
};

export const command: CliCommand = {
  usage: 'create --public-url URL [--organization ORG] [--registry ORG/NAME] [--out DIR] [options]',
  help: {
    fr: `Crée la GitHub App de Greffier, avec les droits et les événements de app.yml : une page sur cette machine, un bouton,
une confirmation chez GitHub. Son numéro, sa clé, son secret et une première configuration sont écrits dans des fichiers
que vous seul pouvez lire ; rien n’est jamais remplacé. Pour un GitHub Enterprise Server : GHE_HOST.

  --public-url URL     l’adresse à laquelle GitHub joindra le service
  --organization ORG   l’organisation à qui sera l’App (par défaut : vous)
  --registry ORG/NOM   le registre, écrit dans la configuration
  --name NOM           le nom de l’App, unique chez GitHub (par défaut : Greffier ORG)
  --out DIR            le dossier des fichiers (par défaut : le dossier courant)
  --port N             le port de la page (par défaut : un port libre)

Code de sortie : 0 l’App est créée et ses clés écrites, 1 GitHub n’a pas donné les clés, 2 rien n’a été fait.
`,
    en: `Makes Greffier's GitHub App, with the permissions and events of app.yml: a page on this machine, a button, a
confirmation at GitHub. Its id, key, secret and a first configuration are written into files that only you can read;
nothing is ever replaced. For a GitHub Enterprise Server: GHE_HOST.

  --public-url URL     the address at which GitHub will reach the service
  --organization ORG   the organization that will own the App (default: you)
  --registry ORG/NAME  the registry, written into the configuration
  --name NAME          the name of the App, unique at GitHub (default: Greffier ORG)
  --out DIR            the folder of the files (default: the current one)
  --port N             the port of the page (default: a free one)

Exit code: 0 the App is made and its keys written, 1 GitHub did not give the keys, 2 nothing was done.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(
      args,
      {
        'public-url': 'value',
        organization: 'value',
        registry: 'value',
        name: 'value',
        out: 'value',
        port: 'value',
      },
      1,
    );
    if (given.positionals[0] !== 'create') throw wordsOf('action');
    const publicUrl = publicUrlOf(given.value('public-url'));
    const organization = given.value('organization');
    if (organization !== undefined && !/^[a-z\d](?:[a-z\d-]{0,38})$/i.test(organization))
      throw wordsOf('bad-organization', { organization });
    const registry = given.value('registry');
    if (registry !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(registry))
      throw wordsOf('bad-registry', { registry });
    const folder = resolve(terminal.folder, given.value('out') ?? '.');
    mustBeFree(folder);
    const port = Number(given.value('port') ?? 0);
    const api = githubApiUrl(
      process.env.GHE_HOST?.trim() || undefined,
      process.env.GHE_PROTOCOL?.trim() || undefined,
    );
    const t = createAppTranslator(terminal.language);
    const flow = await startFlow({
      language: terminal.language,
      // GitHub takes no longer name.
      name: (given.value('name') ?? ['Greffier', organization].filter(Boolean).join(' ')).slice(0, 34),
      publicUrl,
      github: api === undefined ? 'https://github.com' : api.replace(/\/api\/v3$/, ''),
      ...(organization === undefined ? {} : { organization }),
      folder,
      port,
      convert: (code) => convertManifest(fetch, api ?? 'https://api.github.com', code),
      keep: (app) => keep(folder, app, publicUrl, registry, terminal),
    }).catch((error: unknown) => {
      if (
        error instanceof Error &&
        'code' in error &&
        (error.code === 'EADDRINUSE' || error.code === 'EACCES')
      )
        throw wordsOf('port-taken', { port: String(port) });
      throw error;
    });
    terminal.out(`${t('open', { url: flow.url })}\n`);
    terminal.err(`${t('waiting')}\n`);
    try {
      const end = await flow.end;
      if (end.kind === 'too-late') throw wordsOf('too-late');
      if (end.kind === 'failed') {
        terminal.err(`${t('failed', { reason: end.reason })}\n`);
        return 1;
      }
      if (end.kind === 'not-kept') {
        terminal.err(`${t('write-failed', { name: end.app.name, path: folder, reason: end.reason })}\n`);
        return 1;
      }
      const { id, name, url } = end.app;
      const start = `set -a; . ${join(folder, files.environment)}; set +a; greffier serve`;
      terminal.out(
        `${[
          t('created', { name, id, files: Object.values(files).map((file) => join(folder, file)) }),
          t('next-install', { url: `${url}/installations/new` }),
          t('next-config', { path: join(folder, files.configuration) }),
          t('next-start', { command: start, doctor: 'greffier doctor' }),
        ].join('\n')}\n`,
      );
      return 0;
    } finally {
      flow.stop();
    }
  },
};

function wordsOf(key: CreateAppKey, values: Readonly<Record<string, string>> = {}): CliError {
  return new CliError({ fr: fr[key], en: en[key] }, values);
}

function publicUrlOf(written: string | undefined): string {
  if (written === undefined) throw wordsOf('needs-url');
  const url = URL.canParse(written) ? new URL(written) : undefined;
  // GitHub sends no webhooks to a loopback address; a local GitHub does.
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname);
  if (url === undefined || (url.protocol !== 'https:' && !isLocal) || url.search !== '' || url.hash !== '')
    throw wordsOf('bad-url', { url: written });
  return url.href.replace(/\/+$/, '');
}

/** Looked at before anything is asked of GitHub: keys that have no place would be lost. */
function mustBeFree(folder: string): void {
  if (!isFolder(folder)) throw new CliError(messages.noRoot, { path: folder });
  for (const file of Object.values(files))
    if (existsSync(join(folder, file))) throw wordsOf('exists', { path: join(folder, file) });
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw wordsOf('unwritable', { path: folder });
  }
}

/** @returns why not, by the system's code */
function keep(
  folder: string,
  app: CreatedApp,
  publicUrl: string,
  registry: string | undefined,
  terminal: Terminal,
): string | undefined {
  const t = createAppTranslator(terminal.language);
  const path = (file: string) => join(folder, file);
  const comment = (text: string) => `# ${text}`;
  const environment = [
    comment(t('env-intro', { command: `set -a; . ${path(files.environment)}; set +a` })),
    `APP_ID=${app.id}`,
    `PRIVATE_KEY_PATH=${quoted(path(files.key))}`,
    `WEBHOOK_SECRET=${quoted(app.webhookSecret.reveal())}`,
    comment(t('env-key')),
    `GREFFIER_KEY=${randomBytes(32).toString('base64')}`,
    `GREFFIER_CONFIG=${quoted(path(files.configuration))}`,
    `PUBLIC_URL=${quoted(publicUrl)}`,
    ...['GHE_HOST', 'GHE_PROTOCOL'].flatMap((name) => {
      const value = process.env[name]?.trim();
      return value === undefined || value === '' ? [] : [`${name}=${quoted(value)}`];
    }),
    comment(t('env-mail')),
    '# SMTP_URL=smtps://',
    '# MAIL_FROM=greffier@',
  ];
  const configuration = [
    comment(t('config-intro')),
    comment(t('config-registry')),
    registry === undefined ? '# registry: org/name' : `registry: ${registry}`,
    comment(t('config-cells')),
    '# cells:',
    '#   internet/production:',
    '#     provider: manual',
    '#     issuer: https://auth.agentconnect.gouv.fr/api/v2',
    '#   rie/integration:',
    '#     provider: registration',
    '#     issuer: https://idp.example.gouv.fr',
    `#     initial_access_token: \${IDP_TOKEN}`,
  ];
  try {
    const options = { flag: 'wx', mode: 0o600 } as const;
    writeFileSync(path(files.key), app.privateKey.reveal(), options);
    writeFileSync(path(files.environment), `${environment.join('\n')}\n`, options);
    writeFileSync(path(files.configuration), `${configuration.join('\n')}\n`, options);
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}

/** As a shell reads it, and other readers of such files where nothing needs quotes. */
function quoted(value: string): string {
  return /^[\w./:@+=,-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
