import { definitionRule } from '#domain/definition/rules/rule';
import { descriptionPointer, maxDescriptionLength, maxDescriptionRead } from './limits.ts';
import { proposalFor } from './proposal.ts';
import { openingOf } from './word-kinds.ts';

/** Longer texts are not rewritten: they have more to change than their first word. */
const maxRewrittenLength = 400;

/** `Ne pas réserver`, `Cette application ne permet pas`: what the service does not do. */
const negated =
  /^\s*(?:(?:ne\s+(?:pas|plus|jamais)|n'[\p{L}]{1,20}\s+(?:pas|plus|jamais))(?![\p{L}])|(?:(?:cet?|cette|notre|le|la|l')\s*[\p{L}-]{1,30}\s+){1,3}(?:ne\s+[\p{L}]{1,20}|n'[\p{L}]{1,20})\s+(?:pas|plus|jamais)(?![\p{L}]))/iu;

function plainApostrophes(text: string): string {
  return text.replace(/[\u2018\u2019\u02bc]/g, "'");
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
    permitsAsked: {
      fr: 'La description doit commencer par un verbe à l’infinitif, et non par {found}. Par exemple {proposal}, si cette phrase dit toujours la même chose que la vôtre.',
      en: 'The description must begin with an infinitive, not with {found}. For example {proposal}, if this sentence still says the same as yours.',
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
    negated: {
      fr: 'La description dit ce que le service ne fait pas ({found}). Dites ce qu’il permet de faire, par exemple « Gérer… », « Suivre… », « Déposer… ».',
      en: 'The description says what the service does not do ({found}). Say what it lets people do, for example “Gérer…”, “Suivre…”, “Déposer…”.',
    },
    other: {
      fr: '{word} n’est pas un verbe à l’infinitif. Dites ce que le service permet de faire, par exemple « Gérer… », « Suivre… », « Déposer… ».',
      en: '{word} is not a French infinitive. Say what the service lets people do, for example “Gérer…”, “Suivre…”, “Déposer…”.',
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
        messageIds: ['permitsAsked'],
      },
      { yaml: 'description: Gérez vos demandes de subvention\n', messageIds: ['imperative'] },
      { yaml: 'description: Facilite les demandes de subvention\n', messageIds: ['present'] },
      { yaml: 'description: Plateforme de gestion des subventions\n', messageIds: ['noun'] },
      { yaml: 'description: Ne pas refaire deux fois la même demande\n', messageIds: ['negated'] },
      { yaml: 'description: Dossier de demande de subvention\n', messageIds: ['other'] },
      { yaml: 'description: Annuaire des associations\n', messageIds: ['other'] },
      { yaml: 'description: Conseiller numérique\n', messageIds: ['doubt'] },
      { yaml: 'description: Editer les arrêtés préfectoraux\n', messageIds: ['accent'] },
    ],
  },
  check(partial, report) {
    if (partial.description === undefined || partial.description.trim() === '') return;
    const text = plainApostrophes(partial.description.slice(0, maxDescriptionRead));
    const negation = negated.exec(text);
    if (negation !== null) {
      const at = [negation.index, negation.index + negation[0].length] as const;
      report({
        pointer: descriptionPointer,
        span: inOriginal(partial.description, text, at),
        messageId: 'negated',
        values: { found: negation[0].trim() },
      });
      return;
    }
    const { kind, word, span, accented } = openingOf(text);
    if (kind === 'verb') {
      if (accented === undefined || partial.description.length > maxDescriptionRead) return;
      const correction = word === word.toUpperCase() ? accented.toUpperCase() : capitalised(accented);
      const proposal = `${text.slice(0, span[0])}${correction}${text.slice(span[1])}`;
      report({
        pointer: descriptionPointer,
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
        pointer: descriptionPointer,
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
        pointer: descriptionPointer,
        span: inOriginal(partial.description, text, span),
        messageId: 'other',
        values: { word: firstWords(text.slice(start)) },
      });
      return;
    }
    const { rewording, found, text: rewritten, certain } = proposal;
    report({
      pointer: descriptionPointer,
      span: inOriginal(partial.description, text, [start, start + found.length]),
      messageId: rewording === 'permits' && !certain ? 'permitsAsked' : rewording,
      values: { found, proposal: rewritten },
      ...(certain && rewritten.length <= maxDescriptionLength
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
