/** A server with a front desk, for tests: what its forms send comes from its own pages unless a test says otherwise. */
import { pino } from 'pino';
import { createMetrics } from '#base/observability/metrics';
import type { FrontDeskOptions } from '#http/front-desk/front-desk';
import { type HttpServer, startHttpServer } from '#http/server';

export const origin = 'https://guichet.example.gouv.fr';

export interface DeskServer {
  readonly server: HttpServer;
  /** Every line of the log. */
  readonly lines: string[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, values: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
}

/** @param options its `origin` may be `own`: that of the server, for browsers */
export async function openDesk(options: Partial<FrontDeskOptions> | 'none' = {}): Promise<DeskServer> {
  const lines: string[] = [];
  const frontDesk = {
    origin,
    registry: async () => ({ url: 'https://github.com/exemple/registre', defaultBranch: 'main' }),
    provider: () => 'manual' as const,
    ...(options === 'none' ? {} : options),
  };
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    secrets: [],
    ready: async () => true,
    measure: async () => undefined,
    ...(options !== 'none' && { frontDesk }),
    schemas: new Map(),
    log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
    metrics: createMetrics(),
  });
  if (frontDesk.origin === 'own') frontDesk.origin = `http://127.0.0.1:${server.port}`;
  const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;
  return {
    server,
    lines,
    get: (path, headers = {}) => fetch(at(path), { headers, redirect: 'manual' }),
    post: (path, values, headers = {}) =>
      fetch(at(path), {
        method: 'POST',
        body: new URLSearchParams(values),
        headers: { origin, ...headers },
        redirect: 'manual',
      }),
  };
}

export const soundValues = {
  'organization.siret': '13002526500013',
  name: 'Agenda des associations',
  network: 'internet',
  environment: 'production',
  datapass: 'H4821',
  description: 'Gérer les agendas des associations',
  redirect_uris: 'https://agenda.montfictif.fr/oidc/callback',
  post_logout_redirect_uris: 'https://agenda.montfictif.fr/au-revoir',
  id_token_signed_response_alg: 'RS256',
  userinfo_signed_response_alg: 'RS256',
  private_sector: 'false',
  'contacts.support': 'aide@montfictif.fr',
  'contacts.technical': 'equipe-technique@montfictif.fr',
} as const;

/** Six faults, of which three can be corrected for sure. */
export const sixFaults = {
  ...soundValues,
  'organization.siret': '130 025 265 00013',
  name: 'Agenda # associations',
  datapass: '4821',
  redirect_uris: 'https://agenda.montfictif.fr/oidc/callback\nhttp://agenda.montfictif.fr/retour',
  'contacts.support': '',
  'contacts.technical': 'equipe-technique',
  post_logout_redirect_uris: '',
} as const;
