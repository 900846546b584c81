/** What `greffier new` says besides its questions. */
import type { Bilingual } from '#base/i18n/message';

export const interviewMessages = {
  welcome: {
    fr: 'Quelques questions, et le fichier est prêt. Chaque réponse est vérifiée aussitôt.\nPour revenir à la question précédente, tapez < puis Entrée. Pour tout abandonner, Ctrl-C : rien n’est écrit avant la fin.',
    en: 'A few questions, and the file is ready. Each answer is checked at once.\nTo go back to the question before, type < and Enter. To give up, Ctrl-C: nothing is written before the end.',
  },
  item: { fr: '  -', en: '  -' },
  again: { fr: '  >', en: '  >' },
  optional: {
    fr: '  Facultatif : Entrée pour passer.',
    en: '  Optional: Enter to go on.',
  },
  atLeastOne: {
    fr: '  Il faut au moins une réponse ici.',
    en: '  At least one answer is needed here.',
  },
  needed: { fr: '  Il faut une réponse ici.', en: '  An answer is needed here.' },
  choose: { fr: '  Répondez par {allowed}.', en: '  Answer with {allowed}.' },
  yesOrNo: { fr: '  Répondez par oui ou par non.', en: '  Answer with yes or no.' },
  understood: {
    fr: '  Compris : {values}. Entrée pour garder, ou écrivez autre chose.',
    en: '  Understood: {values}. Enter to keep it, or write something else.',
  },
  present: {
    fr: '  Votre réponse : {values}. Entrée pour la garder.',
    en: '  Your answer: {values}. Enter to keep it.',
  },
  presentOptional: {
    fr: '  Votre réponse : {values}. Entrée pour la garder, - pour l’effacer.',
    en: '  Your answer: {values}. Enter to keep it, - to remove it.',
  },
  takenBack: { fr: '  Retiré : {values}.', en: '  Taken back: {values}.' },
  first: { fr: '  C’est la première question.', en: '  This is the first question.' },
  interrupted: {
    fr: 'Les réponses s’arrêtent avant la fin : rien n’a été écrit.',
    en: 'The answers stop before the end: nothing was written.',
  },
  selfService: {
    fr: '  Pour un simple essai, vous pouvez aussi créer vos clés vous-même : https://partenaires.proconnect.gouv.fr/apps',
    en: '  For a mere trial, you can also make keys yourself: https://partenaires.proconnect.gouv.fr/apps',
  },
  given: {
    fr: '  Tout service reçoit : {words}.\n  Les autres scopes (ensembles de données) se demandent, chacun avec sa raison :',
    en: '  Every service receives: {words}.\n  The other scopes (sets of data) are to be asked for, each with its reason:',
  },
  justification: { fr: '    À quoi servira {scope} ?', en: '    What will {scope} be used for?' },
  yes: { fr: 'oui', en: 'yes' },
  no: { fr: 'non', en: 'no' },
  nothing: { fr: '–', en: '–' },
  idLabel: { fr: 'Nom du fichier', en: 'Name of the file' },
  id: {
    fr: 'Nom du fichier, sans .yaml (Entrée pour {byDefault}) :',
    en: 'Name of the file, without .yaml (Enter for {byDefault}):',
  },
  badIdOption: {
    fr: '--id ne peut pas valoir {id} : c’est le nom du fichier, sans dossier ni .yaml, de 3 à 63 lettres minuscules sans accent, chiffres ou tirets, avec une lettre au début.',
    en: '--id cannot be {id}: it is the name of the file, without a folder or .yaml, of 3 to 63 lower-case letters without accents, digits or hyphens, with a letter first.',
  },
  badId: {
    fr: '  Le nom {id} ne convient pas : de 3 à 63 lettres minuscules sans accent, chiffres ou tirets, avec une lettre au début.',
    en: '  The name {id} will not do: 3 to 63 lower-case letters without accents, digits or hyphens, with a letter first.',
  },
  taken: {
    fr: '  Le fichier {path} existe déjà. Choisissez un autre nom.',
    en: '  The file {path} already exists. Choose another name.',
  },
  summary: { fr: '\nVoici ce qui sera écrit dans {path} :', en: '\nThis is what will be written to {path}:' },
  confirm: {
    fr: 'Entrée pour écrire le fichier, un numéro pour changer une réponse :',
    en: 'Enter to write the file, a number to change an answer:',
  },
  number: {
    fr: '  Répondez par un numéro de 1 à {last}, ou par Entrée.',
    en: '  Answer with a number from 1 to {last}, or with Enter.',
  },
  refused: {
    fr: '\nIl reste à corriger avant d’écrire le fichier :',
    en: '\nStill to be corrected before the file is written:',
  },
  written: { fr: 'Écrit : {path}', en: 'Written: {path}' },
  next: {
    fr: `
Et maintenant :
  1. Mettez le fichier sur une branche : {enter}git switch -c ajoute-{id} && git add {path}
  2. Enregistrez-le : git commit -m "Ajoute {id}"
  3. Envoyez-le sur GitHub : git push -u origin ajoute-{id}
  4. Ouvrez la demande (pull request) sur GitHub : Greffier y répond en quelques secondes.
`,
    en: `
And now:
  1. Put the file on a branch: {enter}git switch -c add-{id} && git add {path}
  2. Record it: git commit -m "Add {id}"
  3. Send it to GitHub: git push -u origin add-{id}
  4. Open the pull request on GitHub: Greffier answers within seconds.
`,
  },
  exists: {
    fr: 'Le fichier {path} existe déjà : rien n’a été écrit. Choisissez un autre nom avec --id.',
    en: 'The file {path} already exists: nothing was written. Choose another name with --id.',
  },
  notWritten: { fr: 'Rien n’a été écrit :', en: 'Nothing was written:' },
  writeOption: { fr: 'Écrivez : {option}', en: 'Write: {option}' },
  missingOption: {
    fr: 'Il manque {option} ({label}). Par exemple : {example}',
    en: '{option} is missing ({label}). For instance: {example}',
  },
  wholeCommand: {
    fr: 'La commande entière, avec ce qui manque en exemple :\n  {command}',
    en: 'The whole command, with what is missing as an example:\n  {command}',
  },
  scopeForm: {
    fr: 'Écrivez --scope NOM=RAISON : {value} n’a pas de raison.',
    en: 'Write --scope NAME=REASON: {value} has no reason.',
  },
} as const satisfies Record<string, Bilingual>;
