import { changeRule } from './rule.ts';

/** Someone new who would see the keys of a live service. */
export const contactChange = changeRule({
  id: 'change/contact',
  severity: 'decision',
  title: {
    fr: 'Un contact technique s’ajoute à un service existant',
    en: 'A technical contact is added to a live service',
  },
  why: {
    fr: 'Un contact technique reçoit l’accès aux clés du service. L’ajouter à un service qui fonctionne déjà, c’est lui montrer son secret : une personne de l’équipe confirme.',
    en: 'A technical contact gets access to the service’s keys. Adding one to a live service shows them its secret: someone from the team confirms.',
  },
  messages: {
    added: {
      fr: '{value} verrait le secret d’un service déjà ouvert. Une personne de l’équipe vérifiera que cette adresse est bien celle de votre équipe.',
      en: '{value} would see the secret of a live service. Someone from the team will check that this address does belong to your team.',
    },
  },
  check(changes, _context, report) {
    for (const change of changes) {
      if (change.kind !== 'modified') continue;
      // Where nothing can be read of what was there, everyone is new.
      const before = change.before.partial?.technicalContacts ?? [];
      const known = new Set(before.map(({ value }) => value.toLowerCase()));
      for (const { value, pointer } of change.after.partial?.technicalContacts ?? []) {
        if (!known.has(value.toLowerCase()))
          report(change.path, { pointer, messageId: 'added', values: { value } });
      }
    }
  },
  examples: {
    good: [
      {
        before:
          'contacts:\n  technical:\n    - equipe@ville-exemple.fr\n    - dsi@ville-exemple.fr\n  support: aide@ville-exemple.fr',
        yaml: 'contacts:\n  technical:\n    - dsi@ville-exemple.fr\n  support: assistance@ville-exemple.fr',
      },
    ],
    bad: [
      {
        before: 'contacts:\n  technical:\n    - equipe@ville-exemple.fr\n  support: aide@ville-exemple.fr',
        yaml: 'contacts:\n  technical:\n    - equipe@ville-exemple.fr\n    - prestataire@editeur-exemple.fr\n  support: aide@ville-exemple.fr',
      },
    ],
  },
});
