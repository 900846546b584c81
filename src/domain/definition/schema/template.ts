/** The file from which someone starts: every key of a cell, explained, with places to fill in. */
import { schemaModeline } from '#base/config/published-schema';
import type { Cell } from '#domain/definition/cell';
import { registrySchemaFromDefinition } from './schema-address.ts';
import { serviceProviderSchema } from './service-provider-schema.ts';

interface Described {
  readonly title?: string;
  readonly description?: string;
}

const width = 100;

/** A key's title and description as comment lines. */
function comment({ title = '', description = '' }: Described, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = `${title} :`;
  for (const word of description.split(' ')) {
    if (line.length + 1 + word.length + indent.length + 2 > width) {
      lines.push(line);
      line = word;
    } else line = `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}# ${one}`);
}

/** The template of a cell, in French. What stands between `<` and `>` is to be replaced. */
export function templateOf({ network, environment }: Cell): string {
  const { properties } = serviceProviderSchema;
  const inProduction = environment === 'production';
  const lines: string[] = [];
  const key = (described: Described, ...text: readonly string[]) => {
    lines.push('', ...comment(described, ''), ...text);
  };
  lines.push(
    schemaModeline(registrySchemaFromDefinition),
    `# Fournisseur de services ProConnect : réseau ${network}, environnement ${environment}.`,
    '# Remplacez ce qui est entre < et >. La commande « greffier validate » vérifie le fichier.',
  );
  key(properties.version, 'version: 1');
  key(properties.name, 'name: <nom du service>');
  key(properties.network, `network: ${network}`);
  key(properties.environment, `environment: ${environment}`);
  const { organization, contacts } = properties;
  key(
    organization,
    'organization:',
    ...comment(organization.properties.siret, '  '),
    '  siret: "<14 chiffres>"',
  );
  if (inProduction) {
    key(properties.datapass, 'datapass: <H et le numéro>');
    key(properties.description, 'description: <verbe à l’infinitif, puis ce que permet le service>');
  }
  key(
    contacts,
    'contacts:',
    ...comment(contacts.properties.technical, '  '),
    '  technical:',
    '    - <adresse e-mail>',
    ...comment(contacts.properties.support, '  '),
    `  ${inProduction ? '' : '# '}support: <adresse e-mail>`,
  );
  key(properties.redirect_uris, 'redirect_uris:', '  - <URL complète>');
  key(properties.post_logout_redirect_uris, 'post_logout_redirect_uris:', '  - <URL complète>');
  key(properties.id_token_signed_response_alg, 'id_token_signed_response_alg: RS256');
  key(properties.userinfo_signed_response_alg, 'userinfo_signed_response_alg: RS256');
  key(
    properties.optional_scopes,
    '# optional_scopes:',
    '#   - scope: <nom du scope>',
    '#     justification: <à quoi il vous servira>',
  );
  if (inProduction) key(properties.private_sector, 'private_sector: false');
  if (network === 'rie') key(properties.ip_addresses, 'ip_addresses:', '  - <adresse IP ou plage CIDR>');
  key(properties.owners, '# owners:', '#   - <identifiant GitHub>');
  return `${lines.join('\n')}\n`;
}
