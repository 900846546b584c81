import { textRule } from '#domain/definition/rules/rule';

/** Control, format, separator and filler characters; line ends and tabulations are not among them. */
const hidden =
  /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}|\u034f|[\u115f\u1160]|\u17b4|\u17b5|[\ufe00-\ufe0f]|\u3164|\uffa0|[\u{e0100}-\u{e01ef}]/gu;

const space = /^[\u00a0\u2000-\u200a\u202f\u205f\u3000]$/;

export const fileHiddenCharacter = textRule({
  id: 'file/hidden-character',
  severity: 'error',
  title: { fr: 'Aucun caractère invisible', en: 'No invisible characters' },
  why: {
    fr: 'Un caractère que l’on ne voit pas (espace insécable, largeur nulle, sens d’écriture), souvent venu d’un copier-coller, rend deux textes différents à l’œil pareils. ProConnect compare les URLs au caractère près.',
    en: 'A character that cannot be seen (no-break space, zero width, writing direction), often pasted along, makes two different texts look the same. ProConnect compares URLs character by character.',
  },
  messages: {
    one: {
      fr: 'Un caractère invisible est caché ici : {shown}. Retirez-le, ou remplacez-le par une espace ordinaire.',
      en: 'An invisible character hides here: {shown}. Remove it, or replace it with an ordinary space.',
    },
    several: {
      fr: '{count} caractères invisibles sont cachés sur cette ligne, dont {shown}. Retirez-les, ou remplacez-les par des espaces ordinaires.',
      en: '{count} invisible characters hide on this line, among them {shown}. Remove them, or replace them with ordinary spaces.',
    },
    clean: { fr: 'Retirer les caractères invisibles', en: 'Remove the invisible characters' },
  },
  suppresses: [
    'yaml/syntax',
    'name/characters',
    'siret/format',
    'email/format',
    'datapass/format',
    'description/format',
    'url/invalid',
    'url/canonical',
    'ip/invalid',
    'schema/enum',
    'schema/unknown-key',
  ],
  examples: {
    good: [{ yaml: '# Attention\u00a0: un commentaire peut garder ses espaces insécables.\nname: Suivi' }],
    bad: [
      { yaml: 'name: Suivi\u00a0des subventions', messageIds: ['one'] },
      {
        yaml: 'redirect_uris:\n  - https://subventions.agence-fictive.gouv.fr/\u200boidc\u200b',
        messageIds: ['several'],
      },
    ],
  },
  check(source, report) {
    const byLine = new Map<number, { start: number; text: string }[]>();
    for (const match of source.text.matchAll(hidden)) {
      if (match.index === 0 && match[0] === '\ufeff') continue;
      const line = source.lines.lineAt(match.index);
      const before = source.text.slice(source.lines.startOf(line), match.index);
      if (space.test(match[0]) && /^\s*#|\s#\s/.test(before)) continue;
      const here = byLine.get(line) ?? [];
      here.push({ start: match.index, text: match[0] });
      byLine.set(line, here);
    }
    for (const found of byLine.values()) {
      const [first] = found;
      if (first === undefined) continue;
      const edits = found.map(({ start, text }) => ({
        start,
        end: start + text.length,
        text: space.test(text) ? ' ' : '',
      }));
      report({
        start: first.start,
        end: first.start + first.text.length,
        messageId: found.length === 1 ? 'one' : 'several',
        values: { shown: first.text, ...(found.length > 1 && { count: found.length }) },
        fix: { title: 'clean', edits },
      });
    }
  },
});
