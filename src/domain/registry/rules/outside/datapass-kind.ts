import { outsideRule } from '#domain/registry/rules/rule';
import {
  activeDatapass,
  datapassAnswer,
  foundDatapass,
  isOfAnother,
  providerKind,
} from './datapass-record.ts';

/** An authorization for something else. */
export const datapassKind = outsideRule({
  id: 'outside/datapass-kind',
  severity: 'error',
  title: { fr: 'DataPass d’un autre service', en: 'DataPass for something else' },
  why: {
    fr: 'DataPass délivre des habilitations pour beaucoup de services de l’État. Il faut ici celle de fournisseur de services ProConnect.',
    en: 'DataPass grants authorizations for many State services. The one needed here is that of ProConnect service provider.',
  },
  messages: {
    kind: {
      fr: 'Le DataPass {value} concerne {definition}, et non « ProConnect - Fournisseur de services ». Indiquez celui qui porte sur ProConnect, ou demandez-le : https://datapass.api.gouv.fr/agent-connect-fs',
      en: 'The DataPass {value} is for {definition}, not for “ProConnect - Fournisseur de services”. Give the one for ProConnect, or ask for it: https://datapass.api.gouv.fr/agent-connect-fs',
    },
    another: {
      fr: 'Le DataPass {value} ne porte pas sur « ProConnect - Fournisseur de services ». Vérifiez son numéro, ou demandez celui qu’il faut : https://datapass.api.gouv.fr/agent-connect-fs',
      en: 'The DataPass {value} is not for “ProConnect - Fournisseur de services”. Check its number, or ask for the one that is needed: https://datapass.api.gouv.fr/agent-connect-fs',
    },
  },
  suppresses: ['outside/datapass-network', 'outside/datapass-state', 'outside/datapass-organization'],
  check(entry, answers, report) {
    const found = foundDatapass(entry, answers);
    if (found === undefined || found.record.definition === providerKind) return;
    const { definition } = found.record;
    const { value } = found;
    if (isOfAnother(entry, found.record))
      report({ pointer: '/datapass', messageId: 'another', values: { value } });
    else report({ pointer: '/datapass', messageId: 'kind', values: { value, definition } });
  },
  examples: {
    good: [{ yaml: 'datapass: H4821', answers: datapassAnswer(activeDatapass) }],
    bad: [
      {
        yaml: 'datapass: H4821',
        answers: datapassAnswer({ ...activeDatapass, definition: 'api_particulier' }),
        messageIds: ['kind'],
      },
      {
        yaml: 'datapass: H4821',
        answers: datapassAnswer({
          ...activeDatapass,
          siret: '20009999200014',
          definition: 'api_particulier',
        }),
        messageIds: ['another'],
      },
    ],
  },
});
