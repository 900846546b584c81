/** `greffier try URL`: asks an application for its sign-in, and says what ProConnect would refuse of its request. */
import { resolve } from 'node:path';
import { type CellName, cellNames } from '#base/config/cells';
import { parseJson, textAt } from '#base/json';
import { parseArguments } from '#cli/arguments';
import { messages } from '#cli/messages';
import { isFolder } from '#cli/registry/registry-folder';
import { type CliCommand, CliError, type Terminal } from '#cli/terminal';
import { definitionOfRedirectUri, namedDefinition } from '#cli/try/find-definition';
import { jsonReport, stoppedReport, textReport } from '#cli/try/report';
import { isProconnectHost, judgeRequest } from '#domain/authorization-request/judge-request';
import { tryTranslator } from '#domain/authorization-request/messages';
import { parameterOf } from '#domain/authorization-request/read-request';
import {
  type AuthorizationServer,
  cellOfHost,
  proconnectServer,
} from '#domain/authorization-request/servers';
import { openidConfigurationUrl } from '#domain/provisioning/issuer';
import { type Guard, guardedRequest } from '#infrastructure/application-visit/guarded-request';
import { visitApplication } from '#infrastructure/application-visit/visit';

const options = {
  definition: 'value',
  root: 'value',
  cell: 'value',
  issuer: 'value',
  'client-id': 'value',
  'login-path': 'value',
  'allow-host': 'values',
  'allow-private': 'switch',
  format: 'value',
} as const;

