/** What the demo narrates, in both languages. */
import type { Bilingual, Language } from '#base/i18n/message';

const messages = {
  title: { fr: 'Greffier, de la demande à la connexion', en: 'Greffier, from the request to the sign-in' },
  about: {
    fr: 'Tout se passe sur cette machine : un GitHub local, un fournisseur OpenID, une boîte aux lettres, et le vrai Greffier entre eux. La commune de Montfictif n’existe pas.',
    en: 'Everything happens on this machine: a local GitHub, an OpenID provider, a mailbox, and the real Greffier between them. The commune of Montfictif does not exist.',
  },
  started: { fr: 'Greffier est en marche', en: 'Greffier is up' },

  sceneOpen: { fr: 'Camille propose un service', en: 'Camille proposes a service' },
  open: {
    fr: 'Camille, de la commune de Montfictif, écrit un fichier dans sa copie du registre et ouvre une pull request.',
    en: 'Camille, of the commune of Montfictif, writes one file in a fork of the registry and opens a pull request.',
  },

  sceneReview: { fr: 'Greffier relit', en: 'Greffier reviews' },
  checkFails: { fr: 'Le contrôle est rouge', en: 'The check is red' },
  labelsInvalid: { fr: 'Les étiquettes disent ce que c’est', en: 'The labels say what it is' },
  commentThere: {
    fr: 'Le commentaire dit quoi corriger et comment',
    en: 'The comment says what to mend and how',
  },
  notesThere: {
    fr: 'Chaque erreur est annotée sous sa ligne',
    en: 'Each error is noted under its line',
  },

  sceneFix: { fr: 'Camille applique les corrections', en: 'Camille applies the fixes' },
  askFix: {
    fr: 'Greffier ne peut pas écrire dans la copie de Camille : à sa demande, il fait des suggestions, qu’un clic applique.',
    en: 'Greffier may not write to Camille’s fork: when asked, it makes suggestions that one click applies.',
  },
  acknowledged: { fr: 'La commande est reçue (👍)', en: 'The command is acknowledged (👍)' },
  suggested: {
    fr: 'Les corrections sont proposées ligne par ligne',
    en: 'The fixes are suggested line by line',
  },
  line: { fr: 'Ligne {line}', en: 'Line {line}' },
  applied: { fr: 'Camille les applique en un commit', en: 'Camille applies them in one commit' },
  waitsApproval: {
    fr: 'Le contrôle attend l’approbation que la production demande',
    en: 'The check waits for the approval that production needs',
  },
  editedInPlace: {
    fr: 'Le commentaire est le même, modifié sur place',
    en: 'The comment is the same one, edited in place',
  },

  sceneApprove: { fr: 'Dominique approuve et fusionne', en: 'Dominique approves and merges' },
  checkTurns: {
    fr: 'Le contrôle passe au vert dès l’approbation',
    en: 'The check turns green with the approval',
  },
  labelReady: { fr: 'L’étiquette « ready » est posée', en: 'The label “ready” is set' },
  merged: { fr: 'La pull request est fusionnée', en: 'The pull request is merged' },

  sceneProvision: { fr: 'Le client est créé', en: 'The client is created' },
  clientMade: {
    fr: 'Le fournisseur OpenID a un client, et un seul',
    en: 'The OpenID provider has one client, and only one',
  },
  outcomeTold: {
    fr: 'Le résultat est dit sur la pull request, sans secret',
    en: 'The outcome is told on the pull request, without a secret',
  },
  deployed: {
    fr: 'Le déploiement internet-production est réussi',
    en: 'The deployment internet-production succeeded',
  },
  mailCame: { fr: 'L’équipe technique reçoit un message', en: 'The technical team receives a mail' },

  sceneHandover: { fr: 'L’équipe ouvre le lien', en: 'The team opens the link' },
  nothingShown: {
    fr: 'La page ne montre rien avant qu’on appuie sur le bouton',
    en: 'The page shows nothing until the button is pressed',
  },
  shownOnce: { fr: 'Les clés s’affichent, une fois', en: 'The keys are shown, once' },
  shownNoMore: { fr: 'La deuxième fois, il n’y a plus rien', en: 'The second time there is nothing left' },
  masked: { fr: '(masqué par la démonstration)', en: '(masked by the demo)' },
  browser: { fr: 'Navigateur', en: 'Browser' },

  sceneSignIn: { fr: 'Un agent se connecte', en: 'An agent signs in' },
  signedIn: {
    fr: 'Avec ces clés, l’application connecte un agent',
    en: 'With these keys the application signs an agent in',
  },

  sceneUpdate: { fr: 'L’application change d’adresse', en: 'The application gets another address' },
  update: {
    fr: 'Une URL de plus : la relecture dit, champ par champ, ce que la fusion changera.',
    en: 'One more URL: the review says, field by field, what merging will change.',
  },
  updateReady: { fr: 'La modification est relue et approuvée', en: 'The change is reviewed and approved' },
  updated: {
    fr: 'Le même client a la nouvelle URL, avec les mêmes clés',
    en: 'The same client has the new URL, with the same keys',
  },

  sceneDrift: { fr: 'Quelqu’un modifie le client à la main', en: 'Someone changes the client by hand' },
  drift: {
    fr: 'Le nom du client est changé chez le fournisseur, sans passer par le registre.',
    en: 'The client’s name is changed at the provider, behind the registry’s back.',
  },
  driftTold: {
    fr: 'L’écart est trouvé et dit dans un ticket',
    en: 'The drift is found and told in an issue',
  },
  driftGone: {
    fr: 'Une fois l’écart corrigé, le ticket se ferme seul',
    en: 'Once it is mended, the issue closes by itself',
  },

  sceneRename: { fr: 'Le fichier change de nom', en: 'The file gets another name' },
  rename: {
    fr: 'Le chemin est l’identité du service : le renommer, c’est créer un client et supprimer l’ancien.',
    en: 'The path is the identity of the service: renaming it makes a client and deletes the old one.',
  },
  renameSeen: {
    fr: 'La relecture le dit, et demande une décision',
    en: 'The review says so, and asks for a decision',
  },
  renamed: {
    fr: 'Il y a un nouveau client, et l’ancien n’est plus',
    en: 'There is a new client, and the old one is gone',
  },

  sceneRemove: { fr: 'Le service est retiré', en: 'The service is removed' },
  removalSeen: {
    fr: 'La relecture dit ce que retirer veut dire, et demande une décision',
    en: 'The review says what removing means, and asks for a decision',
  },
  removed: {
    fr: 'Le client est désactivé, puis supprimé après le délai',
    en: 'The client is deactivated, then deleted after the delay',
  },

  summary: { fr: 'Bilan', en: 'Summary' },
  allSeen: {
    fr: 'Tout a été observé, en {seconds} s.',
    en: 'Everything was observed, in {seconds} s.',
  },
  notAllSeen: {
    fr: 'Tout n’a pas été observé ({seconds} s). Le journal de Greffier finit ainsi :',
    en: 'Not everything was observed ({seconds} s). Greffier’s log ends like this:',
  },

  kept: { fr: 'Tout reste en marche. Ctrl+C pour arrêter.', en: 'Everything stays up. Ctrl+C to stop.' },
  addressRegistry: { fr: 'Le registre', en: 'The registry' },
  addressBot: { fr: 'Greffier', en: 'Greffier' },
  addressMail: { fr: 'La boîte aux lettres', en: 'The mailbox' },
  addressOpenId: { fr: 'Le fournisseur OpenID', en: 'The OpenID provider' },
  pushIt: {
    fr: 'Pour proposer un service vous-même, poussez une branche :',
    en: 'To propose a service yourself, push a branch:',
  },
  openIt: { fr: 'puis ouvrez la pull request :', en: 'then open the pull request:' },
} as const satisfies Record<string, Bilingual>;

export type DemoMessage = keyof typeof messages;

/** Says a sentence of the demo; `{name}` is replaced by the value of that name. */
export function demoTranslator(
  language: Language,
): (message: DemoMessage, values?: Readonly<Record<string, string>>) => string {
  return (message, values = {}) =>
    messages[message][language].replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
}
