import { definitionRule } from '#domain/definition/rules/rule';
import { maxNameRead, namePointer } from './limits.ts';

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
    ],
  },
  check(partial, report) {
    const value = partial.name;
    if (value === undefined) return;
    const name = value.slice(0, maxNameRead).trim();
    const lower = name.toLowerCase();
    const bare = lower.replace(emptyWords, '');
    let end = bare.length;
    while (end > 0 && trailing.test(bare.charAt(end - 1))) end -= 1;
    const core = bare.slice(0, end);
    if (name !== '' && (generic.has(core) || (core === '' && /\p{L}/u.test(lower)) || generic.has(lower)))
      report({ pointer: namePointer, messageId: 'generic', values: { value } });
    else if (name.length > 3 && name === partial.description?.trim())
      report({ pointer: namePointer, messageId: 'description', values: { value } });
  },
});
