/** Rules on the name that end users read on the sign-in page. */
import { definitionRule } from './rule.ts';

const pointer = '/name';
const maxComfortableLength = 80;
/** A name is refused for its length long before. */
const maxReadLength = 400;

/**
 * The characters that ProConnect's administration form lets through: Latin letters with or without accents,
 * digits, spaces and `, . : ! ( ) _ ' - & * + /`. Compared after composition (NFC).
 */
const allowed = /^[A-Za-z\u00c0-\u017e0-9 ,.:!()_'\-&*+/]*$/;
const forbiddenCharacters = /[^A-Za-z\u00c0-\u017e0-9 ,.:!()_'\-&*+/]/gu;
/** Invisible characters have a rule of their own, on the text. */
const invisible = /[\p{Cf}\u00a0\u2000-\u200a\u202f\u205f\u3000\u00ad]/gu;

/** Signs that word processors put in place of the plain one. */
const plainSigns: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u02bc\u02b9\u2032\u00b4`]/g, "'"],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/\u2026/g, '...'],
  [/\t|\r\n|\r|\n/g, ' '],
];

function withPlainSigns(name: string): string {
  let plain = name;
  for (const [sign, replacement] of plainSigns) plain = plain.replace(sign, replacement);
  return plain;
}

export const nameCharacters = definitionRule({
  id: 'name/characters',
  severity: 'error',
  title: { fr: 'Le nom est écrit avec les signes acceptés', en: 'The name is written with accepted signs' },
  why: {
    fr: "Le nom paraît sur la page de connexion. La console de ProConnect n’accepte que les lettres latines, les chiffres, l’espace et `, . : ! ( ) _ ' - & * + /` : un autre signe ferait échouer la création.",
    en: "The name appears on the sign-in page. ProConnect’s console only accepts Latin letters, digits, spaces and `, . : ! ( ) _ ' - & * + /`: any other sign would make the creation fail.",
  },
  messages: {
    typographic: {
      fr: 'Le nom {value} contient un signe typographique que la console ProConnect n’accepte pas ({signs}). Écrivez {correction}.',
      en: 'The name {value} has a typographic sign that the ProConnect console does not accept ({signs}). Write {correction}.',
    },
    forbidden: {
      fr: "Le nom {value} contient des signes que la console ProConnect n’accepte pas : {signs}. Gardez les lettres, les chiffres, l’espace et `, . : ! ( ) _ ' - & * + /`.",
      en: "The name {value} has signs that the ProConnect console does not accept: {signs}. Keep letters, digits, spaces and `, . : ! ( ) _ ' - & * + /`.",
    },
    lines: {
      fr: 'Le nom {value} tient sur plusieurs lignes ou contient une tabulation. Écrivez-le sur une seule ligne : {correction}.',
      en: 'The name {value} spans several lines or holds a tab. Write it on one line: {correction}.',
    },
    blank: {
      fr: 'Le nom {value} ne contient aucune lettre. Écrivez le nom sous lequel vos usagers connaissent l’application.',
      en: 'The name {value} has no letter. Write the name under which your users know the application.',
    },
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      { yaml: "name: Webconférence de l'État\n" },
      { yaml: 'name: "Suivi & pilotage (RH) : paie / congés"\n' },
      { yaml: 'name: Œuvres et bourses\n' },
    ],
    bad: [
      { yaml: 'name: Webconférence de l’État\n', messageIds: ['typographic'] },
      { yaml: 'name: Agenda – associations\n', messageIds: ['typographic'] },
      { yaml: 'name: Démarches | Ville de Montfictif\n', messageIds: ['forbidden'] },
      { yaml: 'name: Agenda 📅\n', messageIds: ['forbidden'] },
      { yaml: 'name: "Agenda\\nassociations"\n', messageIds: ['lines'] },
      { yaml: 'name: "!!!"\n', messageIds: ['blank'] },
    ],
  },
  check(partial, report) {
    const value = partial.name;
    if (value === undefined || value === '') return;
    if (value.length <= maxReadLength && allowed.test(value) && /[A-Za-z0-9]/.test(value)) return;
    const name = value.slice(0, maxReadLength).normalize('NFC').replace(invisible, ' ');
    if (!/[\p{L}\p{N}]/u.test(name)) {
      report({ pointer, messageId: 'blank', values: { value } });
      return;
    }
    if (allowed.test(name)) return;
    const signs = [...new Set(name.match(forbiddenCharacters))];
    const plain = withPlainSigns(name).trim();
    if (!allowed.test(plain)) {
      report({ pointer, messageId: 'forbidden', values: { value, signs } });
      return;
    }
    report({
      pointer,
      messageId: /[\t\r\n]/.test(name) ? 'lines' : 'typographic',
      values: { value, signs, correction: plain },
      fix: { title: 'fix', values: { correction: plain }, correction: { kind: 'set', value: plain } },
    });
  },
});

