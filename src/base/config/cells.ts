/** The four cells, a network and an environment each: what configuration, settings and paths name them by. */

export const networks = ['internet', 'rie'] as const;
export type Network = (typeof networks)[number];

export const environments = ['integration', 'production'] as const;
export type Environment = (typeof environments)[number];

/** How the clients of a cell come to be: through ProConnect's own API, by dynamic registration, or by people's hands. */
export const providerKinds = ['proconnect', 'registration', 'manual'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** `internet/integration` and so on: how a cell is written in configuration, paths and messages. */
export type CellName = `${Network}/${Environment}`;

export const cellNames: readonly [CellName, ...CellName[]] = [
  'internet/integration',
  'internet/production',
  'rie/integration',
  'rie/production',
];
