/**
 * How a description that does not begin with an infinitive could be rewritten: « Permet de suivre… » is
 * « Suivre… », « Gérez… » is « Gérer… », « Gestion des… » is « Gérer les… ».
 */

import { infinitive, infinitiveOfImperative, infinitiveOfPresent } from './conjugation.ts';
import { verbOfNoun } from './nouns.ts';

export type Rewording =
  /** « Cette application permet de suivre… » */
  | 'permits'
  /** « Gérez vos… » */
  | 'imperative'
  /** « Facilite les… » */
  | 'present'
  /** « Gestion des… », « Outil de suivi des… » */
  | 'noun';

export interface Proposal {
  readonly rewording: Rewording;
  /** The words that are to change, as they stand. */
  readonly found: string;
  readonly text: string;
  /** Whether nothing but the form changes; else it is shown and not offered as a fix. */
  readonly certain: boolean;
}

function capitalised(text: string): string {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('');
}

/** What a service calls itself. */
const tool =
  '(?:(?:micro-?)?services?|outils?|applications?|applis?|plate-?formes?|portails?|sites?|logiciels?|solutions?|espaces?|systèmes?|interfaces?|modules?|extranet|intranet|guichets?|dispositifs?|t[ée]l[ée]services?|webservices?|progiciels?|environnements?|démarches?|simulateurs?|web-?app|annuaires?|bases?)';
/** « Cette application web de la ville », « Notre nouveau portail »… without a verb. */
const subject = `(?:(?:ce|cet|cette|ces|le|la|les|l'|un|une|notre|votre|nos|mon)\\s*)?(?:nouvel(?:le)?\\s+|nouveau\\s+)?${tool}(?:\\s+[^\\s.;:!?]+){0,5}?`;
const aim =
  '(?:permet(?:tent|tant|tra)?|sert|servant|vise(?:nt)?|visant|destinée?s?|dédiée?s?|aide|aidant|ayant pour (?:but|objectif|objet|vocation)|a pour (?:but|objectif|objet|vocation)|a vocation|pour objectif|pour but)';
const purposeful = new RegExp(
  `^(?:(?:${subject}|il|elle|il s'agit (?:de|d')\\s*${subject})\\s+)?(?:qui\\s+)?(?<aim>${aim})\\s+(?:(?<whom>(?:aux?|à la|à l'|à)\\s*[^.;]{2,60}?)\\s+)?(?<link>de\\s+|d'|à\\s+)(?<rest>(?:se\\s+|s'|y\\s+|en\\s+|ne\\s+pas\\s+|les?\\s+|la\\s+|l')?\\p{L}.*)$`,
  'isu',
);
const forPurpose = new RegExp(
  `^(?:${subject}\\s+)?(?:pour|afin de|afin d'|de|d')\\s*(?<rest>(?:se\\s+|s'|mieux\\s+)?\\p{L}.*)$`,
  'isu',
);
const permitsNoun = new RegExp(
  `^(?<aim>(?:(?:${subject}|il|elle)\\s+)?(?:qui\\s+)?(?:permet|permettant))\\s+(?<rest>(?:la|le|les|l'|une?|des|aux?)\\s*\\p{L}.*)$`,
  'isu',
);

function startsWithInfinitive(text: string): boolean {
  const word = /^(?:se\s+|s'|y\s+|en\s+|ne\s+pas\s+|les?\s+|la\s+|l'|mieux\s+)*(\p{L}+(?:-\p{L}+)*)/iu.exec(
    text,
  )?.[1];
  return word !== undefined && infinitive(word) !== undefined;
}

