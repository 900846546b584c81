import { definitionRule } from '#domain/definition/rules/rule';
import { maxNameRead, namePointer } from './limits.ts';

/** Words that name nothing but an environment. */
const environmentWord =
  /(?<![\p{L}\p{N}])(?:pr[eé][- ]?prod(?:uction)?|pprod|staging|sandbox|bac[- ][àa][- ]sable|uat|dev\d{0,2}|qualif|int[eé]g\d{0,2}|hors[- ]prod(?:uction)?|localhost|environnement de (?:test|recette|développement|qualification))(?![\p{L}\p{N}])/iu;

/** Words that may belong to the trade (a recipe, an aptitude test): only set apart, or at the end on their own. */
const apart =
  /(?:[([]\s*|\s[-–—:/|]\s*|_)(?:env(?:ironnement)?\.?\s*(?:de\s+)?)?(?:recette|tests?|d[ée]mo|qualification|int[ée]gration|d[ée]veloppement|formation|beta test|rec|rct)\s*\d{0,2}\s*(?:[)\]]|$)/iu;

const last =
  /(?<!(?:^|[\s'])(?:de|des|du|la|le|les|un|une|et|en|d|l|à|au|aux|par|sans|tout)\s?'?)(?<![,&])\s(?:test|recette|int[ée]gration)\s*\d{0,2}$/iu;

const shouted = /(?<![\p{L}\p{N}])(?:RECETTE|TEST|DEMO|DÉMO|QUALIFICATION)(?![\p{L}\p{N}])/u;

const first = /^(?:\[[^\]]+\]\s*)?(?:test|recette)\s(?!(?:de|des|du|d'|pour|à|en)\b)/iu;

function environmentIn(name: string): string | undefined {
  const found =
    environmentWord.exec(name) ?? apart.exec(name) ?? last.exec(name) ?? first.exec(name) ?? loud(name);
  return found?.[0].replace(/^[\s([\]_:/|–—-]+|[\s)\]]+$/gu, '');
}

/** Capitals only stand out in a name that is not written in capitals as a whole. */
function loud(name: string): RegExpExecArray | null {
  return name === name.toUpperCase() ? null : shouted.exec(name);
}

export const nameEnvironment = definitionRule({
  id: 'name/environment',
  severity: 'warning',
  title: {
    fr: 'Le nom d’une application en production ne parle pas d’environnement',
    en: 'The name of an application in production does not speak of environments',
  },
  why: {
    fr: 'Le nom est lu par les usagers : « préprod » ou « recette » les fait douter d’être au bon endroit. C’est souvent aussi le signe d’une définition d’intégration copiée trop vite.',
    en: 'Users read the name: “preprod” or “test” makes them doubt that they are in the right place. It is often also the sign of an integration definition copied too fast.',
  },
  messages: {
    production: {
      fr: 'Le nom {value} contient {word} alors que la définition est en production ; vos usagers le liront. Retirez ce mot, ou demandez l’environnement `integration`.',
      en: 'The name {value} holds {word} although this definition is in production; your users will read it. Remove the word, or ask for the `integration` environment.',
    },
  },
  examples: {
    good: [
      { yaml: 'name: Mon application (recette)\n', cell: 'internet/integration' },
      { yaml: 'name: Titres de recette des collectivités\n' },
      { yaml: "name: Contrat d'intégration républicaine\n" },
      { yaml: 'name: Accueil et intégration\n' },
    ],
    bad: [
      { yaml: 'name: Mon application (PREPROD)\n' },
      { yaml: 'name: Suivi des aides - Recette\n' },
      { yaml: 'name: Suivi des aides TEST\n' },
      { yaml: 'name: Suivi intégration\n' },
    ],
  },
  check(partial, report) {
    const value = partial.name;
    if (value === undefined || partial.environment !== 'production') return;
    const word = environmentIn(value.slice(0, maxNameRead).normalize('NFC').trim());
    if (word !== undefined)
      report({ pointer: namePointer, messageId: 'production', values: { value, word } });
  },
});
