import { changeRule } from './rule.ts';

/** More definitions in one change than a person can review with care. */
export const tooManyDefinitions = changeRule({
  id: 'change/too-many',
  severity: 'decision',
  title: { fr: 'Beaucoup de définitions changent ensemble', en: 'Many definitions change together' },
  why: {
    fr: 'Plus une demande est grande, moins on la relit bien, et plus une erreur touche de services. Au-delà d’un certain nombre, une personne de l’équipe décide.',
    en: 'The larger a change, the less well it is reviewed and the more services a mistake reaches. Above a certain number someone from the team decides.',
  },
  messages: {
    many: {
      fr: 'Cette demande touche {count} définitions ; au-delà de {limit}, une personne de l’équipe décide. Si vous le pouvez, faites plusieurs demandes.',
      en: 'This change touches {count} definitions; above {limit} someone from the team decides. If you can, make several pull requests.',
    },
  },
  check(changes, { settings }, report) {
    const limit = settings.limits.definitions;
    const [first] = changes;
    if (first !== undefined && changes.length > limit)
      report(first.path, { pointer: '', messageId: 'many', values: { count: changes.length, limit } });
  },
  examples: {
    good: [{ before: 'name: Agenda', yaml: 'name: Agenda associatif' }],
    bad: [{ before: 'name: Agenda', yaml: 'name: Agenda associatif', copies: 10 }],
  },
});
