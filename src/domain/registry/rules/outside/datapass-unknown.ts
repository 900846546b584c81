import { outsideRule } from '#domain/registry/rules/rule';
import { activeDatapass, datapassAnswer } from './datapass-record.ts';

/** No such number. */
export const datapassUnknown = outsideRule({
  id: 'outside/datapass-unknown',
  severity: 'error',
  title: { fr: 'DataPass introuvable', en: 'DataPass not found' },
  why: {
    fr: 'En production, un DataPass autorise votre organisation à utiliser ProConnect. Sans numéro exact, cette autorisation ne peut pas être vérifiée.',
    en: 'In production a DataPass authorizes your organization to use ProConnect. Without the exact number that authorization cannot be checked.',
  },
  messages: {
    unknown: {
      fr: 'Le numéro {value} est introuvable sur DataPass. Recopiez-le depuis votre espace DataPass : `H…` pour une habilitation, `D…` pour une demande.',
      en: 'The number {value} is not found on DataPass. Copy it from your DataPass space: `H…` for an authorization, `D…` for a request.',
    },
  },
  check({ partial }, { datapass }, report) {
    if (datapass?.ok !== true || datapass.value.found || partial?.datapass === undefined) return;
    report({ pointer: '/datapass', messageId: 'unknown', values: { value: partial.datapass } });
  },
  examples: {
    good: [{ yaml: 'datapass: H4821', answers: datapassAnswer(activeDatapass) }],
    bad: [{ yaml: 'datapass: H4821', answers: datapassAnswer({ found: false }) }],
  },
});
