/** Whether a French sentence begins with an infinitive. */
import { infinitives, nounsInEr, verbsAndNouns } from './verbs.generated.ts';

interface Lexicon {
  readonly verbs: ReadonlySet<string>;
  readonly nouns: ReadonlySet<string>;
  readonly both: ReadonlySet<string>;
}

/** Verbs that applications are described with and that dictionaries do not have yet, or write otherwise. */
const recentVerbs =
  'challenger prototyper monitorer requêter géolocaliser télécharger téléverser télédéclarer télépayer ' +
  'cocréer coconstruire coécrire décloisonner déprioriser prioriser mutualiser reporter sourcer tracker ' +
  'onboarder pitcher benchmarker sécuriser ressourcer outiller visioconférencer clôturer';

let lexicon: Lexicon | undefined;

/** Split on the first description that the common verbs do not settle. */
function words(): Lexicon {
  lexicon ??= {
    verbs: new Set(`${infinitives} ${recentVerbs}`.split(' ')),
    nouns: new Set(nounsInEr.split(' ')),
    both: new Set(verbsAndNouns.split(' ')),
  };
  return lexicon;
}

/** The first words of most real descriptions. */
const common: ReadonlySet<string> = new Set(
  (
    'accéder accompagner administrer aider améliorer analyser animer apprendre archiver assurer authentifier ' +
    'calculer candidater cartographier centraliser collaborer collecter communiquer concevoir connaître consulter ' +
    'construire contribuer contrôler coordonner créer déclarer dématérialiser demander déposer développer diffuser ' +
    'disposer échanger éditer élaborer envoyer établir évaluer exploiter faciliter faire fédérer fiabiliser fluidifier ' +
    'fournir former gérer harmoniser héberger identifier informer inscrire instruire intégrer mesurer mettre ' +
    'moderniser mutualiser numériser obtenir offrir optimiser organiser orienter outiller partager participer ' +
    'permettre piloter planifier prendre préparer prévenir produire proposer protéger publier réaliser recenser ' +
    'rechercher recevoir réduire référencer regrouper rendre renseigner répertorier répondre réserver retrouver ' +
    'réunir saisir sécuriser signaler signer simplifier simuler soumettre soutenir stocker structurer suivre ' +
    'traiter transmettre travailler trouver valider valoriser vérifier visualiser'
  ).split(' '),
);

