import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import { keyboardForm, keyboardMessage } from '#domain/definition/rules/keyboard-form';
import { definitionRule } from '#domain/definition/rules/rule';
import { unwrapped, type Wrapped } from '#domain/definition/rules/wrapping';
import { fourteenDigits, hasSiretKey, siretPointer } from './digits.ts';

const separators = /[\s.\-_/\u00a0\u202f]/g;

const label = /^(?:n[°ºo]\s*)?siret\s*(?:n[°ºo]\s*)?[:=]?\s*/i;

/** Letters that a keyboard or a scanner puts where a digit should be. */
const lookalikes: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  I: '1',
  l: '1',
  i: '1',
  S: '5',
  B: '8',
};

/** A SIRET, its digits perhaps in groups. */
function isSiret(text: string): boolean {
  return /^\d[\d\s.\-_/\u00a0\u202f]*\d$/.test(text) && fourteenDigits.test(text.replace(separators, ''));
}

/** The 14 digits in groups at the start of a text, and the note behind them. */
function grouped(value: string): Wrapped | undefined {
  const [, digits = '', note = ''] =
    /^\s*(\d(?:[\s.\-_/\u00a0\u202f]?\d){13})[\s,;]+([^\d\s,;].*)$/su.exec(value) ?? [];
  return digits === '' ? undefined : { value: digits, note };
}

/** What was meant, when leaving out separators, a label or letters that look like digits gives a true SIRET. */
function meant(value: string): string | undefined {
  const bare = value.trim().replace(label, '').replace(separators, '');
  if (fourteenDigits.test(bare)) return bare;
  const digits = bare.replace(/[OoIliSB]/g, (letter) => lookalikes[letter] ?? letter);
  if (fourteenDigits.test(digits) && hasSiretKey(digits)) return digits;
  const inner = unwrapped(value, isSiret) ?? grouped(value);
  return inner === undefined || /\d{2,}/.test(inner.note) ? undefined : inner.value.replace(separators, '');
}

/** The one true SIRET that stands among other words; undefined when there is none, or more numbers than that. */
function onlySiretIn(value: string): string | undefined {
  const [digits = '', ...others] = value.match(/\d{9,}/g) ?? [];
  return others.length === 0 && fourteenDigits.test(digits) && hasSiretKey(digits) ? digits : undefined;
}

type Form = 'spaces' | 'letters' | 'rounded' | 'siren' | 'vat' | 'rna' | 'length' | 'empty' | 'other';

function formOf(value: string): { form: Form; correction?: string } {
  const bare = value.trim().replace(label, '').replace(separators, '');
  const correction = meant(value);
  if (correction !== undefined)
    return { form: value.replace(separators, '').includes(correction) ? 'spaces' : 'letters', correction };
  if (bare === '') return { form: 'empty' };
  // As spreadsheets write it, with the comma of the French ones.
  if (/^\d[.,]\d+E\+?\d+$/i.test(value.trim())) return { form: 'rounded' };
  if (/^\d{9}$/.test(bare)) return { form: 'siren' };
  if (/^FR[0-9A-Z]{2}\d{9}$/i.test(bare)) return { form: 'vat' };
  if (/^W\d{9}$/i.test(bare)) return { form: 'rna' };
  return { form: /^\d+$/.test(bare) ? 'length' : 'other' };
}

function reportableNumber(partial: PartialDefinition): { written: string; correction?: string } | undefined {
  if (partial.unquotedSiret === undefined) return undefined;
  const written = String(partial.unquotedSiret);
  const padded = written.padStart(14, '0');
  // Nobody's SIRET starts with five zeros: these digits are a SIREN, or some are missing.
  if (padded.startsWith('00000')) return { written };
  return fourteenDigits.test(padded) && hasSiretKey(padded) ? { written, correction: padded } : { written };
}