export const nameLong = definitionRule({
  id: 'name/long',
  severity: 'warning',
  title: { fr: 'Le nom se lit d’un coup d’œil', en: 'The name is read at a glance' },
  why: {
    fr: 'Le nom s’affiche dans une phrase de la page de connexion (« pour se connecter à… »). Au-delà de 80 caractères, il déborde et plus personne ne le lit.',
    en: 'The name is shown inside a sentence of the sign-in page (“to sign in to…”). Beyond 80 characters it overflows and nobody reads it.',
  },
  messages: {
    long: {
      fr: 'Le nom {value} fait {count} caractères. Visez moins de 60 : le nom que vos usagers emploient, sans celui de l’organisme.',
      en: 'The name {value} has {count} characters. Aim for less than 60: the name your users say, without that of the organization.',
    },
  },
  examples: {
    good: [{ yaml: 'name: Portail de suivi des subventions aux associations de quartier\n' }],
    bad: [
      {
        yaml: 'name: Plateforme mutualisée de dépôt, de suivi et de pilotage des demandes de subvention des associations\n',
      },
    ],
  },
  check(partial, report) {
    const value = partial.name;
    if (value === undefined || value.length <= maxComfortableLength) return;
    const count = Array.from(value.normalize('NFC')).length;
    if (count > maxComfortableLength && count <= 200)
      report({ pointer, messageId: 'long', values: { value, count } });
  },
});

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
    const word = environmentIn(value.slice(0, maxReadLength).normalize('NFC').trim());
    if (word !== undefined) report({ pointer, messageId: 'production', values: { value, word } });
  },
});

const generic: ReadonlySet<string> = new Set([
  'site web',
  'site internet',
  ...(
    'test tests testing essai exemple demo démo démonstration poc prototype maquette brouillon ' +
    'application app appli applications service site portail plateforme outil logiciel projet système ' +
    'extranet intranet web api backend frontend client proconnect agentconnect franceconnect ' +
    'connexion authentification login sso nom nom-du-service nouveau nouvelle todo tbd xxx toto foo bar'
  ).split(' '),
]);
const emptyWords = /^(?:(?:mon|ma|mes|notre|nos|le|la|les|un|une|une?|nouveau|nouvelle|my|the|new)\s+|l')+/u;
/** What numbers a name without saying more. */
const trailing = /[\s\d._-]/;

export const nameGeneric = definitionRule({
  id: 'name/generic',
  severity: 'warning',
  title: { fr: 'Le nom désigne l’application et elle seule', en: 'The name means this application only' },
  why: {
    fr: 'Des centaines d’applications utilisent ProConnect. Un nom comme « Test » ou « Application » ne dit ni aux usagers ni au support laquelle est la vôtre.',
    en: 'Hundreds of applications use ProConnect. A name such as “Test” or “Application” tells neither users nor the support which one is yours.',
  },
  suppresses: ['name/environment'],
  messages: {
    generic: {
      fr: 'Le nom {value} pourrait désigner n’importe quelle application. Écrivez celui que vos usagers connaissent, par exemple « Agenda des associations ».',
      en: 'The name {value} could mean any application. Write the one your users know, for example “Agenda des associations”.',
    },
    description: {
      fr: 'Le nom {value} répète la description. Donnez à l’application un nom court, celui que vos usagers emploient.',
      en: 'The name {value} repeats the description. Give the application a short name, the one your users say.',
    },
    contact: {
      fr: 'Le nom {value} contient une adresse. Écrivez le nom de l’application, par exemple « Agenda des associations ».',
      en: 'The name {value} holds an address. Write the name of the application, for example “Agenda des associations”.',
    },
  },
  examples: {
    good: [
      { yaml: 'name: Agenda des associations\n' },
      { yaml: 'name: Portail agent\n' },
      { yaml: 'name: Site web des archives\n' },
    ],
    bad: [
      { yaml: 'name: Test\n', messageIds: ['generic'] },
      { yaml: 'name: Nouvelle application\n', messageIds: ['generic'] },
      { yaml: 'name: Notre site web\n', messageIds: ['generic'] },
      { yaml: 'name: Site internet\n', messageIds: ['generic'] },
      { yaml: 'name: Déposer une demande\ndescription: Déposer une demande\n', messageIds: ['description'] },
      { yaml: 'name: https://agenda.ville-de-montfictif.fr\n', messageIds: ['contact'] },
    ],
  },
  check(partial, report) {
    const value = partial.name;
    if (value === undefined) return;
    const name = value.slice(0, maxReadLength).normalize('NFC').trim();
    const lower = name.toLowerCase();
    const bare = lower.replace(emptyWords, '');
    let end = bare.length;
    while (end > 0 && trailing.test(bare.charAt(end - 1))) end -= 1;
    const core = bare.slice(0, end);
    if (name !== '' && (generic.has(core) || core === '' || generic.has(lower)))
      report({ pointer, messageId: 'generic', values: { value } });
    else if (/[@/]/.test(name) && /https?:\/\/|\S@\S+\.\S/i.test(name))
      report({ pointer, messageId: 'contact', values: { value } });
    else if (name.length > 3 && name === partial.description?.normalize('NFC').trim())
      report({ pointer, messageId: 'description', values: { value } });
  },
});

export const nameRules = [nameCharacters, nameLong, nameEnvironment, nameGeneric] as const;
