/** The words of the pages: GitHub has them in English only; who watches the demo may read French. */
import type { Bilingual, Language } from '#base/i18n/message';

const words = {
  home: { fr: 'GitHub local', en: 'Local GitHub' },
  repositories: { fr: 'Dépôts', en: 'Repositories' },
  people: { fr: 'Personnes', en: 'People' },
  pulls: { fr: 'Pull requests', en: 'Pull requests' },
  issues: { fr: 'Tickets', en: 'Issues' },
  files: { fr: 'Fichiers', en: 'Files' },
  environments: { fr: 'Environnements', en: 'Environments' },
  none: { fr: 'Rien encore.', en: 'Nothing yet.' },
  open: { fr: 'ouverte', en: 'open' },
  closed: { fr: 'fermée', en: 'closed' },
  merged: { fr: 'fusionnée', en: 'merged' },
  'issue-open': { fr: 'ouvert', en: 'open' },
  'issue-closed': { fr: 'fermé', en: 'closed' },
  wants: { fr: 'veut fusionner', en: 'wants to merge' },
  into: { fr: 'dans', en: 'into' },
  opened: { fr: 'a ouvert ce ticket', en: 'opened this issue' },
  commented: { fr: 'a commenté', en: 'commented' },
  APPROVED: { fr: 'a approuvé', en: 'approved' },
  CHANGES_REQUESTED: { fr: 'demande des changements', en: 'requested changes' },
  COMMENTED: { fr: 'a relu', en: 'reviewed' },
  DISMISSED: { fr: 'avait approuvé (revue écartée)', en: 'had approved (dismissed)' },
  'merged-by': { fr: 'a fusionné', en: 'merged' },
  checks: { fr: 'Contrôles', en: 'Checks' },
  details: { fr: 'Détails', en: 'Details' },
  'no-check': { fr: 'Aucun contrôle encore.', en: 'No check yet.' },
  mergeable: { fr: 'La fusion est possible.', en: 'Merging is possible.' },
  blocked: { fr: 'La fusion est bloquée :', en: 'Merging is blocked:' },
  conflict: { fr: 'Des conflits empêchent la fusion.', en: 'Conflicts prevent merging.' },
  act: { fr: 'Agir', en: 'Act' },
  as: { fr: 'En tant que', en: 'As' },
  writes: { fr: 'peut relire et fusionner', en: 'may review and merge' },
  reads: { fr: 'peut lire et commenter', en: 'may read and comment' },
  message: { fr: 'Message', en: 'Message' },
  comment: { fr: 'Commenter', en: 'Comment' },
  approve: { fr: 'Approuver (Approve)', en: 'Approve' },
  'request-changes': { fr: 'Demander des changements', en: 'Request changes' },
  merge: { fr: 'Fusionner', en: 'Merge pull request' },
  close: { fr: 'Fermer', en: 'Close' },
  reopen: { fr: 'Rouvrir', en: 'Reopen' },
  suggestion: { fr: 'Appliquer la suggestion', en: 'Commit suggestion' },
  suggestions: { fr: 'Appliquer toutes les suggestions', en: 'Commit all suggestions' },
  'suggested-change': { fr: 'Changement proposé', en: 'Suggested change' },
  changed: { fr: 'Fichiers modifiés', en: 'Files changed' },
  commits: { fr: 'Commits', en: 'Commits' },
  line: { fr: 'ligne', en: 'line' },
  refused: { fr: 'GitHub refuse', en: 'GitHub refuses' },
  'no-write': {
    fr: 'Cette personne n’a pas le droit d’écriture sur ce dépôt.',
    en: 'Must have write access to this repository.',
  },
  'no-suggestion': {
    fr: 'Cette suggestion ne s’applique plus : la branche a changé.',
    en: 'This suggestion no longer applies: the branch has moved.',
  },
  unknown: { fr: 'Cette action n’existe pas.', en: 'There is no such action.' },
  foreign: {
    fr: 'Ce formulaire ne vient pas de cette page.',
    en: 'This form does not come from this page.',
  },
  'new-file': { fr: 'Nouveau fichier', en: 'New file' },
  filename: { fr: 'Chemin du fichier', en: 'Path of the file' },
  content: { fr: 'Contenu', en: 'Content' },
  propose: { fr: 'Proposer ce fichier (pull request)', en: 'Propose new file (pull request)' },
  'bad-name': { fr: 'Écrivez le chemin du fichier.', en: 'Write the path of the file.' },
  missing: { fr: 'Page introuvable', en: 'Page not found' },
  'missing-hint': {
    fr: 'Il n’y a rien à cette adresse.',
    en: 'There is nothing at this address.',
  },
  app: { fr: 'GitHub App', en: 'GitHub App' },
  account: { fr: 'Compte', en: 'Account' },
} as const satisfies Record<string, Bilingual>;

export type PageWord = keyof typeof words;
export type PageWords = (word: PageWord) => string;

export function pageWords(language: Language): PageWords {
  return (word) => words[word][language];
}
