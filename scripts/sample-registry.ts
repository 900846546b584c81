/** Writes registries of any size, made of definitions such as real ones: for measuring and for fuzzing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CellName, cellNames } from '#base/config/cells';
import { passesLuhn } from '#domain/definition/rules/siret/digits';

const verbs = ['Gérer', 'Suivre', 'Déposer', 'Consulter', 'Instruire', 'Réserver', 'Organiser', 'Partager'];
const things = [
  'les demandes',
  'les dossiers',
  'les congés',
  'les subventions',
  'les salles',
  'les formations',
];

/** A SIRET with a valid check digit (Luhn), of its own SIREN. */
function siretOf(index: number): string {
  const stem = `2${String(index).padStart(7, '0')}`;
  return withCheckDigit(`${withCheckDigit(stem)}0001`);
}

/** The digits with the one at their end that makes them valid. */
function withCheckDigit(digits: string): string {
  return [...'0123456789'].map((last) => digits + last).find(passesLuhn) ?? digits;
}

/** A valid definition: the same for the same index. */
export function sampleDefinition(index: number): { readonly path: string; readonly text: string } {
  const cell: CellName = cellNames[index % cellNames.length] ?? 'internet/production';
  const [network, environment] = cell.split('/');
  const id = `service-${index}`;
  const host = network === 'rie' ? `${id}.ville-${index}.rie.gouv.fr` : `${id}.commune-${index}.fr`;
  const lines = [
    `# Service numéro ${index}`,
    'version: 1',
    `name: Service numéro ${index} de la commune`,
    `network: ${network}`,
    `environment: ${environment}`,
    'organization:',
    `  siret: "${siretOf(index)}"`,
    ...(environment === 'production' ? [`datapass: H${index + 1}`] : []),
    `description: ${verbs[index % verbs.length]} ${things[index % things.length]} de la commune`,
    'contacts:',
    '  technical:',
    `    - equipe@${host}`,
    `  support: aide@${host}`,
    'redirect_uris:',
    `  - https://${host}/oidc/callback`,
    `  - https://www.${host}/oidc/callback?source=www`,
    'post_logout_redirect_uris:',
    `  - https://${host}/au-revoir`,
    'id_token_signed_response_alg: RS256',
    'userinfo_signed_response_alg: ES256',
    'optional_scopes:',
    '  - scope: organizational_unit',
    '    justification: Orienter les dossiers vers la bonne direction',
    ...(network === 'rie'
      ? ['ip_addresses:', `  - 10.${(index >> 8) % 256}.${index % 256}.${1 + (index % 200)}`]
      : []),
    ...(environment === 'production' ? ['private_sector: false'] : []),
    '',
  ];
  return { path: `service-providers/${cell}/${id}.yaml`, text: lines.join('\n') };
}

/** Writes a registry of `count` definitions. */
export function writeRegistry(root: string, count: number): void {
  for (const cell of cellNames) mkdirSync(join(root, 'service-providers', cell), { recursive: true });
  for (let index = 0; index < count; index++) {
    const { path, text } = sampleDefinition(index);
    writeFileSync(join(root, path), text);
  }
}
