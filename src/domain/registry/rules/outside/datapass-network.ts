import { outsideRule } from '#domain/registry/rules/rule';
import { activeDatapass, datapassAnswer, foundDatapass } from './datapass-record.ts';

/** An authorization that does not reach this network. */
export const datapassNetwork = outsideRule({
  id: 'outside/datapass-network',
  severity: 'error',
  title: { fr: 'DataPass qui ne couvre pas ce réseau', en: 'DataPass that does not cover this network' },
  why: {
    fr: 'Le DataPass dit sur quels réseaux le service est autorisé. Les clés d’un réseau qu’il ne couvre pas ne peuvent pas être données.',
    en: 'The DataPass says on which networks the service is authorized. Keys for a network that it does not cover cannot be given.',
  },
  messages: {
    network: {
      fr: 'Le DataPass {value} couvre seulement {covered}, et cette définition est sur {network}. Demandez sa réouverture sur DataPass pour ajouter ce réseau.',
      en: 'The DataPass {value} covers only {covered}, and this definition is on {network}. Ask for it to be reopened on DataPass to add this network.',
    },
    none: {
      fr: 'Le DataPass {value} ne couvre aucun réseau, et cette définition est sur {network}. Demandez sa réouverture sur DataPass pour ajouter ce réseau.',
      en: 'The DataPass {value} covers no network, and this definition is on {network}. Ask for it to be reopened on DataPass to add this network.',
    },
  },
  check(entry, answers, report) {
    const found = foundDatapass(entry, answers);
    const covered = found?.record.modalities;
    const { network } = entry.place;
    if (found === undefined || covered === undefined || covered.includes(network)) return;
    const { value } = found;
    if (covered.length === 0) report({ pointer: '/datapass', messageId: 'none', values: { value, network } });
    else report({ pointer: '/datapass', messageId: 'network', values: { value, covered, network } });
  },
  examples: {
    good: [{ yaml: 'datapass: H4821', answers: datapassAnswer(activeDatapass) }],
    bad: [
      {
        cell: 'rie/production',
        yaml: 'datapass: H4821',
        answers: datapassAnswer({ ...activeDatapass, modalities: ['internet'] }),
        messageIds: ['network'],
      },
      {
        yaml: 'datapass: H4821',
        answers: datapassAnswer({ ...activeDatapass, modalities: [] }),
        messageIds: ['none'],
      },
    ],
  },
});
