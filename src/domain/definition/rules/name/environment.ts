import { definitionsFolder } from '#domain/definition/cell';
import { scalarText } from '#domain/definition/parse/scalar';
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

/** What all of the above have in them, and nearly no name. */
const hint =
  /prod|pr[eé]|stag|sand|sable|uat|dev|d[eé]v|quali|int[eé]g|hors|local|environ|rec|rct|test|d[eé]mo|form/iu;

function environmentIn(name: string): string | undefined {
  if (!hint.test(name)) return undefined;
  const found =
    environmentWord.exec(name) ?? apart.exec(name) ?? last.exec(name) ?? first.exec(name) ?? loud(name);
  return found?.[0].replace(/^[\s([\]_:/|–—-]+|[\s)\]]+$/gu, '');
}

/** The name without a word that is set apart or at one of its ends; undefined where a text would be torn, or nothing left. */
function nameWithout(value: string, word: string): string | undefined {
  const parts = value.split(word);
  const [before = '', after = ''] = parts;
  if (parts.length !== 2) return undefined;
  const [left, right] = [before.trimEnd(), after.trimStart()];
  const bare = /[([]$/.test(left) && /^[)\]]/.test(right) ? `${left.slice(0, -1)} ${right.slice(1)}` : value;
  const torn = /^(?:de|des|du|d['’]|pour|à|en)(?!\p{L})/iu.test(right) || /(?<!\p{L})\p{L}{1,3}$/u.test(left);
  const apart = bare !== value || ((left === '' || right === '') && !torn);
  const rest = (bare === value ? `${left} ${right}` : bare)
    .replace(/\s+/g, ' ')
    .replace(/^[\s:/|_–—-]+|[\s:/|_–—-]+$/g, '');
  return apart && rest.length > 2 ? `name: ${scalarText(rest)}` : undefined;
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
      fr: 'Le nom {value} contient {word}, et ce fichier est pour la production : vos usagers le liront. Si ce mot est de trop, retirez-le. Si c’est bien pour des essais, déplacez le fichier dans {folder} et écrivez `environment: integration`.',
      en: 'The name {value} holds {word}, and this file is for production: your users will read it. If the word is one too many, remove it. If this is really for tests, move the file to {folder} and write `environment: integration`.',
    },
    without: {
      fr: 'Le nom {value} contient {word}, et ce fichier est pour la production : vos usagers le liront. Retirez ce mot : écrivez {proposal}. Si c’est bien pour des essais, déplacez plutôt le fichier dans {folder} et écrivez `environment: integration`.',
      en: 'The name {value} holds {word}, and this file is for production: your users will read it. Remove the word: write {proposal}. If this is really for tests, move the file to {folder} instead and write `environment: integration`.',
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
      { yaml: 'name: Suivi des aides TEST\n', messageIds: ['without'] },
      { yaml: 'name: Préprod du suivi des aides\n', messageIds: ['production'] },
      { yaml: 'name: Suivi intégration\n' },
    ],
  },
  check(partial, report) {
    const value = partial.name;
    if (value === undefined || partial.environment !== 'production') return;
    const word = environmentIn(value.slice(0, maxNameRead).trim());
    if (word === undefined) return;
    const folder = `${definitionsFolder}/${partial.network ?? 'internet'}/integration/`;
    const proposal = nameWithout(value, word);
    if (proposal === undefined)
      report({ pointer: namePointer, messageId: 'production', values: { value, word, folder } });
    else report({ pointer: namePointer, messageId: 'without', values: { value, word, folder, proposal } });
  },
});