/** What takes back what it says: the infinitive alone would say the contrary. */
const negation =
  /(?<![\p{L}])(?:ne|n'|pas|jamais|sans|sauf|aucune?|ni|interdi\p{L}*|emp[êe]ch\p{L}*|évit\p{L}*|refus\p{L}*|bloqu\p{L}*|impossible)(?![\p{L}])/iu;
/** Words that only name the tool: what stands beside them is said of the service, and would be lost. */
const simpleLead = new RegExp(
  `^(?:(?:(?:ce|cet|cette|le|la|l'|un|une|notre|votre)\\s*)?(?:nouvel(?:le)?\\s+|nouveau\\s+)?${tool}(?:\\s+(?:numériques?|web|en\\s+ligne|mobiles?|internet|informatiques?))?\\s+|(?:il|elle|on|vous|nous|chacun)\\s+)?(?:qui\\s+)?(?:${aim}|pouvez|peut|pouvons|pourrez|pourra|pourront|peuvent|pour|afin|visant|permettant)?\\s*(?:de|d'|à)?$`,
  'iu',
);
/** A second sentence in the same one, which the infinitive in front would break. */
const secondVerb = /(?<![\p{L}])(?:pouvez|peut|peuvent|permet(?:tent)?|sert|servent|visent?)(?![\p{L}])/iu;

/** Rewordings that leave out what stood in front of the verb; none where that says the contrary. */
function permits(text: string): Proposal | undefined {
  const proposal = withoutLead(text);
  if (proposal === undefined || negation.test(proposal.found) || secondVerb.test(proposal.text))
    return undefined;
  const certain = proposal.certain && simpleLead.test(proposal.found) && !negation.test(proposal.text);
  return { ...proposal, certain };
}

function withoutLead(text: string): Proposal | undefined {
  const able =
    /^(?<found>(?:vous|on|nous|chacun|chaque \p{L}+|les \p{L}+|il|elle)\s+(?:pouvez|peut|pouvons|peuvent|pourrez|pourra|pourront))\s+(?<rest>.*)$/isu.exec(
      text,
    )?.groups;
  if (able?.rest !== undefined && startsWithInfinitive(able.rest))
    return { rewording: 'permits', found: able.found ?? '', text: capitalised(able.rest), certain: true };
  const groups = purposeful.exec(text)?.groups;
  const rest = groups?.rest;
  if (groups !== undefined && rest !== undefined && startsWithInfinitive(rest)) {
    const { whom, link = '', aim: verb = '' } = groups;
    const found = text.slice(0, text.length - rest.length).trimEnd();
    if (whom === undefined) return { rewording: 'permits', found, text: capitalised(rest), certain: true };
    // For whom the service is would be lost: the person is asked.
    return /^permet|^aid/i.test(verb)
      ? { rewording: 'permits', found, text: `Permettre ${whom} ${link}${rest}`, certain: false }
      : { rewording: 'permits', found, text: capitalised(rest), certain: false };
  }
  const purpose = forPurpose.exec(text)?.groups?.rest;
  if (purpose !== undefined && startsWithInfinitive(purpose)) {
    const found = text.slice(0, text.length - purpose.length).trimEnd();
    return { rewording: 'permits', found, text: capitalised(purpose), certain: true };
  }
  const named = permitsNoun.exec(text)?.groups;
  if (named === undefined) return undefined;
  const { aim: verb = '', rest: object = '' } = named;
  const nominal = rewordNoun(object.replace(/^(?:la|le|les|l'|une?)\s*/i, ''));
  return {
    rewording: 'permits',
    found: verb,
    text: nominal?.certain === true ? nominal.text : `Permettre ${object}`,
    certain: true,
  };
}

/** Words in -ez and -ons that are no verbs. */
const noImperative = /^(?:chez|assez|rendez|nez|rez|actions?|options?|dons|sons|maisons|saisons|leçons)$/i;

function imperative(text: string): Proposal | undefined {
  const match = /^(\p{L}{2,}(?:ez|ons)|faites|dites)(-vous)?(?![\p{L}-])/iu.exec(text);
  const word = match?.[1];
  if (word === undefined || noImperative.test(word)) return undefined;
  const verb = infinitiveOfImperative(word);
  if (verb === undefined) return undefined;
  const reflexive = match?.[2] === undefined ? '' : /^[aeiouyhàâéèêëîïôûœ]/i.test(verb) ? "s'" : 'se ';
  let certain = true;
  const rest = text
    .slice(match?.[0].length)
    .replace(
      /(,\s*|\s(?:et|ou|puis)\s+)(\p{L}{2,}ez)(?![\p{L}-])/giu,
      (all, joint: string, other: string) => {
        if (noImperative.test(other)) return all;
        const second = infinitiveOfImperative(other);
        if (second === undefined) certain = false;
        return second === undefined ? all : joint + second;
      },
    );
  if (/(?<!\brend)ez-vous/iu.test(rest)) certain = false;
  return {
    rewording: 'imperative',
    found: match?.[0] ?? word,
    text: capitalised(reflexive + verb) + rest,
    certain,
  };
}

/** What shows that the word before is a verb: its object. `des` and `du` also follow nouns. */
const object =
  /^\s+(?:l'|le|la|les|un|une|vos|votre|ses|son|sa|leurs?|nos|notre|tous|toutes|chaque)(?![\p{L}])/iu;

function present(text: string): Proposal | undefined {
  const match = /^(?:(?:il|elle|nous|on)\s+)?(se\s+|s')?(\p{L}{3,})(?![\p{L}'-])/iu.exec(text);
  const word = match?.[2];
  if (match === null || word === undefined) return undefined;
  const rest = text.slice(match[0].length);
  const verb = infinitiveOfPresent(word);
  if (verb === undefined || !object.test(rest)) return undefined;
  // « Gère les … et facilite … » has more to rewrite than its first word.
  const certain = !/\s(?:et|ou)\s+\p{L}+e\s+(?:l'|la|le|les|vos|leurs?)/iu.test(rest);
  return {
    rewording: 'present',
    found: match[0],
    text: capitalised((match[1] ?? '') + verb) + rest,
    certain,
  };
}

const articles: readonly (readonly [RegExp, string])[] = [
  [/^des\s+/i, 'les '],
  [/^du\s+/i, 'le '],
  [/^de la\s+/i, 'la '],
  [/^de l'\s*/i, "l'"],
  [/^d'un\s+/i, 'un '],
  [/^d'une\s+/i, 'une '],
  [/^de (?=(?:ses|vos|leurs?|nos|ces|cette|cet|ce|son|sa|votre|notre|tous|toutes)\s)/i, ''],
];
const pluralObject = /^(?:de\s+|d')(?=\p{L}{3,}[sx](?![\p{L}]))/iu;

/** « des dossiers » as the object of a verb: « les dossiers ». */
function objectOf(complement: string): string | undefined {
  for (const [article, replacement] of articles)
    if (article.test(complement)) return complement.replace(article, replacement);
  return pluralObject.test(complement) ? complement.replace(pluralObject, 'des ') : undefined;
}

const toolBefore = new RegExp(
  `^(?:(?:le|la|l'|un|une|notre|votre)\\s*)?${tool}(?:\\s+(?!de\\s|d'|pour\\s)[^\\s.;:]+){0,4}?\\s+(?:d'aide\\s+(?:à\\s+la|à\\s+l'|au)\\s*|dédiée?s?\\s+(?:à\\s+la|à\\s+l'|au|aux)\\s*|pour\\s+(?:la|le|les|l')\\s*|de\\s+la\\s+|de\\s+l'|du\\s+|de\\s+|d')`,
  'iu',
);

function rewordNoun(text: string): Proposal | undefined {
  const before = toolBefore.exec(text)?.[0] ?? /^(?:le|la|l')\s*(?=\p{L})/iu.exec(text)?.[0] ?? '';
  const named = text.slice(before.length);
  const turned = nounsToVerbs(named);
  if (turned === undefined) return undefined;
  const found = `${before}${named.slice(0, turned.length)}`.trim();
  return { rewording: 'noun', found, text: capitalised(turned.text), certain: turned.certain };
}

/** Turns « gestion et suivi des dossiers » into « gérer et suivre les dossiers ». */
function nounsToVerbs(text: string): { text: string; length: number; certain: boolean } | undefined {
  const first = verbOfNoun(text);
  if (first === undefined) return undefined;
  let verbs = first.verb;
  let length = first.length;
  let last = first;
  for (let joint = jointAt(text, length); joint !== ''; joint = jointAt(text, length)) {
    const next = verbOfNoun(text.slice(length + joint.length));
    if (next === undefined || next.keepsPreposition !== first.keepsPreposition) break;
    verbs += `${joint}${next.verb}`;
    length += joint.length + next.length;
    last = next;
  }
  const complement = text.slice(length).trimStart();
  const direct = last.keepsPreposition ? complement : objectOf(complement);
  if (complement === '') return { text: verbs, length, certain: false };
  if (direct === undefined) return undefined;
  const { rest, clean } = laterNouns(direct);
  const certain = clean && !pluralObject.test(complement);
  return { text: `${verbs}${direct === '' ? '' : ' '}${rest}`, length, certain };
}

function jointAt(text: string, at: number): string {
  return /^(?:\s*,\s*|\s+et\s+(?:d[eu]\s+|d')?|\s+ou\s+)(?=\p{L})/iu.exec(text.slice(at))?.[0] ?? '';
}

/** « … et suivi des aides », later in the sentence, has to be turned too. */
function laterNouns(text: string): { rest: string; clean: boolean } {
  const match = /^(.*?)((?:\s*,|\s+et|\s+ou)\s+)(\p{L}+.*)$/isu.exec(text);
  const [, head = '', joint = '', rest = ''] = match ?? [];
  const bare = rest.replace(/^(?:de\s+|d')/i, '');
  const tail = verbOfNoun(bare) === undefined ? rest : bare;
  if (match === null) return { rest: text, clean: true };
  const noun = verbOfNoun(tail);
  if (noun === undefined) {
    const later = laterNouns(tail);
    return { rest: `${head}${joint}${later.rest}`, clean: later.clean };
  }
  const turned = nounsToVerbs(tail);
  return turned === undefined
    ? { rest: text, clean: !/^\s*(?:d[eu]|des|de la|d')(?![\p{L}])/iu.test(tail.slice(noun.length)) }
    : { rest: `${head}${joint}${turned.text}`, clean: turned.certain };
}

/** A description (with plain apostrophes, without what precedes its first word) said with an infinitive first. */
export function proposalFor(text: string): Proposal | undefined {
  return permits(text) ?? imperative(text) ?? present(text) ?? rewordNoun(text);
}
