/** Rules on the short description, shown in the public list of services. */

import { openingOf } from './description/infinitive.ts';
import { proposalFor } from './description/proposal.ts';
import { definitionRule } from './rule.ts';

const pointer = '/description';
const maxLength = 240;
/** Longer texts are not rewritten: they have more to change than their first word. */
const maxRewrittenLength = 400;
/** What is far too long is not read any further. */
const maxReadLength = 1000;

function plainApostrophes(text: string): string {
  return text.normalize('NFC').replace(/[\u2018\u2019\u02bc]/g, "'");
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export const descriptionInfinitive = definitionRule({
  id: 'description/infinitive',
  severity: 'error',
  title: {
    fr: 'La description commence par un verbe à l’infinitif',
    en: 'The description begins with an infinitive',
  },
  why: {
    fr: 'La description paraît dans la liste publique des services connectés à ProConnect, où toutes commencent par un infinitif : on lit d’un coup d’œil ce que chaque service permet de faire.',
    en: 'The description appears in the public list of services connected to ProConnect, where all begin with an infinitive: one sees at a glance what each service lets people do.',
  },
  messages: {
    permits: {
      fr: 'La description commence par {found}. Commencez directement par l’infinitif : {proposal}.',
      en: 'The description begins with {found}. Begin with the infinitive itself: {proposal}.',
    },
    imperative: {
      fr: '{found} est à l’impératif, et la liste publique attend un infinitif. Écrivez : {proposal}.',
      en: '{found} is an imperative, and the public list wants an infinitive. Write: {proposal}.',
    },
    present: {
      fr: '{found} est conjugué, et la liste publique attend un infinitif. Écrivez : {proposal}.',
      en: '{found} is conjugated, and the public list wants an infinitive. Write: {proposal}.',
    },
    noun: {
      fr: 'La description doit commencer par un verbe à l’infinitif, et non par {found}. Proposition : {proposal}.',
      en: 'The description must begin with an infinitive, not with {found}. Proposal: {proposal}.',
    },
    other: {
      fr: '{word} n’est pas un verbe à l’infinitif. Dites ce que le service permet de faire, par exemple « Gérer… », « Suivre… », « Déposer… ».',
      en: '{word} is not a French infinitive. Say what the service lets people do, for example « Gérer… », « Suivre… », « Déposer… ».',
    },
    doubt: {
      fr: '{word} est-il bien ici un verbe à l’infinitif ? La description doit commencer par un verbe qui dit ce que le service permet de faire.',
      en: 'Is {word} really an infinitive here? The description must begin with a verb that says what the service lets people do.',
    },
    accent: {
      fr: 'L’usage est d’accentuer {word}, même en capitale : écrivez {correction}.',
      en: 'The usage is to put the accent on {word}, even on a capital: write {correction}.',
    },
    fix: { fr: 'Écrire {proposal}', en: 'Write {proposal}' },
  },
  examples: {
    good: [
      { yaml: 'description: Déposer et suivre les demandes de subvention\n' },
      { yaml: "description: S'informer sur les droits des agents\n" },
      { yaml: 'description: Se connecter aux outils du ministère\n' },
      { yaml: 'description: Prévenir, réduire et mesurer les risques\n' },
      { yaml: 'description: Co-construire les politiques publiques\n' },
      { yaml: "description: Oeuvrer pour l'accessibilité numérique\n" },
    ],
    bad: [
      { yaml: 'description: Permet de suivre les demandes de subvention\n', messageIds: ['permits'] },
      {
        yaml: 'description: Ce service permet aux agents de suivre leurs demandes\n',
        messageIds: ['permits'],
      },
      { yaml: 'description: Gérez vos demandes de subvention\n', messageIds: ['imperative'] },
      { yaml: 'description: Facilite les demandes de subvention\n', messageIds: ['present'] },
      { yaml: 'description: Plateforme de gestion des subventions\n', messageIds: ['noun'] },
      { yaml: 'description: Dossier de demande de subvention\n', messageIds: ['other'] },
      { yaml: 'description: Annuaire des associations\n', messageIds: ['other'] },
      { yaml: 'description: Conseiller numérique\n', messageIds: ['doubt'] },
      { yaml: 'description: Editer les arrêtés préfectoraux\n', messageIds: ['accent'] },
    ],
  },
  check(partial, report) {
    if (partial.description === undefined || partial.description.trim() === '') return;
    const text = plainApostrophes(partial.description.slice(0, maxReadLength));
    const { kind, word, span, accented } = openingOf(text);
    if (kind === 'verb') {
      if (accented === undefined || partial.description.length > maxReadLength) return;
      const correction = word === word.toUpperCase() ? accented.toUpperCase() : capitalised(accented);
      const proposal = `${text.slice(0, span[0])}${correction}${text.slice(span[1])}`;
      report({
        pointer,
        span: inOriginal(partial.description, text, span),
        messageId: 'accent',
        severity: 'info',
        values: { word, correction },
        fix: { title: 'fix', values: { proposal }, correction: { kind: 'set', value: proposal } },
      });
      return;
    }
    if (kind === 'both' || kind === 'unknown') {
      report({
        pointer,
        span: inOriginal(partial.description, text, span),
        messageId: 'doubt',
        severity: 'warning',
        values: { word },
      });
      return;
    }
    const start = span[0];
    const proposal = text.length > maxRewrittenLength ? undefined : proposalFor(text.slice(start).trim());
    if (proposal === undefined) {
      report({
        pointer,
        span: inOriginal(partial.description, text, span),
        messageId: 'other',
        values: { word: firstWords(text.slice(start)) },
      });
      return;
    }
    const { rewording, found, text: rewritten, certain } = proposal;
    report({
      pointer,
      span: inOriginal(partial.description, text, [start, start + found.length]),
      messageId: rewording,
      values: { found, proposal: rewritten },
      ...(certain && rewritten.length <= maxLength
        ? {
            fix: {
              title: 'fix',
              values: { proposal: rewritten },
              correction: { kind: 'set', value: rewritten },
            },
          }
        : {}),
    });
  },
});

/** The first word, with what it cannot go without: « Le portail », « 2e portail ». */
function firstWords(text: string): string {
  return (
    /^(?:(?:le|la|les|un|une|des|ce|cet|cette|notre|votre|vous|nous|on|il|elle|pour|\d+\p{L}*)\s+|l')?[^\s,;:.]+/iu.exec(
      text,
    )?.[0] ?? text
  );
}

/** Composed accents shift what follows them: then the whole value is underlined. */
function inOriginal(
  original: string,
  text: string,
  span: readonly [number, number],
): readonly [number, number] {
  return original.length === text.length && span[1] > span[0] ? span : [0, original.length];
}

/** What Markdown, HTML and chat tools read as something else than a sentence. */
const markup =
  /(\*\*|__)\S.*?\1|<\/?[a-z][^>]*>|!?\[[^\]]*\]\([^)]*\)|`[^`]+`|^\s*(?:[-*+•]\s|#{1,6}\s|>\s|\d+[.)]\s)|(?:^|\s)[*_][^\s*_][^*_]*[*_](?:\s|$)|&(?:nbsp|amp|lt|gt|#\d+);/imu;
/** A domain alone (« data.gouv.fr ») is a name that people know; with a path, it is a link. */
const link =
  /\bhttps?:\/\/\S*|\bwww\.[a-z0-9-]+\.\S+|(?<![\p{L}\d@.-])(?:[a-z0-9-]+\.)+(?:fr|com|org|net|eu)\/\S+/iu;
const address = /[^\s@]{1,64}@[^\s@]{1,100}\.[^\s@.]{2,}/;
const emoji = /\p{Extended_Pictographic}(?<![\d#*©®™])/u;

/** What every address, link, mark-up and emoji has in it: most descriptions need no closer look. */
const marked = /[@/<[`*_&#\u2000-\uffff]|www\.|^\s*[-+•>\d]/im;

