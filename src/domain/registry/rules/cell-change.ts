import { changeRule } from './rule.ts';

/** Keys never cross cells: the network and the environment of a definition are for life. */
export const cellChange = changeRule({
  id: 'change/cell',
  severity: 'error',
  title: {
    fr: 'Le réseau ou l’environnement change dans le fichier',
    en: 'The network or environment changes in the file',
  },
  why: {
    fr: 'Les clés d’un réseau et d’un environnement ne valent nulle part ailleurs. Pour ouvrir le service ailleurs, il faut une autre définition, avec ses propres clés.',
    en: 'The keys of a network and environment are valid nowhere else. To open the service elsewhere another definition is needed, with keys of its own.',
  },
  messages: {
    network: {
      fr: 'Dans le même fichier, le réseau {before} deviendrait {value}. Laissez ce fichier tel quel et créez une définition dans {folder} : elle aura ses propres clés.',
      en: 'The network would go from {before} to {value} in the same file. Leave this file as it is and create a definition in {folder}: it will have keys of its own.',
    },
    environment: {
      fr: 'Dans le même fichier, l’environnement {before} deviendrait {value}. Laissez ce fichier tel quel et créez une définition dans {folder} : elle aura ses propres clés.',
      en: 'The environment would go from {before} to {value} in the same file. Leave this file as it is and create a definition in {folder}: it will have keys of its own.',
    },
  },
  suppresses: ['file/cell-mismatch'],
  check(changes, _context, report) {
    for (const change of changes) {
      if (change.kind !== 'modified') continue;
      const { place, partial } = change.after;
      const old = change.before.partial;
      if (partial?.network === undefined || partial.environment === undefined) continue;
      const folder = `service-providers/${partial.network}/${partial.environment}/`;
      // A file that contradicted its folder before is being mended, not moved.
      if (partial.network !== place.network && old?.network === place.network)
        report(change.path, {
          pointer: '/network',
          messageId: 'network',
          values: { before: place.network, value: partial.network, folder },
        });
      if (partial.environment !== place.environment && old?.environment === place.environment)
        report(change.path, {
          pointer: '/environment',
          messageId: 'environment',
          values: { before: place.environment, value: partial.environment, folder },
        });
    }
  },
  examples: {
    good: [{ before: 'environment: integration', yaml: 'environment: production' }],
    bad: [
      { before: 'network: internet', yaml: 'network: rie', messageIds: ['network'] },
      { before: 'environment: production', yaml: 'environment: integration', messageIds: ['environment'] },
    ],
  },
});
