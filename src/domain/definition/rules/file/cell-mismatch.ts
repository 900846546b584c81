import { cellName } from '#domain/definition/cell';
import { structureRule } from '#domain/definition/rules/rule';

export const fileCellMismatch = structureRule({
  id: 'file/cell-mismatch',
  severity: 'error',
  title: {
    fr: 'Le contenu et le dossier disent le même réseau et le même environnement',
    en: 'The content and the folder say the same network and environment',
  },
  why: {
    fr: 'Les clés d’un environnement ne marchent pas dans un autre. Si le dossier et le contenu se contredisent, personne ne peut savoir où créer votre service.',
    en: 'The keys of one environment do not work in another. When folder and content contradict each other, nobody can know where to create your service.',
  },
  messages: {
    network: {
      fr: 'Le fichier déclare le réseau {value}, mais il est rangé dans le dossier {cell}. Corrigez la valeur, ou déplacez le fichier.',
      en: 'The file declares the network {value}, but it is in the folder {cell}. Correct the value, or move the file.',
    },
    environment: {
      fr: 'Le fichier déclare l’environnement {value}, mais il est rangé dans le dossier {cell}. Corrigez la valeur, ou déplacez le fichier.',
      en: 'The file declares the environment {value}, but it is in the folder {cell}. Correct the value, or move the file.',
    },
  },
  examples: {
    good: [{ yaml: 'environment: production' }],
    bad: [
      { yaml: 'environment: integration', messageIds: ['environment'] },
      { yaml: 'network: rie\nip_addresses:\n  - 10.144.7.20', messageIds: ['network'] },
    ],
  },
  check({ place, partial, problems }, report) {
    if (place === undefined) return;
    const unknown = (pointer: string) => problems.some((problem) => problem.pointer === pointer);
    const cell = cellName(place);
    if (partial.network !== undefined && partial.network !== place.network && !unknown('/network'))
      report({ pointer: '/network', messageId: 'network', values: { value: partial.network, cell } });
    if (
      partial.environment !== undefined &&
      partial.environment !== place.environment &&
      !unknown('/environment')
    )
      report({
        pointer: '/environment',
        messageId: 'environment',
        values: { value: partial.environment, cell },
      });
  },
});
