/** The rule on the number of the DataPass authorization. */
import { keyboardForm, keyboardMessage } from '#domain/definition/rules/keyboard-form';
import { definitionRule } from '#domain/definition/rules/rule';
import { unwrapped } from '#domain/definition/rules/wrapping';

const pointer = '/datapass';
const wellFormed = /^[HD]\d{1,9}$/;

/** DataPass addresses name the kind of what they show: an authorization (H) or a request (D). */
const link =
  /^(?:https?:\/\/)?(?:[a-z]+\.)?datapass\.api\.gouv\.fr\/(?:[^\s?#]*\/)?(habilitations|demandes?)\/[hd]?(\d{1,9})(?:[/?#]\S*)?$/i;
const anyLink = /^(?:https?:\/\/|www\.|[a-z]*\.?datapass\.)/i;
/** `n° H 4821`, `datapass: h-4821`, `D.123`, `#H4821`… */
const decorated =
  /^(?:(?:data\s*pass|habilitation|demande|num[ée]ro|n[°ºo]?|#)[\s:.-]*)*([hd])[\s:.°º#_-]*((?:\d[\s.]?){1,9})$/i;
/** When it was approved, as people note it. */
const date = /\b(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|20\d{2})\b/g;
/** Longer texts are no number, however they are decorated. */
const maxNumberLength = 200;

function meant(value: string): { form: 'link' | 'lowercase' | 'decorated'; correction: string } | undefined {
  const linked = link.exec(value.trim());
  if (linked !== null) {
    const letter = linked[1]?.toLowerCase() === 'habilitations' ? 'H' : 'D';
    return { form: 'link', correction: `${letter}${linked[2] ?? ''}` };
  }
  const match = decorated.exec(value.trim());
  if (match === null) {
    const inner = unwrapped(value, (text) => wellFormed.test(text));
    // « H4821, H5137 »: which one?
    if (inner === undefined || /\d{2,}/.test(inner.note.replace(date, ''))) return undefined;
    return { form: 'decorated', correction: inner.value };
  }
  const correction = `${match[1] ?? ''}${match[2] ?? ''}`.replace(/[\s.]/g, '').toUpperCase();
  if (!wellFormed.test(correction)) return undefined;
  return { form: value.toUpperCase() === correction ? 'lowercase' : 'decorated', correction };
}

function unclear(value: string): 'bareNumber' | 'otherLink' | 'several' | 'long' | 'other' {
  if (anyLink.test(value.trim())) return 'otherLink';
  if (
    (value.match(/[hd]?\s*\d{2,}/gi) ?? []).length > 1 &&
    /[,;/&\s]/.test(value.trim()) &&
    /[hd]\d/i.test(value)
  )
    return 'several';
  if (
    /^(?:(?:data\s*pass|dp|habilitation|demande|num[ée]ro|n[°ºo]?|#)[\s:.-]*)*\d[\d\s.]*$/i.test(value.trim())
  )
    return 'bareNumber';
  return /^[hd]\s*\d{10,}$/i.test(value.trim()) ? 'long' : 'other';
}

export const datapassFormat = definitionRule({
  id: 'datapass/format',
  severity: 'error',
  title: {
    fr: 'Le numéro DataPass est un H ou un D suivi de chiffres',
    en: 'A DataPass number is H or D followed by digits',
  },
  why: {
    fr: 'Le DataPass est l’habilitation qui autorise votre organisme à utiliser ProConnect. Greffier la vérifie par son numéro : `H` et des chiffres pour une habilitation, `D` et des chiffres pour une demande. Sans la lettre, le même nombre désigne deux dossiers différents.',
    en: 'DataPass is the authorization that lets your organization use ProConnect. Greffier checks it by its number: `H` and digits for an authorization, `D` and digits for a request. Without the letter, the same number names two different files.',
  },
  suppresses: ['schema/type'],
  messages: {
    link: {
      fr: 'Indiquez le numéro du DataPass et non son adresse {value} : écrivez {correction}.',
      en: 'Give the number of the DataPass, not its address {value}: write {correction}.',
    },
    lowercase: {
      fr: 'La lettre du numéro DataPass {value} est une majuscule : écrivez {correction}.',
      en: 'The letter of the DataPass number {value} is a capital: write {correction}.',
    },
    decorated: {
      fr: 'Dans {value}, seuls la lettre et les chiffres sont le numéro DataPass. Retirez le reste : {correction}.',
      en: 'In {value}, only the letter and the digits are the DataPass number. Remove the rest: {correction}.',
    },
    bareNumber: {
      fr: 'Il manque la lettre devant {value}. Regardez sur DataPass : `H` si l’habilitation est validée, `D` si c’est encore une demande (par exemple `H4821`).',
      en: 'The letter in front of {value} is missing. Look at DataPass: `H` when the authorization is approved, `D` when it is still a request (for example `H4821`).',
    },
    otherLink: {
      fr: 'L’adresse {value} ne dit pas le numéro du DataPass. Écrivez le numéro affiché en haut de la page, par exemple `H4821`.',
      en: 'The address {value} does not tell the number of the DataPass. Write the number shown at the top of the page, for example `H4821`.',
    },
    several: {
      fr: 'Un seul numéro DataPass est attendu : {value} en contient plusieurs. Gardez celui de ProConnect.',
      en: 'Only one DataPass number is expected: {value} holds several. Keep the one for ProConnect.',
    },
    long: {
      fr: 'Le numéro DataPass {value} a trop de chiffres : 9 au plus. Vérifiez la saisie.',
      en: 'The DataPass number {value} has too many digits: 9 at most. Check what was typed.',
    },
    other: {
      fr: '{value} n’est pas un numéro DataPass. Écrivez la lettre et les chiffres affichés sur https://datapass.api.gouv.fr, par exemple `H4821` ; si l’habilitation n’existe pas encore, demandez-la d’abord.',
      en: '{value} is not a DataPass number. Write the letter and digits shown on https://datapass.api.gouv.fr, for example `H4821`; when there is no authorization yet, ask for it first.',
    },
    keyboard: keyboardMessage,
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [{ yaml: 'datapass: H4821\n' }, { yaml: 'datapass: "D123456789"\n' }],
    bad: [
      { yaml: 'datapass: https://datapass.api.gouv.fr/habilitations/4821\n', messageIds: ['link'] },
      {
        yaml: 'datapass: https://datapass.api.gouv.fr/formulaires/pro-connect-fs/demande/12345\n',
        messageIds: ['link'],
      },
      { yaml: 'datapass: h4821\n', messageIds: ['lowercase'] },
      { yaml: 'datapass: "n° H 4821"\n', messageIds: ['decorated'] },
      { yaml: 'datapass: 4821\n', messageIds: ['bareNumber'] },
      { yaml: 'datapass: "4821"\n', messageIds: ['bareNumber'] },
      { yaml: 'datapass: Habilitation n° 4821\n', messageIds: ['bareNumber'] },
      {
        yaml: 'datapass: https://datapass.api.gouv.fr/public/demandes/7f0c2f6e\n',
        messageIds: ['otherLink'],
      },
      { yaml: 'datapass: H4821, H5137\n', messageIds: ['several'] },
      { yaml: 'datapass: H1234567890\n', messageIds: ['long'] },
      { yaml: 'datapass: Н4821\n', messageIds: ['keyboard'] },
      { yaml: 'datapass: en cours\n', messageIds: ['other'] },
    ],
  },
  check(partial, report) {
    if (partial.unquotedDatapass !== undefined)
      report({ pointer, messageId: 'bareNumber', values: { value: String(partial.unquotedDatapass) } });
    const value = partial.datapass;
    if (value === undefined || wellFormed.test(value)) return;
    const found = value.length > maxNumberLength ? undefined : meant(value);
    const typed = keyboardForm(value.slice(0, maxNumberLength));
    if (found === undefined && typed !== undefined && wellFormed.test(typed.text)) {
      const values = { value, characters: typed.characters, correction: typed.text };
      const correction = { kind: 'set', value: typed.text } as const;
      report({ pointer, messageId: 'keyboard', values, fix: { title: 'fix', values, correction } });
      return;
    }
    if (found === undefined) {
      report({ pointer, messageId: unclear(value.slice(0, maxNumberLength)), values: { value } });
      return;
    }
    const { form, correction } = found;
    report({
      pointer,
      messageId: form,
      values: { value, correction },
      fix: { title: 'fix', values: { correction }, correction: { kind: 'set', value: correction } },
    });
  },
});
