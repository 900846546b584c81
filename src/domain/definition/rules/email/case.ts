import { definitionRule } from '#domain/definition/rules/rule';
import { hasUnusualMailbox, isAccepted, unusualMailboxes } from './address.ts';

export const emailCase = definitionRule({
  id: 'email/case',
  severity: 'warning',
  title: { fr: 'L’adresse e-mail est en minuscules', en: 'The e-mail address is in lower case' },
  why: {
    fr: 'L’espace partenaires de ProConnect retrouve vos applications par votre adresse, à la lettre près : avec une majuscule, vous ne verriez pas la vôtre.',
    en: 'ProConnect’s partner portal finds your applications by your address, letter for letter: with a capital you would not see yours.',
  },
  messages: {
    upper: {
      fr: 'L’adresse {value} contient des majuscules, que la console ProConnect distingue. Écrivez {correction}.',
      en: 'The address {value} has capitals, which the ProConnect console tells apart. Write {correction}.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      {
        yaml: 'contacts:\n  technical: [dsi@agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n',
      },
    ],
    bad: [
      {
        yaml: 'contacts:\n  technical: [DSI@agence-fictive.gouv.fr]\n  support: aide@agence-fictive.gouv.fr\n',
      },
    ],
  },
  concerns: hasUnusualMailbox,
  check(partial, report) {
    for (const { value, pointer } of unusualMailboxes(partial)) {
      const correction = value.toLowerCase();
      if (correction === value || !isAccepted(value)) continue;
      report({
        pointer,
        messageId: 'upper',
        values: { value, correction },
        fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
      });
    }
  },
});
