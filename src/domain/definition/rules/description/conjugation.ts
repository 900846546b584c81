/** From a form of a verb to its infinitive, as far as the words of descriptions need it: « gérez » and « gère » are « gérer ». */
import { accented, kindOfWord } from './word-kinds.ts';

/** A word that is an infinitive, with its accents where they are missing; undefined when it is none. */
export function infinitive(word: string): string | undefined {
  const kind = kindOfWord(word);
  return kind === 'verb' || kind === 'both' ? word : accented(word);
}

const irregularImperatives: ReadonlyMap<string, string> = new Map(
  Object.entries({
    faites: 'faire',
    dites: 'dire',
    soyez: 'être',
    ayez: 'avoir',
    sachez: 'savoir',
    voyez: 'voir',
    lisez: 'lire',
    prenez: 'prendre',
    apprenez: 'apprendre',
    comprenez: 'comprendre',
    entreprenez: 'entreprendre',
    inscrivez: 'inscrire',
    écrivez: 'écrire',
    décrivez: 'décrire',
    souscrivez: 'souscrire',
    recevez: 'recevoir',
    concevez: 'concevoir',
    prévoyez: 'prévoir',
    joignez: 'joindre',
    rejoignez: 'rejoindre',
    connaissez: 'connaître',
    reconnaissez: 'reconnaître',
    construisez: 'construire',
    produisez: 'produire',
    réduisez: 'réduire',
    conduisez: 'conduire',
    traduisez: 'traduire',
    élisez: 'élire',
    buvez: 'boire',
    venez: 'venir',
    tenez: 'tenir',
    obtenez: 'obtenir',
    devenez: 'devenir',
    servez: 'servir',
    résolvez: 'résoudre',
  }),
);

/** « Gérez », « gérons ». */
export function infinitiveOfImperative(word: string): string | undefined {
  const lower = word.toLowerCase();
  const irregular = irregularImperatives.get(lower);
  if (irregular !== undefined) return irregular;
  const stem = /^(.{2,})(?:ez|ons)$/.exec(lower)?.[1];
  if (stem === undefined) return undefined;
  const candidates = [
    `${stem}er`,
    ...(stem.endsWith('iss') ? [`${stem.slice(0, -3)}ir`] : []),
    `${stem}re`,
    `${stem}ir`,
  ];
  return candidates.find((candidate) => infinitive(candidate) !== undefined);
}

const irregularPresents: ReadonlyMap<string, string> = new Map(
  Object.entries({
    suit: 'suivre',
    met: 'mettre',
    rend: 'rendre',
    réduit: 'réduire',
    fait: 'faire',
    fournit: 'fournir',
    réunit: 'réunir',
    répond: 'répondre',
    définit: 'définir',
    établit: 'établir',
    garantit: 'garantir',
    ouvre: 'ouvrir',
    offre: 'offrir',
    obtient: 'obtenir',
    tient: 'tenir',
    maintient: 'maintenir',
    soutient: 'soutenir',
    transmet: 'transmettre',
    permet: 'permettre',
    prend: 'prendre',
    reçoit: 'recevoir',
    produit: 'produire',
    construit: 'construire',
    enrichit: 'enrichir',
    fluidifie: 'fluidifier',
    emploie: 'employer',
    envoie: 'envoyer',
    donne: 'donner',
    décrit: 'décrire',
    inscrit: 'inscrire',
    découvre: 'découvrir',
    saisit: 'saisir',
  }),
);
/** « Gère », « gèrent ». */
export function infinitiveOfPresent(word: string): string | undefined {
  const lower = word.toLowerCase();
  const irregular = irregularPresents.get(lower);
  if (irregular !== undefined) return irregular;
  const stem = /^(.{2,}e)(?:nt)?$/.exec(lower)?.[1];
  if (stem === undefined) return undefined;
  const candidates = [
    `${stem}r`,
    `${stem.replace(/è([^aeiouyè]{1,2}e)$/, 'é$1')}r`,
    `${stem.replace(/è([^aeiouyè]{1,2}e)$/, 'e$1')}r`,
    `${stem.replace(/(?:ll|tt)e$/, (double) => `${double[0] ?? ''}e`)}r`,
  ];
  return candidates.find((candidate) => infinitive(candidate) !== undefined);
}
