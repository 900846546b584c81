import { definitionRule } from '#domain/definition/rules/rule';
import { contains } from './block.ts';
import { hasAddresses, isWide, rieAddresses } from './entries.ts';

export const ipOverlap = definitionRule({
  id: 'ip/overlap',
  severity: 'warning',
  title: { fr: 'Chaque adresse est dite une seule fois', en: 'Each address is said once' },
  why: {
    fr: 'Une adresse en double, ou déjà comprise dans une plage, fait douter : l’une des deux est-elle de trop, ou mal recopiée ?',
    en: 'An address given twice, or already part of a block, raises a doubt: is one of them too many, or badly copied?',
  },
  messages: {
    twice: {
      fr: '{value} figure deux fois. Retirez la seconde.',
      en: '{value} stands there twice. Remove the second one.',
    },
    within: {
      fr: '{value} est déjà comprise dans {outer}. Retirez-la.',
      en: '{value} is already part of {outer}. Remove it.',
    },
    remove: { fr: 'Retirer {value}', en: 'Remove {value}' },
  },
  examples: {
    good: [{ yaml: 'ip_addresses:\n  - 10.1.2.0/28\n  - 10.1.2.16/28\n', cell: 'rie/production' }],
    bad: [
      { yaml: 'ip_addresses:\n  - 10.1.2.3\n  - 10.1.2.3\n', cell: 'rie/production', messageIds: ['twice'] },
      {
        yaml: 'ip_addresses:\n  - 10.1.2.3\n  - 10.1.2.0/28\n',
        cell: 'rie/production',
        messageIds: ['within'],
      },
    ],
  },
  concerns: hasAddresses,
  check(partial, report) {
    if (partial.ipAddresses.length < 2) return;
    const all = rieAddresses(partial).filter(({ block }) => !isWide(block));
    if (all.length < 2) return;
    for (const [index, inner] of all.entries()) {
      const outer = all.find(
        (other, place) =>
          place !== index &&
          contains(other.block, inner.block) &&
          (place < index || !contains(inner.block, other.block)),
      );
      if (outer === undefined) continue;
      const value = inner.block.text;
      report({
        pointer: inner.pointer,
        messageId: contains(inner.block, outer.block) ? 'twice' : 'within',
        values: { value, outer: outer.block.text },
        fix: { title: 'remove', values: { value }, correction: { kind: 'remove' } },
      });
    }
  },
});
