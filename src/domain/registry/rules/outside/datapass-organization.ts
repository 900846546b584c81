import { sirenOf } from '#domain/registry/claims';
import { outsideRule } from '#domain/registry/rules/rule';
import { activeDatapass, datapassAnswer, foundDatapass } from './datapass-record.ts';

/** An authorization of someone else. */
export const datapassOrganization = outsideRule({
  id: 'outside/datapass-organization',
  severity: 'decision',
  title: { fr: 'DataPass d’une autre organisation', en: 'DataPass of another organization' },
  why: {
    fr: 'Le DataPass engage l’organisation qui l’a demandé. Un éditeur peut agir pour une administration : dans ce cas, une personne de l’équipe vérifie.',
    en: 'A DataPass binds the organization that asked for it. A publisher may act for a public body: in that case someone from the team has a look.',
  },
  messages: {
    other: {
      fr: 'Le DataPass {value} est celui d’une autre organisation que celle du SIRET {siret}. Corrigez l’un des deux ; si l’une agit pour l’autre, expliquez-le dans la demande et une personne de l’équipe décidera.',
      en: 'The DataPass {value} is of another organization than that of the SIRET {siret}. Correct one of them; if one acts for the other, explain it in the pull request and someone from the team will decide.',
    },
  },
  check(entry, answers, report) {
    const found = foundDatapass(entry, answers);
    const siret = entry.partial?.siret;
    const holder = found?.record.siret;
    // Two establishments of one organization are the same organization.
    if (found === undefined || siret === undefined || sirenOf(siret) === undefined) return;
    if (holder === undefined || sirenOf(holder) === sirenOf(siret)) return;
    report({ pointer: '/datapass', messageId: 'other', values: { value: found.value, holder, siret } });
  },
  examples: {
    good: [
      { yaml: 'datapass: H4821', answers: datapassAnswer(activeDatapass) },
      { yaml: 'datapass: H4821', answers: datapassAnswer({ ...activeDatapass, siret: '13099990700020' }) },
    ],
    bad: [
      { yaml: 'datapass: H4821', answers: datapassAnswer({ ...activeDatapass, siret: '20009999200014' }) },
    ],
  },
});
