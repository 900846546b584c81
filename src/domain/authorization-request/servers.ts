/** Where applications are to send people: ProConnect's own servers (« Valeurs par domaine »), or another provider's. */
import { type CellName, cellNames } from '#base/config/cells';
import hosts from '#templates/proconnect-servers.json' with { type: 'json' };

/** A server to which authorization requests go. */
export interface AuthorizationServer {
  readonly issuer: string;
  readonly endpoint: URL;
}

/** ProConnect's server of a cell: it answers under `/api/v2/` and nowhere else (Y000404). */
export function proconnectServer(cell: CellName): AuthorizationServer {
  const issuer = `https://${hosts[cell]}/api/v2`;
  return { issuer, endpoint: new URL(`${issuer}/authorize`) };
}

/** The cell whose server a host is; undefined for any other host. */
export function cellOfHost(hostname: string): CellName | undefined {
  return cellNames.find((cell) => hosts[cell] === hostname);
}
