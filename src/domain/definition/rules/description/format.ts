import { startsAnew } from '#domain/definition/parse/layout-values';
import { definitionRule } from '#domain/definition/rules/rule';
import { descriptionPointer, maxDescriptionRead } from './limits.ts';

/** What Markdown, HTML and chat tools read as something else than a sentence. */
const markup =
  /(\*\*|__)\S.*?\1|<\/?[a-z][^>]*>|!?\[[^\]]*\]\([^)]*\)|`[^`]+`|^\s*(?:[-*+•]\s|#{1,6}\s|>\s|\d+[.)]\s)|(?:^|\s)[*_][^\s*_][^*_]*[*_](?:\s|$)|&(?:nbsp|amp|lt|gt|#\d+);/imu;

/** A domain alone (« data.gouv.fr ») is a name that people know; with a path, it is a link. */
const link =
  /\bhttps?:\/\/\S*|\bwww\.[a-z0-9-]+\.\S+|(?<![\p{L}\d@.-])(?:[a-z0-9-]+\.)+(?:fr|com|org|net|eu)\/\S+/iu;

const address = /[^\s@]{1,64}@[^\s@]{1,100}\.[^\s@.]{2,}/;

/** A whole text in quotation marks; none of them within. */
const wrapped = /^[«“„"‘]\s*([^«»“”„"‘]+?)\s*[»”"’]$/u;
const emphasis = /(\*\*|__)(\S(?:.*?\S)?)\1/gu;
const bullet = /^[-+•]\s+/u;

const emoji = /\p{Extended_Pictographic}(?<![\d#*©®™])/u;

/** A text of several lines on one. How sentences that no sign ends are to be joined is known to their author. */
function onOneLine(text: string): { text: string; certain: boolean } {
  const lines = text.split(/[\r\n]+/).map((line) => line.replace(/\s+/g, ' ').trim());
  const joined = lines.filter((line) => line !== '');
  const certain = joined.every((line, index) => index === 0 || !startsAnew(joined[index - 1] ?? '', line));
  const lowered = (line: string) => line.charAt(0).toLowerCase() + line.slice(1);
  return {
    text: joined.reduce((all, line) =>
      startsAnew(all, line) ? `${all}, ${lowered(line)}` : `${all} ${line}`,
    ),
    certain,
  };
}

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
    quoted: {
      fr: 'La description est entourée de signes en trop. Écrivez le texte seul : {proposal}',
      en: 'The description has signs too many around it. Write the text alone: {proposal}',
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
      en: 'The description is empty. Write in one line what the service lets people do, for example “Déposer une demande de subvention”.',
    },
    fix: { fr: 'Écrire sur une seule ligne', en: 'Write on one line' },
    clean: { fr: 'Écrire {proposal}', en: 'Write {proposal}' },
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
      { yaml: 'description: « Déposer une demande »\n', messageIds: ['quoted'] },
    ],
  },
  check(partial, report) {
    const value = partial.description;
    if (value === undefined) return;
    if (value.trim() === '') {
      if (value !== '') report({ pointer: descriptionPointer, messageId: 'blank' });
      return;
    }
    const line = value.trim();
    if (/[\r\n\t]/.test(line)) {
      const { text: proposal, certain } = onOneLine(line);
      report({
        pointer: descriptionPointer,
        messageId: 'lines',
        values: { proposal },
        ...(certain && { fix: { title: 'fix', correction: { kind: 'set', value: proposal } } }),
      });
    }
    const text = value.slice(0, maxDescriptionRead);
    const bare = wrapped.exec(line)?.[1];
    if (bare !== undefined) {
      report({
        pointer: descriptionPointer,
        messageId: 'quoted',
        values: { proposal: bare },
        fix: { title: 'clean', values: { proposal: bare }, correction: { kind: 'set', value: bare } },
      });
      return;
    }
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
      const proposal = messageId === 'markup' ? line.replace(emphasis, '$2').replace(bullet, '') : line;
      report({
        pointer: descriptionPointer,
        span: [match.index, match.index + match[0].length],
        messageId,
        values: { part },
        ...(proposal !== line && {
          fix: { title: 'clean', values: { proposal }, correction: { kind: 'set', value: proposal } },
        }),
      });
    }
  },
});
