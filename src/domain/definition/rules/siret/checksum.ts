import { definitionRule } from '#domain/definition/rules/rule';
import { fourteenDigits, hasSiretKey, passesLuhn, siretPointer } from './digits.ts';

export const siretChecksum = definitionRule({
  id: 'siret/checksum',
  severity: 'error',
  title: { fr: 'Les chiffres du SIRET vont ensemble', en: 'The digits of the SIRET go together' },
  why: {
    fr: 'Le dernier chiffre d’un SIRET découle des autres (formule de Luhn) : quand il ne convient pas, c’est presque toujours un chiffre oublié ou deux chiffres inversés, et ProConnect refuse un tel numéro.',
    en: 'The last digit of a SIRET follows from the others (Luhn key): a wrong key nearly always betrays a mistyped digit or two digits swapped, and ProConnect refuses such a number.',
  },
  messages: {
    siren: {
      fr: 'Un chiffre du SIRET {value} est faux, et c’est déjà le cas parmi les 9 premiers (le SIREN). Vérifiez la saisie sur https://annuaire-entreprises.data.gouv.fr ; si le numéro y figure tel quel, écrivez-le à l’équipe qui relit.',
      en: 'The check digit of the SIRET {value} is wrong, and so is that of its first 9 digits (the SIREN). Compare with https://annuaire-entreprises.data.gouv.fr; if the number stands there exactly so, tell the reviewers.',
    },
    establishment: {
      fr: 'Un chiffre du SIRET {value} est faux : les 9 premiers (le SIREN) vont ensemble, vérifiez les 5 derniers sur https://annuaire-entreprises.data.gouv.fr. Si le numéro y figure tel quel, écrivez-le à l’équipe qui relit.',
      en: 'The check digit of the SIRET {value} is wrong: its SIREN is plausible, so compare its last 5 digits with https://annuaire-entreprises.data.gouv.fr. If the number stands there exactly so, tell the reviewers.',
    },
  },
  examples: {
    good: [
      { yaml: 'organization:\n  siret: "35600000000048"\n' },
      { yaml: 'organization:\n  siret: "35600000049837"\n' },
    ],
    bad: [
      { yaml: 'organization:\n  siret: "13002526500031"\n', messageIds: ['establishment'] },
      { yaml: 'organization:\n  siret: "13102526500013"\n', messageIds: ['siren'] },
      { yaml: 'organization:\n  siret: "35600000054321"\n' },
    ],
  },
  check(partial, report) {
    const value = partial.siret;
    if (value === undefined || !fourteenDigits.test(value)) return;
    if (!hasSiretKey(value))
      report({
        pointer: siretPointer,
        messageId: passesLuhn(value.slice(0, 9)) ? 'establishment' : 'siren',
        values: { value },
      });
  },
});
