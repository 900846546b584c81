import { outsideRule } from '#domain/registry/rules/rule';
import { activeDatapass, datapassAnswer, foundDatapass, providerKind } from './datapass-record.ts';

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
  },
  suppresses: ['outside/datapass-network', 'outside/datapass-state', 'outside/datapass-organization'],
  check(entry, answers, report) {
    const found = foundDatapass(entry, answers);
    if (found === undefined || found.record.definition === providerKind) return;
    const { definition } = found.record;
    report({ pointer: '/datapass', messageId: 'kind', values: { value: found.value, definition } });
  },
  examples: {
    good: [{ yaml: 'datapass: H4821', answers: datapassAnswer(activeDatapass) }],
    bad: [
      {
        yaml: 'datapass: H4821',
        answers: datapassAnswer({ ...activeDatapass, definition: 'api_particulier' }),
      },
    ],
  },
});
