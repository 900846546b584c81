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
      fr: 'Le fichier est vide. Partez d’un modèle : la commande greffier new en écrit un.',
      en: 'The file is empty. Start from a template: the command greffier new writes one.',
    },
    comments: {
      fr: 'Le fichier ne contient que des commentaires. Retirez le « # » devant les clés, ou partez d’un modèle : la commande greffier new en écrit un.',
      en: 'The file holds comments only. Remove the “#” before the keys, or start from a template: the command greffier new writes one.',
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
