/** `greffier app create`: makes the GitHub App by GitHub's manifest flow, and keeps its keys in files of the owner's own. */
import { resolve } from 'node:path';
import { readGitHubAddress } from '#base/config/environment';
import { githubWebUrl } from '#base/config/github-address';
import { startupErrorText } from '#base/config/startup-errors';
import { trusted } from '#base/i18n/translator';
import { asTyped } from '#base/invocation';
import { appFiles, keepApp, mustBeFree, withEnvironment } from '#cli/app/files';
import { appOwner } from '#cli/app/owner';
import { createAppError } from '#cli/app/words';
import { parseArguments } from '#cli/arguments';
import type { CliCommand } from '#cli/terminal';
import { accountKind } from '#infrastructure/github/client/account-kind';
import { installationPageOf } from '#infrastructure/github/client/installation';
import { convertManifest } from '#infrastructure/github/client/manifest-conversion';
import { prepareOutgoing } from '#infrastructure/http-client/outgoing';
import { startFlow } from '#main/create-app/flow';
import { ownerSentences } from '#main/create-app/owner';
import { createAppTranslator } from '#main/create-app/words';

export const command: CliCommand = {
  usage:
    'create --public-url URL --registry OWNER/NAME [--organization ORG | --personal] [--out DIR] [options]',
  help: {
    fr: `Crée la GitHub App de Greffier, avec les droits et les événements de app.yml : une page sur cette machine, un bouton,
une confirmation chez GitHub. Son numéro, sa clé, son secret et une première configuration sont écrits dans des fichiers
que vous seul pouvez lire ; rien n’est jamais remplacé. L’App est à qui est le registre : GitHub ne l’installe que sur les
dépôts de son propriétaire. Pour un GitHub Enterprise Server : GHE_HOST (et GHE_PROTOCOL=http s’il n’a pas de certificat).

  --public-url URL     l’adresse à laquelle GitHub joindra le service
  --registry COMPTE/NOM  le registre, écrit dans la configuration : l’App est à ce compte, personne ou organisation
  --organization ORG   l’organisation à qui sera l’App, quand ce n’est pas celle du registre
  --personal           l’App sera à vous, et non à l’organisation du registre
  --name NOM           le nom de l’App, unique chez GitHub (par défaut : Greffier ORG)
  --out DIR            le dossier des fichiers (par défaut : le dossier courant)
  --port N             le port de la page (par défaut : un port libre)

Code de sortie : 0 l’App est créée et ses clés écrites, 1 GitHub n’a pas donné les clés, 2 rien n’a été fait.
`,
    en: `Makes Greffier's GitHub App, with the permissions and events of app.yml: a page on this machine, a button, a
confirmation at GitHub. Its id, key, secret and a first configuration are written into files that only you can read;
nothing is ever replaced. The App belongs to whom the registry belongs: GitHub installs it on its owner's repositories
only. For a GitHub Enterprise Server: GHE_HOST (and GHE_PROTOCOL=http if it has no certificate).

  --public-url URL     the address at which GitHub will reach the service
  --registry OWNER/NAME  the registry, written into the configuration: the App is this account's, person or organization
  --organization ORG   the organization that will own the App, when it is not the registry's
  --personal           the App will be yours, and not the registry's organization's
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
        personal: 'switch',
        registry: 'value',
        name: 'value',
        out: 'value',
        port: 'value',
      },
      1,
    );
    if (given.positionals[0] !== 'create') throw createAppError('action');
    const publicUrl = publicUrlOf(given.value('public-url'));
    const registry = given.value('registry');
    if (registry !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(registry))
      throw createAppError('bad-registry', { registry });
    const folder = resolve(terminal.folder, given.value('out') ?? '.');
    mustBeFree(folder);
    const port = portOf(given.value('port'));
    const there = readGitHubAddress(process.env);
    if (!there.ok) {
      for (const error of there.errors) terminal.err(`${startupErrorText(error, terminal.language)}\n`);
      return 2;
    }
    prepareOutgoing();
    const api = there.apiAddress ?? 'https://api.github.com';
    const github = githubWebUrl(there.apiAddress);
    const owner = await appOwner(given, registry, (name) => accountKind(fetch, api, name));
    const t = createAppTranslator(terminal.language);
    const suffix = owner.kind === 'organization' ? owner.login : undefined;
    const flow = await startFlow({
      language: terminal.language,
      // GitHub takes no longer name.
      name: (given.value('name') ?? ['Greffier', suffix].filter(Boolean).join(' ')).slice(0, 34),
      publicUrl,
      github,
      owner,
      registry,
      folder,
      port,
      convert: (code) => convertManifest(fetch, api, code),
      keep: (app) => keepApp(folder, app, { publicUrl, registry }, terminal.language),
    }).catch((error: unknown) => {
      if (
        error instanceof Error &&
        'code' in error &&
        (error.code === 'EADDRINUSE' || error.code === 'EACCES')
      )
        throw createAppError('port-taken', { port: String(port) });
      throw error;
    });
    for (const sentence of ownerSentences(t, owner, new URL(github).host, registry))
      terminal.out(`${sentence}\n`);
    terminal.out(`${t('open', { url: trusted(flow.url) })}\n`);
    terminal.err(`${t('waiting')}\n`);
    try {
      const end = await flow.end;
      if (end.kind === 'too-late') throw createAppError('too-late');
      if (end.kind === 'failed') {
        terminal.err(`${t('failed', { reason: end.reason })}\n`);
        return 1;
      }
      if (end.kind === 'not-kept') {
        terminal.err(`${t('write-failed', { name: end.app.name, path: folder, reason: end.reason })}\n`);
        return 1;
      }
      const { id, name, url } = end.app;
      const files = appFiles(folder);
      const start = `${withEnvironment(folder)}; ${asTyped('greffier serve')}`;
      terminal.out(
        `${[
          t('created', { name, id, files: Object.values(files) }),
          t('next-install', { url: installationPageOf(url) }),
          t('next-config', { path: files.configuration }),
          t('next-start', { command: start, doctor: asTyped('greffier doctor') }),
        ].join('\n')}\n`,
      );
      return 0;
    } finally {
      flow.stop();
    }
  },
};

function publicUrlOf(written: string | undefined): string {
  if (written === undefined) throw createAppError('needs-url');
  const url = URL.canParse(written) ? new URL(written) : undefined;
  // GitHub sends no webhooks to a loopback address; a local GitHub does.
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname);
  if (url === undefined || (url.protocol !== 'https:' && !isLocal) || url.search !== '' || url.hash !== '')
    throw createAppError('bad-url', { url: written });
  return url.href.replace(/\/+$/, '');
}

/** @returns 0, any free one, when it is not said */
function portOf(written: string | undefined): number {
  const port = Number(written ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw createAppError('bad-port', { port: written ?? '' });
  return port;
}