export const descriptionFormat = definitionRule({
  id: 'description/format',
  severity: 'error',
  title: {
    fr: 'La description tient sur une ligne, sans lien ni mise en forme',
    en: 'The description is one line, without links or formatting',
  },
  why: {
    fr: 'La liste publique affiche la description telle quelle, sur une ligne de 240 caractères au plus. Un lien ou une mise en forme y paraîtrait en clair.',
    en: 'The public list shows the description as it is, on one line of at most 240 characters. A link or formatting would show as raw signs.',
  },
  messages: {
    long: {
      fr: 'La description fait {count} caractères ; 240 au plus. Gardez la phrase qui dit à quoi sert le service.',
      en: 'The description has {count} characters; 240 at most. Keep the sentence that says what the service is for.',
    },
    shortened: {
      fr: 'La description fait {count} caractères ; 240 au plus. Sa première phrase suffirait : {proposal}',
      en: 'The description has {count} characters; 240 at most. Its first sentence would do: {proposal}',
    },
    lines: {
      fr: 'La description tient sur plusieurs lignes. Écrivez-la sur une seule : {proposal}',
      en: 'The description spans several lines. Write it on one: {proposal}',
    },
    link: {
      fr: 'La description contient un lien ({part}). Retirez-le : la liste publique en ajoute un vers votre service.',
      en: 'The description holds a link ({part}). Remove it: the public list adds one to your service.',
    },
    address: {
      fr: 'La description contient une adresse e-mail ({part}). Retirez-la : l’adresse de support a son propre champ.',
      en: 'The description holds an e-mail address ({part}). Remove it: the support address has a field of its own.',
    },
    markup: {
      fr: 'La description contient une mise en forme ({part}), que la liste publique afficherait telle quelle. Écrivez du texte simple.',
      en: 'The description holds formatting ({part}), which the public list would show as it is. Write plain text.',
    },
    emoji: {
      fr: 'La description contient un pictogramme ({part}). Écrivez du texte simple.',
      en: 'The description holds a pictogram ({part}). Write plain text.',
    },
    blank: {
      fr: 'La description est vide. Écrivez en une ligne ce que le service permet de faire, par exemple « Déposer une demande de subvention ».',
      en: 'The description is empty. Write in one line what the service lets people do, for example « Déposer une demande de subvention ».',
    },
    fix: { fr: 'Écrire sur une seule ligne', en: 'Write on one line' },
  },
  examples: {
    good: [
      { yaml: "description: Déposer une demande d'aide (État, région) & suivre son instruction n° à n°\n" },
      { yaml: 'description: Consulter les données de data.gouv.fr et de l’INSEE\n' },
    ],
    bad: [
      { yaml: 'description: "Déposer une demande\\net suivre son instruction"\n', messageIds: ['lines'] },
      { yaml: 'description: Déposer une demande sur https://subventions.gouv.fr\n', messageIds: ['link'] },
      { yaml: 'description: Déposer une **demande** de subvention\n', messageIds: ['markup'] },
      { yaml: 'description: Déposer une demande <b>en ligne</b>\n', messageIds: ['markup'] },
      { yaml: 'description: Écrire à aide@subventions.gouv.fr\n', messageIds: ['address'] },
      { yaml: 'description: Déposer une demande 🚀\n', messageIds: ['emoji'] },
    ],
  },
  check(partial, report) {
    const value = partial.description;
    if (value === undefined) return;
    if (value.trim() === '') {
      if (value !== '') report({ pointer, messageId: 'blank' });
      return;
    }
    const count = value.length > maxLength ? Array.from(value.normalize('NFC')).length : value.length;
    if (count > maxLength) {
      const proposal = /^.{20,239}?[.!?](?=\s)/su.exec(value.slice(0, 300))?.[0].replace(/\s+/g, ' ');
      if (proposal === undefined) report({ pointer, messageId: 'long', values: { count } });
      else report({ pointer, messageId: 'shortened', values: { count, proposal } });
    }
    const line = value.trim();
    if (/[\r\n\t]/.test(line)) {
      const proposal = line.replace(/\s+/g, ' ');
      report({
        pointer,
        messageId: 'lines',
        values: { proposal },
        fix: { title: 'fix', correction: { kind: 'set', value: proposal } },
      });
    }
    const text = value.slice(0, maxReadLength);
    if (!marked.test(text)) return;
    const found = {
      address: address.exec(text),
      link: link.exec(text),
      markup: markup.exec(text),
      emoji: emoji.exec(text),
    };
    for (const messageId of ['address', 'link', 'markup', 'emoji'] as const) {
      const match = found[messageId];
      if (match === null || (messageId === 'link' && (found.address ?? found.markup) !== null)) continue;
      const part = match[0].trim();
      report({ pointer, span: [match.index, match.index + match[0].length], messageId, values: { part } });
    }
  },
});

export const descriptionRules = [descriptionInfinitive, descriptionFormat] as const;
