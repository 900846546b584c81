/**
 * GitHub's manifest flow for a new App: a form is posted to it, a person confirms on GitHub's own page, and is sent back with
 * a code, good once, for `POST /app-manifests/{code}/conversions`. The App of this GitHub is always the same one.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a person was asked to make. */
export interface PendingManifest {
  readonly name: string;
  /** Where its webhooks are to go. */
  readonly webhook: string;
  readonly redirectUrl: string;
  readonly state: string;
  /** Whose it is to be; the person's own when undefined. */
  readonly organization?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
  confirmed: boolean;
}

const formPath = /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/new$/;
const confirmPath = /^\/settings\/apps\/confirm\/([0-9a-f]+)$/;

/** @returns false when the request is none of the flow's */
export async function serveManifestFlow(
  manifests: Map<string, PendingManifest>,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  if (request.method !== 'POST') return false;
  const form = formPath.exec(url.pathname);
  if (form !== null) {
    const manifest = await manifestOf(request, url.searchParams.get('state') ?? '', form[1]);
    if (manifest === undefined) {
      response.writeHead(422).end('Invalid manifest');
      return true;
    }
    const code = randomBytes(20).toString('hex');
    manifests.set(code, manifest);
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(
        `<form method="post" action="/settings/apps/confirm/${code}"><button>Create GitHub App</button></form>`,
      );
    return true;
  }
  const code = confirmPath.exec(url.pathname)?.[1];
  const manifest = code === undefined ? undefined : manifests.get(code);
  if (code === undefined || manifest === undefined) return false;
  manifest.confirmed = true;
  const back = new URL(manifest.redirectUrl);
  back.searchParams.set('code', code);
  if (manifest.state !== '') back.searchParams.set('state', manifest.state);
  response.writeHead(302, { location: back.href }).end();
  return true;
}

async function manifestOf(
  request: IncomingMessage,
  state: string,
  organization: string | undefined,
): Promise<PendingManifest | undefined> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const text = new URLSearchParams(body).get('manifest');
  try {
    const manifest = JSON.parse(text ?? '') as {
      name: string;
      url: string;
      hook_attributes: { url: string };
      redirect_url: string;
      default_permissions: Record<string, string>;
      default_events: string[];
    };
    // What GitHub demands: a name, a home page, and addresses that are ones.
    for (const address of [manifest.url, manifest.hook_attributes.url, manifest.redirect_url])
      new URL(address);
    if (manifest.name === '' || manifest.name.length > 34) return undefined;
    return {
      name: manifest.name,
      webhook: manifest.hook_attributes.url,
      redirectUrl: manifest.redirect_url,
      state,
      permissions: manifest.default_permissions,
      events: manifest.default_events,
      ...(organization !== undefined && { organization: decodeURIComponent(organization) }),
      confirmed: false,
    };
  } catch {
    return undefined;
  }
}
