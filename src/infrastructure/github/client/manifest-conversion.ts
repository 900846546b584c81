/** From the code that GitHub gives at the end of its manifest flow to the App's keys (POST /app-manifests/{code}/conversions). */
import { Secret } from '#base/config/secret';
import { parseJson, textAt, valueAt } from '#base/json';
import { readBoundedText } from '#infrastructure/http-client/bounded-body';
import type { Fetch } from '#infrastructure/http-client/fetch';

export interface CreatedApp {
  readonly id: number;
  readonly name: string;
  /** Its page at GitHub. */
  readonly url: string;
  readonly privateKey: Secret;
  readonly webhookSecret: Secret;
}

const timeoutMs = 20_000;
const maxAnswer = 200_000;

/**
 * A code is good once.
 *
 * @param api address of the REST API
 * @returns why there are no keys: a status, or what the network said
 */
export async function convertManifest(
  fetcher: Fetch,
  api: string,
  code: string,
): Promise<CreatedApp | { readonly reason: string }> {
  const url = new URL(`${api.replace(/\/$/, '')}/app-manifests/${encodeURIComponent(code)}/conversions`);
  try {
    const response = await fetcher(url, {
      method: 'POST',
      headers: { accept: 'application/vnd.github+json', 'user-agent': 'Greffier' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = parseJson((await readBoundedText(response.body, maxAnswer)) ?? '');
    if (response.status !== 201) return { reason: `HTTP ${response.status}` };
    const id = valueAt(body, 'id');
    const pem = textAt(body, 'pem');
    const secret = textAt(body, 'webhook_secret');
    const page = textAt(body, 'html_url');
    if (typeof id !== 'number' || pem === undefined || secret === undefined || page === undefined)
      return { reason: 'HTTP 201, without keys' };
    const name = textAt(body, 'name') ?? '';
    return { id, name, url: page, privateKey: new Secret(pem), webhookSecret: new Secret(secret) };
  } catch (error) {
    return { reason: error instanceof Error ? error.name : 'unknown' };
  }
}
