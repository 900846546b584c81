import { withPlainSigns } from '#domain/definition/rules/plain-signs';
import { definitionRule } from '#domain/definition/rules/rule';
import { withoutSignsAround } from '#domain/definition/rules/wrapping';
import { maxNameRead, namePointer } from './limits.ts';

/**
 * The characters that ProConnect's administration form lets through: Latin letters with or without accents,
 * digits, spaces and `, . : ! ( ) _ ' - & * + /`. Compared after composition (NFC).
 */
const allowed = /^[A-Za-z\u00c0-\u017e0-9 ,.:!()_'\-&*+/]*$/;

const forbiddenCharacters = /[^A-Za-z\u00c0-\u017e0-9 ,.:!()_'\-&*+/]/gu;

/** Invisible characters have a rule of their own, on the text. */
const invisible = /[\p{Cf}\u00a0\u2000-\u200a\u202f\u205f\u3000\u00ad]/gu;

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
    wrapped: {
      fr: 'Le nom {value} est entouré de signes en trop. Écrivez le nom seul : {correction}.',
      en: 'The name {value} has signs too many around it. Write the name alone: {correction}.',
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
      { yaml: 'name: « Agenda »\n', messageIds: ['wrapped'] },
      { yaml: 'name: "Agenda\\nassociations"\n', messageIds: ['lines'] },
      { yaml: 'name: "!!!"\n', messageIds: ['blank'] },
    ],
  },
  check(partial, report) {
    const value = partial.name;
    if (value === undefined || value === '') return;
    if (value.length <= maxNameRead && allowed.test(value) && /[A-Za-z0-9]/.test(value)) return;
    const name = value.slice(0, maxNameRead).replace(invisible, ' ');
    if (!/[\p{L}\p{N}]/u.test(name)) {
      report({ pointer: namePointer, messageId: 'blank', values: { value } });
      return;
    }
    if (allowed.test(name)) return;
    const signs = [...new Set(name.match(forbiddenCharacters))];
    const plain = withPlainSigns(name).trim();
    const bare = allowed.test(plain) ? undefined : withoutSignsAround(plain, (text) => allowed.test(text));
    if (bare !== undefined) {
      report({
        pointer: namePointer,
        messageId: 'wrapped',
        values: { value, correction: bare },
        fix: { title: 'fix', values: { correction: bare }, correction: { kind: 'set', value: bare } },
      });
      return;
    }
    if (!allowed.test(plain)) {
      report({ pointer: namePointer, messageId: 'forbidden', values: { value, signs } });
      return;
    }
    report({
      pointer: namePointer,
      messageId: /[\t\r\n]/.test(name) ? 'lines' : 'typographic',
      values: { value, signs, correction: plain },
      fix: { title: 'fix', values: { correction: plain }, correction: { kind: 'set', value: plain } },
    });
  },
});
