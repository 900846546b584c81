import { textRule } from '#domain/definition/rules/rule';

export const fileEmpty = textRule({
  id: 'file/empty',
  severity: 'error',
  title: { fr: 'Le fichier n’est pas vide', en: 'The file is not empty' },
  why: {
    fr: 'Un fichier vide ne décrit aucun service. Pour retirer un service, supprimez son fichier.',
    en: 'An empty file describes no service. To remove a service, delete its file.',
  },
  messages: {
    empty: {
      fr: 'Le fichier est vide. Copiez-y un modèle du registre (dossier `modeles`), ou laissez la commande `greffier new` en écrire un.',
      en: 'The file is empty. Copy a template of the registry into it (folder `modeles`), or let the command `greffier new` write one.',
    },
    comments: {
      fr: 'Le fichier ne contient que des commentaires. Retirez le « # » devant chaque champ, ou copiez-y un modèle du registre (dossier `modeles`).',
      en: 'The file holds comments only. Remove the “#” before each key, or copy a template of the registry into it (folder `modeles`).',
    },
  },
  examples: {
    good: [{ yaml: 'name: Suivi' }],
    bad: [
      { yaml: '', whole: true, messageIds: ['empty'] },
      { yaml: '# version: 1\n', whole: true, messageIds: ['comments'] },
    ],
  },
  check({ loaded, text }, report) {
    if (loaded.ok || loaded.failure !== 'empty') return;
    report({ start: 0, end: 0, messageId: text.includes('#') ? 'comments' : 'empty' });
  },
});
