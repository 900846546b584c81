import { changeRule } from './rule.ts';

/** The path is the identity of a service: another path is another client. */
export const definitionRenamed = changeRule({
  id: 'change/renamed',
  severity: 'decision',
  title: { fr: 'Une définition change de chemin', en: 'A definition changes its path' },
  why: {
    fr: 'Le chemin du fichier identifie le service. Le renommer, c’est créer un nouveau client, avec de nouvelles clés, et retirer l’ancien : l’application cesse de fonctionner tant qu’elle n’a pas les nouvelles.',
    en: 'The file’s path identifies the service. Renaming it creates a new client, with new keys, and removes the old one: the application stops working until it has the new keys.',
  },
  messages: {
    renamed: {
      fr: 'Le fichier {from} devient {value} : un nouveau client sera créé, avec de nouvelles clés, et l’ancien sera retiré. Pour garder les clés, laissez le fichier à sa place et changez seulement `name`.',
      en: 'The file {from} becomes {value}: a new client will be created, with new keys, and the old one removed. To keep the keys leave the file in its place and change only `name`.',
    },
    moved: {
      fr: 'Le fichier {from} passe dans {value} : les clés ne valent que sur un réseau et dans un environnement. Un nouveau client sera créé ici et l’ancien sera retiré. Pour garder l’ancien, copiez le fichier au lieu de le déplacer.',
      en: 'The file {from} moves to {value}: keys are valid on one network and in one environment only. A new client will be created here and the old one removed. To keep the old one, copy the file instead of moving it.',
    },
  },
  check(changes, _context, report) {
    for (const change of changes) {
      if (change.kind !== 'renamed') continue;
      const { before, after } = change;
      const stays =
        before.place.network === after.place.network && before.place.environment === after.place.environment;
      report(change.path, {
        pointer: '',
        messageId: stays ? 'renamed' : 'moved',
        values: { from: change.from, value: change.path },
      });
    }
  },
  examples: {
    good: [{ before: 'name: Agenda', yaml: 'name: Agenda associatif' }],
    bad: [
      {
        before: 'name: Agenda',
        from: { id: 'ancien-service' },
        yaml: 'name: Agenda',
        messageIds: ['renamed'],
      },
      {
        before: 'name: Agenda',
        from: { cell: 'internet/integration' },
        yaml: 'name: Agenda',
        messageIds: ['moved'],
      },
    ],
  },
});
