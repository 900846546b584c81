/** Where GitHub is: GitHub.com, with data residency, or a server of one's own. */
import type { Message } from '#base/i18n/message';
import { startupError } from './startup-errors.ts';

/** What is wrong with the name of a host, with what to write where that can be told. */
export function githubHostError(written: string): Message | undefined {
  const url = URL.parse(/^[a-z]+:\/\//i.test(written) ? written : `https://${written}`);
  const shown = written.replace(/[^/]*@/, '•••@');
  if (url === null || url.hostname === '' || /\s/.test(written))
    return startupError('ghe-host', { value: shown });
  const host = url.host.replace(/^api\.(?=[a-z0-9-]+\.ghe\.com$)/, '');
  if (/^(?:api\.|www\.)?github\.com$/.test(url.hostname))
    return startupError('ghe-host-github', { value: shown });
  return host === written.toLowerCase() ? undefined : startupError('ghe-host-write', { value: shown, host });
}

/**
 * The address of the API, from Probot's own variables.
 *
 * @param host `GHE_HOST`, such as `github.example.gouv.fr` or `ministere.ghe.com`
 * @param protocol `GHE_PROTOCOL`, `https` by default
 */
export function githubApiUrl(host: string | undefined, protocol: string | undefined): string | undefined {
  if (host === undefined) return undefined;
  // With data residency, the API has a name of its own (docs.github.com, « About GitHub Enterprise Cloud with data
  // residency »); what people see is at the host itself, as GitHub says in each answer.
  if (/^[a-z0-9-]+\.ghe\.com$/i.test(host)) return `https://api.${host}`;
  return `${protocol ?? 'https'}://${host}/api/v3`;
}

/** Where people see GitHub, without a slash at the end, by the address of its API (`githubApiUrl`). */
export function githubWebUrl(apiAddress: string | undefined): string {
  if (apiAddress === undefined) return 'https://github.com';
  return apiAddress
    .replace(/^https:\/\/api\.(?=[a-z0-9-]+\.ghe\.com$)/i, 'https://')
    .replace(/\/api\/v3$/, '');
}
