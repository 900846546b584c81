import { textRule } from '#domain/definition/rules/rule';

/**
 * Whatever cannot be judged is itself a finding (docs/authority.md): a fault of Greffier's own, met on the text of one
 * definition, must neither pass for « nothing to say » nor stop the judgement of the others. It is reported by whoever runs
 * a rule (`judging.ts`), and never by a check of its own.
 */
export const fileUnjudged = textRule({
  id: 'file/unjudged',
  severity: 'error',
  title: {
    fr: 'Greffier n’a pas pu juger cette définition jusqu’au bout',
    en: 'Greffier could not judge this definition to its end',
  },
  why: {
    fr: 'Ce qui n’a pas pu être vérifié n’est pas réputé juste. La faute est de Greffier, et non de votre fichier : la personne qui l’exploite en est prévenue, et doit le corriger. Les autres définitions sont jugées comme d’habitude.',
    en: 'What could not be checked is not taken for right. The fault is Greffier’s, and not your file’s: the person who operates it is told, and has to correct it. The other definitions are judged as usual.',
  },
  messages: {
    rule: {
      fr: 'Greffier s’est trompé en vérifiant cette définition ({what} : {problem}), qui n’est donc pas jugée. Vous n’avez rien à corriger : la personne qui exploite Greffier est prévenue. Si vous venez de modifier le fichier, revenir à sa forme précédente peut suffire en attendant.',
      en: 'Greffier failed while it checked this definition ({what}: {problem}), which is therefore not judged. You have nothing to correct: the person who operates Greffier is told. If you have just changed the file, going back to what it said before may do in the meantime.',
    },
  },
  examples: { good: [{ yaml: '' }], bad: [] },
  check: () => undefined,
});
