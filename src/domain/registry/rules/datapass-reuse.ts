import { sirenOf } from '#domain/registry/claims';
import { registryRule } from './rule.ts';

/** One DataPass for two services, or two organizations. */
export const datapassReuse = registryRule({
  id: 'registry/datapass-reuse',
  severity: 'warning',
  title: {
    fr: 'Un DataPass sert déjà à un autre service',
    en: 'A DataPass is already used for another service',
  },
  why: {
    fr: 'Un DataPass autorise un service d’une organisation. Il sert pour ses différents environnements et réseaux, mais pas pour un autre service.',
    en: 'A DataPass authorizes one service of one organization. It holds for that service’s environments and networks, not for another service.',
  },
  messages: {
    service: {
      fr: 'Le DataPass {value} sert déjà à un autre service : {others}. Vérifiez le numéro, ou demandez un DataPass pour ce service-ci.',
      en: 'The DataPass {value} is already used for another service: {others}. Check the number, or ask for a DataPass for this service.',
    },
    organization: {
      fr: 'Le DataPass {value} sert déjà à une autre organisation : {others}. Vérifiez le numéro, ou demandez un DataPass pour votre organisation.',
      en: 'The DataPass {value} is already used by another organization: {others}. Check the number, or ask for a DataPass for your organization.',
    },
  },
  check(claims, collisions, report) {
    if (collisions.datapass.length === 0 || claims.datapass === undefined) return;
    const isForeign = collisions.datapass.some((other) => sirenOf(other.siret) !== sirenOf(claims.siret));
    const others = collisions.datapass.map(({ path }) => path);
    const messageId = isForeign ? 'organization' : 'service';
    report({ pointer: '/datapass', messageId, values: { value: claims.datapass, others } });
  },
  examples: {
    good: [
      {
        yaml: 'datapass: H4821',
        others: [{ id: 'mon-service', cell: 'rie/production', yaml: 'datapass: H4821' }],
      },
      {
        yaml: 'name: Orion Internet\ndatapass: H4821',
        others: [{ cell: 'rie/production', yaml: 'name: Orion RIE\ndatapass: H4821' }],
      },
    ],
    bad: [
      {
        yaml: 'name: Agenda des associations\ndatapass: H4821',
        others: [{ yaml: 'name: Suivi des subventions\ndatapass: H4821' }],
        messageIds: ['service'],
      },
      {
        yaml: 'datapass: H4821',
        others: [{ yaml: 'organization:\n  siret: "20009999200014"\ndatapass: H4821' }],
        messageIds: ['organization'],
      },
    ],
  },
});
