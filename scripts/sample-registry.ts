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

/** A part of a definition: the lines of one key of the root, from its name on. */
type Part = readonly string[];

function partsOf(lines: readonly string[]): readonly Part[] {
  const parts: string[][] = [];
  for (const line of lines) {
    if (/^[a-z]/.test(line)) parts.push([line]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

/** How people lay a definition out. */
const plainManners: readonly ((parts: readonly Part[]) => string)[] = [
  (parts) => joined(parts),
  // Lists at the column of their key.
  (parts) =>
    joined(
      parts.map((part) =>
        part[1]?.startsWith('  - ') ? part.map((line) => line.replace(/^ {2}/, '')) : part,
      ),
    ),
  // Four columns a level.
  (parts) =>
    joined(
      parts.map((part) =>
        part.map((line) =>
          line.replace(/^ +(?=\S)/, (space) =>
            ' '.repeat(space.length * 2 - (line.includes('justification:') ? 2 : 0)),
          ),
        ),
      ),
    ),
  // A blank line and a comment before each part.
  (parts) => joined(parts.map((part) => ['', `# ${part[0]?.split(':')[0]}`, ...part])),
  // Comments behind values.
  (parts) =>
    joined(
      parts.map((part) => part.map((line, at) => (at === 0 && !line.endsWith(':') ? `${line}  # vu` : line))),
    ),
  // Values in quotes.
  (parts) =>
    joined(
      parts.map((part) => part.map((line) => line.replace(/: (?!true|false)([A-Za-zÀ-ÿ][^"#]*)$/, ': "$1"'))),
    ),
  // Another order.
  (parts) => joined([...parts.slice(0, 1), ...parts.slice(1).toReversed()]),
];

/** The same, in ways that are rarer. */
const otherManners: readonly ((parts: readonly Part[]) => string)[] = [
  // Keys in quotes.
  (parts) => joined(parts.map((part) => part.map((line) => line.replace(/^([a-z_]+):/, '"$1":')))),
  // Lists on one line.
  (parts) =>
    joined(
      parts.map((part) =>
        part[1]?.startsWith('  - https')
          ? [
              `${part[0]} [${part
                .slice(1)
                .map((line) => `"${line.slice(4)}"`)
                .join(', ')}]`,
            ]
          : part,
      ),
    ),
  // A folded text.
  (parts) => joined(parts.map((part) => (part[0]?.startsWith('description: ') ? folded(part) : part))),
  // Line ends of Windows.
  (parts) => joined(parts).replaceAll('\n', '\r\n'),
  // A comment without its space.
  (parts) => joined(parts.map((part, at) => (at === 2 ? [`${part[0]} #vu`, ...part.slice(1)] : part))),
  // The mark of a document.
  (parts) => `---\n${joined(parts)}`,
  // A mapping on one line.
  (parts) =>
    joined(
      parts.map((part) => (part[0] === 'organization:' ? [`organization: {${part[1]?.trim()}}`] : part)),
    ),
];

function joined(parts: readonly Part[]): string {
  return `${parts.flat().join('\n')}\n`;
}

function folded([line = '']: Part): Part {
  const words = line.slice('description: '.length).split(' ');
  return ['description: >-', `  ${words.slice(0, 3).join(' ')}`, `  ${words.slice(3).join(' ')}`];
}

/** What gives a warning, and is written every day. */
const warnings: readonly ((text: string) => string)[] = [
  (text) => text.replace('id_token_signed_response_alg: RS256', 'id_token_signed_response_alg: HS256'),
  (text) => text.replace('userinfo_signed_response_alg: ES256', 'userinfo_signed_response_alg: none'),
  (text) => text.replace('- equipe@', '- Equipe@'),
  (text) => text.replace(/^name: /m, 'name: Test '),
];

/**
 * A valid definition as people write them, the same for the same index: in 49 layouts, of which one in seven is none of
 * the usual ones; half of them with something to say about.
 */
export function mixedDefinition(index: number): { readonly path: string; readonly text: string } {
  const { path, text } = sampleDefinition(index);
  const warned = index % 2 === 0 ? text : (warnings[(index >> 1) % warnings.length]?.(text) ?? text);
  const parts = partsOf(warned.trimEnd().split('\n').slice(1));
  const layout = index % 49;
  const manners = layout % 7 === 6 ? otherManners : plainManners;
  return { path, text: (manners[Math.floor(layout / 7)] ?? joined)(parts) };
}

/** Writes a registry of `count` definitions. */
export function writeRegistry(root: string, count: number, definition = sampleDefinition): void {
  for (const cell of cellNames) mkdirSync(join(root, 'service-providers', cell), { recursive: true });
  for (let index = 0; index < count; index++) {
    const { path, text } = definition(index);
    writeFileSync(join(root, path), text);
  }
}
