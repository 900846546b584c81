/**
 * Words that tell someone to do something now, as those who fish for passwords write them. A service may well be called
 * « Signalement » or « Exprimez-vous » : only what such messages ask for counts, and a verb that a service may have in
 * its name only together with what is to be given away.
 */
import { withoutAccents } from '#domain/definition/rules/without-accents';

/** Said of nobody's service. */
const alone = [
  'cliqu(?:ez|er) (?:ici|sur|la|dessous|ci-)',
  'cliquez',
  'clique (?:ici|sur)',
  '(?:re)?connectez-vous',
  '(?:identifiez|authentifiez)-vous',
  '(?:re)?connecte-toi',
  'click (?:here|on|below|the|this)',
  '(?:log|sign) ?in (?:to|now|here|at)\\b',
  '(?:votre|ton|ce) (?:compte|acces|client|mot de passe) (?:est|sera|a ete|va etre|expire|doit)',
  'your (?:account|access|client|password|keys?) (?:is|are|was|has|have|will|must|expires?)',
];

const asked =
  '(?:ici|maintenant|sans attendre|au plus vite|avant|urgemment|immediatement' +
  '|(?:votre|vos|ton|tes|le|la|les|ce|cette) (?:\\S+ )?(?:comptes?|identifiants?|identites?|mots? de passe|codes?|cles?|acces|coordonnees|donnees|liens?|factures?|amendes?|paiements?|pieces? jointes?|messages?))';

const verbs =
  '(?:validez|confirmez|verifiez|reinitialisez|actualisez|activez|reactivez|debloquez|telechargez|installez|payez' +
  '|reglez|appelez|rappelez|consultez|ouvrez|renouvelez|changez|modifiez|saisissez|entrez|donnez|envoyez|transmettez' +
  '|communiquez|recuperez|suivez|mettez a jour|valide|confirme|verifie|active|telecharge)';

const englishVerbs =
  '(?:validate|confirm|verify|reset|update|activate|reactivate|unlock|download|install|pay|call|open|renew|change|enter|send|get|read|follow)';

const englishAsked =
  '(?:now|here|immediately|us\\b|(?:your|the|this|these) (?:\\S+ )?(?:accounts?|credentials|identity|passwords?|codes?|keys?|access|data|links?|invoices?|payments?|attachments?|messages?))';

/** Word boundaries that know no accents, since there are none left. */
const calls = new RegExp(
  `(?<![a-z\\d])(?:${[...alone, `${verbs} ${asked}`, `${englishVerbs} ${englishAsked}`].join('|')})`,
);

/** Every call holds one of these, and nearly no name does. */
const hint =
  /ez\b|cliqu|connecte-|votre|ton |your|click|ce c|now|here|us\b|in (?:to|at)|the|this|these|valide |confirme |verifie |active |telecharge /;

/** Where words are apart by anything but one space. */
const apart = /[^\S ]|[_,.!]| {2}/;

/** @returns the words that call, without accents or capitals */
export function callToAct(text: string): string | undefined {
  const bare = withoutAccents(text).toLowerCase();
  const plain = apart.test(bare) ? bare.replace(/[\s_,.!]+/g, ' ') : bare;
  return hint.test(plain) ? calls.exec(plain)?.[0] : undefined;
}
