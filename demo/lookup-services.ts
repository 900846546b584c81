/**
 * The State's two directories, as far as a definition is checked against them: « Recherche d'entreprises » and
 * DataPass, answering for one invented commune and for everybody else that they know nothing.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An invented commune: its number is well formed, and nobody's. */
export const commune = {
  siret: '21999900000017',
  name: 'COMMUNE DE MONTFICTIF',
  habilitation: 'H4821',
} as const;

export interface LookupServices {
  /** Serves both, as `ENTREPRISES_URL` and `DATAPASS_URL`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  stop(): Promise<void>;
}

export async function startLookupServices(): Promise<LookupServices> {
  const credentials = { clientId: 'demo', clientSecret: 'demo-datapass-secret' };
  const server = createServer((request, response) => void respond(request, response, credentials));
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject).listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...credentials,
    async stop() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  credentials: { readonly clientId: string; readonly clientSecret: string },
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const reply = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const body = await text(request);
  if (url.pathname === '/search') reply(200, search(url.searchParams.get('q') ?? ''));
  else if (url.pathname === '/api/v1/oauth/token') {
    const form = new URLSearchParams(body);
    const known =
      form.get('client_id') === credentials.clientId &&
      form.get('client_secret') === credentials.clientSecret;
    if (known)
      reply(200, { access_token: token, token_type: 'Bearer', expires_in: 7200, created_at: 1_767_225_600 });
    else reply(401, { error: 'invalid_client' });
  } else if (request.headers.authorization !== `Bearer ${token}`)
    reply(401, { errors: [{ status: '401', title: 'Non autorisé' }] });
  else {
    const id = /^\/api\/v1\/habilitations\/H?(\d+)$/i.exec(url.pathname)?.[1] ?? '';
    const known = id in services || /^5\d{3}$/.test(id);
    if (known) reply(200, habilitation(id));
    else reply(404, { errors: [{ status: '404', title: 'Non trouvé' }] });
  }
}

const token = 'demo-datapass-token';

/** As `GET /search` of recherche-entreprises.api.gouv.fr answers. */
function search(query: string) {
  // By which `doctor` knows the directory: the State's digital service, of which nothing else is asked here.
  if (query === '13002526500013') return { results: [{ siren: query.slice(0, 9) }], total_results: 1 };
  const found = query === commune.siret || query === commune.siret.slice(0, 9);
  const place = {
    siret: commune.siret,
    etat_administratif: 'A',
    libelle_commune: 'MONTFICTIF',
    est_siege: true,
  };
  const results = [
    {
      siren: commune.siret.slice(0, 9),
      nom_complet: commune.name,
      nom_raison_sociale: commune.name,
      sigle: null,
      nature_juridique: '7210',
      etat_administratif: 'A',
      statut_diffusion: 'O',
      siege: place,
      matching_etablissements: [place],
      complements: { est_administration: true, est_association: false, est_entrepreneur_individuel: false },
    },
  ];
  return {
    results: found ? results : [],
    total_results: found ? 1 : 0,
    page: 1,
    per_page: 1,
    total_pages: found ? 1 : 0,
  };
}

/** What the commune has an habilitation for, by its number. Those from 5000 to 5999 are anybody's. */
const services: Readonly<Record<string, string>> = {
  '4821': 'Agenda des associations',
  '4822': 'Salles municipales',
};

/** As `GET /api/v1/habilitations/{id}` of DataPass answers, without the personal data that it also holds. */
const habilitation = (id: string) => ({
  id: Number(id),
  slug: 'production',
  revoked: false,
  state: 'active',
  created_at: '2026-03-02T09:00:00.000+01:00',
  authorization_request_class: 'AuthorizationRequest::ProConnectServiceProvider',
  definition_id: 'pro_connect_service_provider',
  request_id: 9917,
  organisation: id in services ? { id: 77, siret: commune.siret } : null,
  data: {
    intitule: services[id] ?? 'Service de démonstration',
    modalities: ['internet'],
    scopes: ['usual_name', 'given_name', 'email', 'siret'],
  },
});
