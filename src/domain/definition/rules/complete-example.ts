/**
 * The valid definition of each cell on which the rules' examples are run. Hosts, people and SIRETs are
 * invented; no rule reports anything about them (a test holds that).
 */
import type { CellName } from '#base/config/cells';
import { definitionsFolder } from '#domain/definition/cell';
import { serviceProviderSchema } from '#domain/definition/schema/service-provider-schema';
import type { Example } from './rule.ts';

const common = {
  version: 'version: 1',
  organization: 'organization:\n  siret: "13099990700012"',
  id_token_signed_response_alg: 'id_token_signed_response_alg: RS256',
  userinfo_signed_response_alg: 'userinfo_signed_response_alg: RS256',
  description: 'description: Déposer et suivre les demandes de subvention',
  contacts:
    'contacts:\n  technical:\n    - exploitation@agence-fictive.gouv.fr\n  support: assistance@agence-fictive.gouv.fr',
} as const;

const internet = { name: 'name: Suivi des subventions', network: 'network: internet' } as const;

const rie = {
  name: 'name: Portail des agents',
  network: 'network: rie',
  redirect_uris: 'redirect_uris:\n  - https://portail.agence-fictive.rie.gouv.fr/oidc/callback',
  post_logout_redirect_uris:
    'post_logout_redirect_uris:\n  - https://portail.agence-fictive.rie.gouv.fr/au-revoir',
  ip_addresses: 'ip_addresses:\n  - 10.144.7.20',
} as const;

/** The top-level keys of a valid definition of each cell, each with its YAML text. */
const skeletons: Readonly<Record<CellName, Readonly<Record<string, string>>>> = {
  'internet/integration': {
    ...common,
    ...internet,
    environment: 'environment: integration',
    redirect_uris:
      'redirect_uris:\n  - http://localhost:3000/oidc/callback\n  - https://recette.subventions.agence-fictive.gouv.fr/oidc/callback',
    post_logout_redirect_uris:
      'post_logout_redirect_uris:\n  - https://recette.subventions.agence-fictive.gouv.fr/au-revoir',
  },
  'internet/production': {
    ...common,
    ...internet,
    environment: 'environment: production',
    datapass: 'datapass: H4821',
    redirect_uris: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/oidc/callback',
    post_logout_redirect_uris:
      'post_logout_redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/au-revoir',
    private_sector: 'private_sector: false',
  },
  'rie/integration': { ...common, ...rie, environment: 'environment: integration' },
  'rie/production': {
    ...common,
    ...rie,
    environment: 'environment: production',
    datapass: 'datapass: H5137',
    private_sector: 'private_sector: false',
  },
};

/** Keys are written in the order of the schema. */
const order = Object.keys(serviceProviderSchema.properties);

/** The file of an example: its path and its text, completed from the skeleton of its cell. */
export function completeExample(example: Example): { readonly path: string; readonly text: string } {
  const cell = example.cell ?? 'internet/production';
  const path = example.path ?? `${definitionsFolder}/${cell}/exemple.yaml`;
  if (example.whole === true) return { path, text: example.yaml };
  const own = new Map<string, string>();
  let key = '';
  for (const line of example.yaml === '' ? [] : example.yaml.replace(/\n$/, '').split('\n')) {
    key = /^([^\s#:-][^:]*):/.exec(line)?.[1] ?? key;
    const before = own.get(key);
    own.set(key, before === undefined ? line : `${before}\n${line}`);
  }
  const skeleton = skeletons[cell];
  const lines: string[] = own.has('') ? [own.get('') ?? ''] : [];
  own.delete('');
  for (const name of order) {
    const text = own.get(name) ?? skeleton[name];
    own.delete(name);
    if (text !== undefined && text !== `${name}: undefined`) lines.push(text);
  }
  lines.push(...own.values());
  return { path, text: `${lines.join('\n')}\n` };
}