export const siretFormat = definitionRule({
  id: 'siret/format',
  severity: 'error',
  title: { fr: 'Le SIRET a 14 chiffres, entre guillemets', en: 'A SIRET has 14 digits, in quotes' },
  why: {
    fr: 'Le SIRET désigne l’établissement qui demande la connexion. ProConnect, DataPass et l’Annuaire des Entreprises le comparent chiffre à chiffre : 14 chiffres, sans espace, et entre guillemets pour que YAML n’en fasse pas un nombre.',
    en: 'The SIRET names the establishment that asks for the connection. ProConnect, DataPass and the Annuaire des Entreprises compare it digit by digit: 14 digits, no space, and in quotes so that YAML does not turn it into a number.',
  },
  suppresses: ['schema/type', 'siret/checksum'],
  messages: {
    spaces: {
      fr: 'Le SIRET {value} contient autre chose que des chiffres. Écrivez ses 14 chiffres à la suite : {correction}.',
      en: 'The SIRET {value} holds more than digits. Write its 14 digits in a row: {correction}.',
    },
    letters: {
      fr: 'Le SIRET {value} contient des lettres à la place de chiffres. Écrivez {correction}.',
      en: 'The SIRET {value} has letters where digits should be. Write {correction}.',
    },
    number: {
      fr: 'Le SIRET {value} est écrit sans guillemets : YAML le lit comme un nombre et perd ses zéros initiaux. Écrivez-le entre guillemets : {correction}.',
      en: 'The SIRET {value} is written without quotes: YAML reads it as a number and loses its leading zeros. Write it in quotes: {correction}.',
    },
    unclearNumber: {
      fr: 'Le SIRET {value} est écrit sans guillemets : YAML le lit comme un nombre et perd ses zéros initiaux. Vérifiez ses 14 chiffres et mettez-les entre guillemets.',
      en: 'The SIRET {value} is written without quotes: YAML reads it as a number and loses its leading zeros. Check its 14 digits and put them in quotes.',
    },
    rounded: {
      fr: 'Le SIRET a perdu ses derniers chiffres, sans doute dans un tableur, qui l’a arrondi. Recopiez les 14 chiffres depuis https://annuaire-entreprises.data.gouv.fr, entre guillemets.',
      en: 'The SIRET has lost its last digits, probably in a spreadsheet, which rounded it. Copy the 14 digits from https://annuaire-entreprises.data.gouv.fr, in quotes.',
    },
    siren: {
      fr: '{value} est un SIREN (9 chiffres) : il désigne l’organisme entier. Indiquez le SIRET de l’établissement (14 chiffres), que donne https://annuaire-entreprises.data.gouv.fr.',
      en: '{value} is a SIREN (9 digits): it names the whole organization. Give the SIRET of the establishment (14 digits), found on https://annuaire-entreprises.data.gouv.fr.',
    },
    vat: {
      fr: '{value} est un numéro de TVA. Indiquez le SIRET de l’établissement (14 chiffres) : ses 9 premiers chiffres sont les 9 derniers de ce numéro.',
      en: '{value} is a VAT number. Give the SIRET of the establishment (14 digits): its first 9 digits are the last 9 of this number.',
    },
    rna: {
      fr: '{value} est un numéro d’association (RNA). Indiquez le SIRET de l’établissement (14 chiffres).',
      en: '{value} is the number of an association (RNA). Give the SIRET of the establishment (14 digits).',
    },
    length: {
      fr: 'Le SIRET {value} a {count} chiffres ; il en faut 14. Vérifiez la saisie.',
      en: 'The SIRET {value} has {count} digits; it needs 14. Check what was typed.',
    },
    empty: {
      fr: 'Le SIRET est vide. Indiquez les 14 chiffres de l’établissement, que donne https://annuaire-entreprises.data.gouv.fr.',
      en: 'The SIRET is empty. Give the 14 digits of the establishment, found on https://annuaire-entreprises.data.gouv.fr.',
    },
    among: {
      fr: '{value} n’est pas seulement un SIRET. Gardez ses 14 chiffres, entre guillemets : {correction}.',
      en: '{value} is not only a SIRET. Keep its 14 digits, in quotes: {correction}.',
    },
    other: {
      fr: '{value} n’est pas un SIRET. Indiquez les 14 chiffres de l’établissement, entre guillemets, que donne https://annuaire-entreprises.data.gouv.fr.',
      en: '{value} is not a SIRET. Give the 14 digits of the establishment, in quotes, found on https://annuaire-entreprises.data.gouv.fr.',
    },
    keyboard: keyboardMessage,
    fix: { fr: 'Écrire {correction}', en: 'Write {correction}' },
  },
  examples: {
    good: [
      { yaml: 'organization:\n  siret: "13002526500013"\n' },
      { yaml: "organization:\n  siret: '21920023500014'\n" },
    ],
    bad: [
      { yaml: 'organization:\n  siret: "130 025 265 00013"\n', messageIds: ['spaces'] },
      { yaml: 'organization:\n  siret: "13OO2526500013"\n', messageIds: ['letters'] },
      { yaml: 'organization:\n  siret: 13002526500013\n', messageIds: ['number'] },
      { yaml: 'organization:\n  siret: 2.192E+13\n', messageIds: ['rounded'] },
      { yaml: 'organization:\n  siret: "2,19999E+13"\n', messageIds: ['rounded'] },
      { yaml: 'organization:\n  siret: "130025265"\n', messageIds: ['siren'] },
      { yaml: 'organization:\n  siret: FR21130025265\n', messageIds: ['vat'] },
      { yaml: 'organization:\n  siret: W751234567\n', messageIds: ['rna'] },
      { yaml: 'organization:\n  siret: "1300252650001"\n', messageIds: ['length'] },
      { yaml: 'organization:\n  siret: "１３００２５２６５０００１３"\n', messageIds: ['keyboard'] },
      { yaml: 'organization:\n  siret: DINUM\n', messageIds: ['other'] },
      { yaml: 'organization:\n  siret: DINUM 13002526500013\n', messageIds: ['among'] },
    ],
  },
  check(partial, report) {
    const number = reportableNumber(partial);
    if (number !== undefined) {
      const { written, correction } = number;
      if (correction === undefined && written.length === 14 && written.endsWith('000000'))
        report({ pointer: siretPointer, messageId: 'rounded' });
      else if (correction === undefined)
        report({ pointer: siretPointer, messageId: 'unclearNumber', values: { value: written } });
      else
        report({
          pointer: siretPointer,
          messageId: 'number',
          values: { value: written, correction: `"${correction}"` },
          fix: {
            title: 'fix',
            values: { correction: `"${correction}"` },
            correction: { kind: 'set', value: correction },
          },
        });
    }
    const value = partial.siret;
    if (value === undefined || fourteenDigits.test(value)) return;
    const typed = keyboardForm(value.slice(0, 100));
    const digits = typed && meant(typed.text);
    if (typed !== undefined && digits !== undefined && hasSiretKey(digits)) {
      const values = { value, characters: typed.characters, correction: `"${digits}"` };
      const correction = { kind: 'set', value: digits } as const;
      report({
        pointer: siretPointer,
        messageId: 'keyboard',
        values,
        fix: { title: 'fix', values, correction },
      });
      return;
    }
    const { form, correction } = formOf(value.slice(0, 100));
    if (correction === undefined) {
      const count = value.replace(/\D/g, '').length;
      const among = onlySiretIn(value);
      if (form === 'other' && among !== undefined)
        report({ pointer: siretPointer, messageId: 'among', values: { value, correction: `"${among}"` } });
      else report({ pointer: siretPointer, messageId: form, values: { value, count } });
      return;
    }
    report({
      pointer: siretPointer,
      messageId: form,
      values: { value, correction: `"${correction}"` },
      fix: {
        title: 'fix',
        values: { correction: `"${correction}"` },
        correction: { kind: 'set', value: correction },
      },
    });
  },
});
