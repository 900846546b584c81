/** A directory of companies in which every SIRET is one of a public body in activity, until it is said to be closed. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Directory {
  /** As `ENTREPRISES_URL`. */
  readonly url: string;
  /** Establishments that are closed. */
  readonly closed: Set<string>;
  /** Whether it answers. */
  isDown: boolean;
  /** Establishments about which it says nothing until this is over. */
  readonly waits: Map<string, Promise<void>>;
  /** What was asked, in order. */
  readonly asked: string[];
  stop(): Promise<void>;
}

export async function startDirectory(): Promise<Directory> {
  const closed = new Set<string>();
  const asked: string[] = [];
  const waits = new Map<string, Promise<void>>();
  const server = createServer(async (request, response) => {
    const siret = new URL(request.url ?? '/', 'http://localhost').searchParams.get('q') ?? '';
    asked.push(siret);
    await waits.get(siret);
    if (directory.isDown) return void response.writeHead(503).end();
    const unit = {
      siren: siret.slice(0, 9),
      nom_complet: 'COMMUNE DE MONTFICTIF',
      nature_juridique: '7210',
      etat_administratif: 'A',
      complements: { est_administration: true },
      matching_etablissements: [{ siret, etat_administratif: closed.has(siret) ? 'F' : 'A' }],
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ results: [unit], total_results: 1 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const directory: Directory = {
    closed,
    waits,
    asked,
    isDown: false,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
  return directory;
}