/** Nouns and adjectives that could be taken for verbs are read as verbs when they nearly always are. */
const mostlyVerbs = new Set(
  'agir aller avoir boire devenir dire être lire paraître parler placer revoir rire vivre'.split(' '),
);
/** After a verb; `de` and `du` come after a noun as well. */
const afterVerb =
  /^(?:l'|le|la|les|un|une|des|vos|votre|ses|son|sa|leurs?|nos|notre|ces|cet|cette|ce|tous|toutes|toute|tout|chaque|plusieurs|aux|plus|mieux|\p{L}+ment)(?![\p{L}])/iu;
const prefixes =
  /^(?:auto|bio|cyber|dé|dés|éco|entre|géo|hyper|inter|micro|multi|photo|post|pré|re|ré|r|sur|sous|télé|trans|vidéo|co)-?(?=\p{L}{4})/u;

/** `verb`: an infinitive; `both`: an infinitive and a noun; `noun`: certainly none; `unknown`: it has the look. */
export type WordKind = 'verb' | 'both' | 'noun' | 'unknown' | 'other';

export function kindOfWord(word: string): WordKind {
  // Most keyboards have no œ: « oeuvrer » and « manoeuvrer » are the verbs all the same.
  const lower = word.toLowerCase().replace('oeu', 'œu');
  if (common.has(lower)) return 'verb';
  if (!/(?:er|ir|ïr|re)$/.test(lower)) return 'other';
  const { verbs, nouns, both } = words();
  if (both.has(lower)) return mostlyVerbs.has(lower) ? 'verb' : 'both';
  if (verbs.has(lower)) return 'verb';
  const root = lower.replace(prefixes, '');
  if (root !== lower && verbs.has(root) && !both.has(root)) return 'verb';
  const parts = lower.split('-');
  if (
    parts.length === 2 &&
    verbs.has(parts[1] ?? '') &&
    /^(?:co|pré|auto|télé|re|ré|e|bio|éco|web|post|sous)$/.test(parts[0] ?? '')
  )
    return 'verb';
  // Verbs are no longer made in -ir and -re, nor in -ier but for -ifier.
  if (!lower.endsWith('er') || nouns.has(lower) || /[^f]ier$/.test(lower)) return 'noun';
  return /(?:iser|ifier|ionner|ayer|ailler)$/.test(lower) ? 'verb' : 'unknown';
}

/** Letters without their accents, to recognise `EDITER` and `Editer`. */
function unaccented(word: string): string {
  return word.normalize('NFD').replace(/\p{Mn}/gu, '');
}

let accents: ReadonlyMap<string, string> | undefined;

/** The verb that a word without its accents stands for: `Editer` is `éditer`, `GERER` is `gérer`. */
export function accented(word: string): string | undefined {
  const lower = word.toLowerCase();
  if (!/^[a-z-]+(?:er|ir|re)$/.test(lower)) return undefined;
  accents ??= new Map(
    [...common, ...words().verbs]
      .filter((verb) => /[^a-z-]/.test(verb))
      .map((verb) => [unaccented(verb), verb]),
  );
  return accents.get(lower);
}

/** What a sentence opens with before its verb: quotation marks, bullets, numbers. */
const opening = /^(?:["«“”'‘’*_#>•·\-–—\s]|\d+[.)]\s)+/u;
/** Words that may stand between the start and an infinitive without making it something else. */
const clitics =
  /^(?:(?:ne pas|ne plus|ne jamais|se|s'|me|m'|te|t'|nous|vous|lui|leur|y|en|mieux|bien)(?:\s+|(?<=')))*(?:(?:le|la|les)\s+|l')?/iu;
const firstWord = /^\p{L}+(?:-\p{L}+)*/u;

export interface Opening {
  readonly kind: WordKind;
  /** The word that is, or should have been, the infinitive. */
  readonly word: string;
  /** With its accents, when they are missing. */
  readonly accented?: string;
  /** Where the word starts and ends in the text, in UTF-16 code units. */
  readonly span: readonly [start: number, end: number];
}

/** Reads the first words of a description (with plain apostrophes). */
export function openingOf(text: string): Opening {
  const start = opening.exec(text)?.[0].length ?? 0;
  const rest = text.slice(start);
  const before = clitics.exec(rest)?.[0] ?? '';
  const bound = before === '' ? undefined : wordAt(text, start + before.length);
  if (
    bound !== undefined &&
    (bound.kind === 'verb' || (bound.kind === 'both' && !/(?:le|la|les|l')\s*$/i.test(before)))
  )
    return { ...bound, kind: 'verb' };
  const found = wordAt(text, start) ?? { kind: 'other', word: '', span: [start, start] as const };
  if (found.kind !== 'both') return found;
  const after = text.slice(found.span[1]).replace(/^[\s,]+/, '');
  return verbFollows(after) ? { ...found, kind: 'verb' } : found;
}

function verbFollows(after: string): boolean {
  if (afterVerb.test(after)) return true;
  const next = firstWord.exec(after.replace(/^(?:et|ou)\s+/i, ''))?.[0];
  return next !== undefined && kindOfWord(next) === 'verb';
}

function wordAt(text: string, start: number): Opening | undefined {
  const word = firstWord.exec(text.slice(start))?.[0];
  if (word === undefined) return undefined;
  const span = [start, start + word.length] as const;
  const kind = kindOfWord(word);
  if (kind === 'verb' || kind === 'both') return { kind, word, span };
  const spelt = accented(word);
  return spelt === undefined ? { kind, word, span } : { kind: 'verb', word, accented: spelt, span };
}
