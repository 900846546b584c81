import { changeRule } from './rule.ts';

/** A service that stops. */
export const definitionRemoved = changeRule({
  id: 'change/removed',
  severity: 'decision',
  title: { fr: 'Une définition est retirée', en: 'A definition is removed' },
  why: {
    fr: 'Retirer une définition ferme la connexion à ce service : ses clés sont désactivées, puis supprimées après un délai. Une personne de l’équipe vérifie que plus personne ne s’en sert.',
    en: 'Removing a definition closes sign-in to the service: its keys are deactivated, then deleted after a delay. Someone from the team checks that nobody uses it any more.',
  },
  messages: {
    removed: {
      fr: 'Le service {name} ({value}) serait fermé dès la fusion : ses clés sont désactivées tout de suite, puis supprimées après un délai. Une personne de l’équipe confirmera.',
      en: 'The service {name} ({value}) would be closed at the merge: its keys are deactivated at once, then deleted after a delay. Someone from the team will confirm.',
    },
  },
  check(changes, _context, report) {
    for (const change of changes) {
      if (change.kind !== 'removed') continue;
      const name = change.before.partial?.name ?? change.before.place.id;
      report(change.path, { pointer: '', messageId: 'removed', values: { name, value: change.path } });
    }
  },
  examples: {
    good: [{ before: 'name: Agenda', yaml: 'name: Agenda associatif' }],
    bad: [{ yaml: 'name: Agenda', removed: true }],
  },
});