export const command: CliCommand = {
  usage: 'URL [--definition FILE] [--root DIR] [--format text|json] [options]',
  help: {
    fr: `Essaie l’application elle-même : demande sa page de connexion, lit la demande qu’elle envoie à ProConnect, et dit ce
que ProConnect refuserait (serveur, client_id, adresse de retour au caractère près, scopes, state, nonce…), sans
connecter personne. La demande est lue, et n’est jamais envoyée.

URL est la page où l’on se connecte, ou une page qui a un bouton ProConnect.

  --definition FICHIER   la définition de l’application ; sans elle, celle du registre qui a l’adresse de retour
  --root DIR             dossier du registre (par défaut : le dossier courant, s’il en est un)
  --cell RÉSEAU/ENV      la cellule, quand il n’y a pas de définition
  --issuer URL           un autre fournisseur OpenID que ProConnect
  --client-id ID         l’identifiant que l’application doit envoyer
  --login-path CHEMIN    l’adresse qui lance la connexion, quand aucun bouton n’est reconnu
  --allow-host HÔTE      un autre serveur de l’application (un Keycloak…) ; peut être répété
  --allow-private        accepte les adresses privées (localhost, réseau interne, RIE)
  --format text|json

Code de sortie : 0 rien n’est refusé, 1 ProConnect refuserait, 2 l’essai n’a pas pu se faire.
`,
    en: `Tries the application itself: asks its sign-in page, reads the request that it sends to ProConnect, and says what
ProConnect would refuse (server, client_id, redirect URI to the character, scopes, state, nonce…), without signing
anyone in. The request is read, and never sent.

URL is the page where one signs in, or a page with a ProConnect button.

  --definition FILE      the definition of the application; without it, that of the registry with the redirect URI
  --root DIR             folder of the registry (default: the current one, if it is one)
  --cell NETWORK/ENV     the cell, when there is no definition
  --issuer URL           another OpenID provider than ProConnect
  --client-id ID         the id that the application is to send
  --login-path PATH      the address that starts the sign-in, when no button is recognised
  --allow-host HOST      another server of the application (a Keycloak…); may be repeated
  --allow-private        accepts private addresses (localhost, an internal network, the RIE)
  --format text|json

Exit code: 0 nothing is refused, 1 ProConnect would refuse, 2 the trial could not be made.
`,
  },
  async run(args, terminal) {
    const given = parseArguments(args, options, 1);
    const format = given.choice('format', ['text', 'json']);
    const [url = ''] = given.positionals;
    const t = tryTranslator(terminal.language);
    const start = startOf(url, given.value('login-path'));
    if (start === undefined) return cannot(terminal, t('bad-address', { url }));
    const written = given.value('cell');
    if (written !== undefined && !isCell(written)) return cannot(terminal, t('cell', { value: written }));
    const root = resolve(terminal.folder, given.value('root') ?? '.');
    if (!isFolder(root)) throw new CliError(messages.noRoot, { path: given.value('root') ?? root });
    const file = given.value('definition');
    const named = file === undefined ? undefined : namedDefinition(terminal.folder, file);
    if (file !== undefined && named === undefined)
      return cannot(terminal, t('definition-faulty', { path: file }));

    const guard: Guard = { allowPrivate: given.has('allow-private') };
    /** The reason for people, and the whole for programs where they asked. */
    const stopped = (message: string, reason: string, steps: readonly string[]) => {
      if (format === 'json') terminal.out(stoppedReport({ steps, reason, message }));
      return cannot(terminal, message, steps);
    };
    const issuer = given.value('issuer');
    const other = issuer === undefined ? undefined : await discover(issuer, guard, t);
    if (typeof other === 'string') return cannot(terminal, other);
    const visit = await visitApplication({
      ...guard,
      start,
      hosts: given.values('allow-host'),
      isProvider: (target) =>
        other === undefined ? isProconnectHost(target.hostname) : target.host === other.endpoint.host,
    });
    if (visit.outcome.kind === 'stopped')
      return stopped(t(visit.outcome.message, visit.outcome.values), visit.outcome.message, visit.steps);

    const { request } = visit.outcome;
    const asked = cellOfHost(request.endpoint.hostname);
    const found =
      named ??
      definitionOfRedirectUri(
        root,
        parameterOf(request, 'redirect_uri') ?? '',
        isCell(written) ? written : asked,
      );
    const cell = found?.cell ?? (isCell(written) ? written : asked);
    const server = other ?? (cell === undefined ? undefined : proconnectServer(cell));
    if (server === undefined)
      return stopped(t('needs-cell', { endpoint: request.endpoint.href }), 'needs-cell', visit.steps);
    const clientId = given.value('client-id');
    const findings = judgeRequest(request, {
      server,
      ...(other === undefined && cell !== undefined ? { cell } : {}),
      ...(found === undefined ? {} : { definition: found.definition }),
      ...(clientId === undefined ? {} : { clientId }),
    });
    const result = {
      request,
      steps: visit.steps,
      findings,
      issuer: server.issuer,
      ...(other === undefined && cell !== undefined ? { cell } : {}),
      ...(found === undefined ? {} : { found }),
    };
    terminal.out(format === 'json' ? jsonReport(result, terminal.language) : textReport(result, terminal));
    return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};

function isCell(text: string | undefined): text is CellName {
  return cellNames.some((cell) => cell === text);
}

/** Where to begin; undefined for what is no address of the web. */
function startOf(url: string, path: string | undefined): URL | undefined {
  if (!URL.canParse(url)) return undefined;
  const base = new URL(url);
  if (base.protocol !== 'http:' && base.protocol !== 'https:') return undefined;
  if (path === undefined) return base;
  return URL.canParse(path, base.href) ? new URL(path, base) : undefined;
}

/** Says why nothing could be judged, and which way was gone until there. */
function cannot(terminal: Terminal, reason: string, steps: readonly string[] = []): number {
  terminal.err(`${[...steps.map((step) => `→ ${step}`), reason].join('\n')}\n`);
  return 2;
}

/** @returns the server that an issuer describes (OpenID Connect Discovery 1.0 §4); a sentence when it does not */
async function discover(
  issuer: string,
  guard: Guard,
  t: ReturnType<typeof tryTranslator>,
): Promise<AuthorizationServer | string> {
  if (!URL.canParse(issuer)) return t('bad-address', { url: issuer });
  const url = new URL(openidConfigurationUrl(issuer));
  const answer = await guardedRequest({ url }, guard);
  if (!answer.ok) return t(answer.message, answer.values);
  const endpoint = textAt(parseJson(answer.value.text), 'authorization_endpoint');
  if (answer.value.status !== 200 || endpoint === undefined || !URL.canParse(endpoint))
    return t('discovery', { issuer, url: url.href, reason: `HTTP ${answer.value.status}` });
  return { issuer, endpoint: new URL(endpoint) };
}
