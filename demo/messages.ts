/** What the demo narrates, in both languages. */
import type { Bilingual, Language } from '#base/i18n/message';

const messages = {
  title: { fr: 'Greffier, de la demande à la connexion', en: 'Greffier, from the request to the sign-in' },
  about: {
    fr: 'Deux personnes raccordent une application à ProConnect, la connexion des professionnels : l’une par un formulaire, l’autre par Git. Tout se passe sur cette machine : un GitHub local, un fournisseur OpenID qui tient le rôle de ProConnect, une boîte aux lettres, et le vrai Greffier entre eux. La commune de Montfictif n’existe pas.',
    en: 'Two people connect an application to ProConnect, the sign-in of professionals: one by a form, the other by Git. Everything happens on this machine: a local GitHub, an OpenID provider in the part of ProConnect, a mailbox, and the real Greffier between them. The commune of Montfictif does not exist.',
  },
  started: { fr: 'Greffier est en marche', en: 'Greffier is up' },

  language: { fr: 'fr', en: 'en' },
  colon: { fr: ' : ', en: ': ' },
  partDesk: {
    fr: 'Première histoire : Camille, au guichet',
    en: 'The first story: Camille, at the front desk',
  },
  sceneDesk: { fr: 'Camille ouvre le guichet', en: 'Camille opens the front desk' },
  desk: {
    fr: 'Camille travaille à la commune de Montfictif, et n’a pas de compte GitHub. Le guichet est un formulaire en ligne, servi par Greffier.',
    en: 'Camille works for the commune of Montfictif and has no account at GitHub. The front desk is a form on the web, served by Greffier.',
  },
  deskOpen: { fr: 'Le guichet est ouvert à tous', en: 'The front desk is open to everyone' },
  signIn: {
    fr: 'Camille se connecte : le guichet sait alors, de source sûre, qui demande et pour quelle organisation.',
    en: 'Camille signs in: the desk then knows for sure who asks, and for which organization.',
  },
  signedInDesk: {
    fr: 'La connexion dit son adresse et son SIRET : ils sont déjà dans le formulaire',
    en: 'The sign-in tells an address and a SIRET: both are in the form already',
  },
  sceneForm: { fr: 'Camille remplit le formulaire', en: 'Camille fills in the form' },
  form: {
    fr: 'Deux réponses ne vont pas : une description qui ne commence pas par un infinitif, une URL sans « https ».',
    en: 'Two answers are not right: a description that does not begin with an infinitive, a URL without “https”.',
  },
  formTitle: { fr: 'Formulaire', en: 'Form' },
  twoFaults: {
    fr: 'Les deux erreurs sont dites en haut de la page, chacune avec son champ',
    en: 'Both mistakes are told on top of the page, each with its field',
  },
  valuesKept: { fr: 'Les autres réponses sont gardées', en: 'The other answers are kept' },
  sceneSend: {
    fr: 'Camille corrige d’un bouton, relit et envoie',
    en: 'Camille mends by a button, checks, and sends',
  },
  fixByButton: { fr: 'Le bouton applique ce qui est sûr.', en: 'The button applies what is certain.' },
  fixedByButton: { fr: 'Les deux erreurs sont corrigées', en: 'Both mistakes are mended' },
  check: {
    fr: 'Avant d’envoyer, une page montre les réponses, le fichier qui sera écrit, et ce qui se passera.',
    en: 'Before it is sent, a page shows the answers, the file that will be written, and what will happen.',
  },
  checkShown: {
    fr: 'La page de relecture montre le fichier corrigé',
    en: 'The page to check shows the mended file',
  },
  sent: { fr: 'La demande a sa page', en: 'The request has a page of its own' },
  sentByApp: {
    fr: 'Greffier a ouvert la pull request au nom du guichet, sans adresse e-mail',
    en: 'Greffier opened the pull request for the desk, without an e-mail address',
  },
  sceneTalk: { fr: 'Dominique relit, sur GitHub', en: 'Dominique reviews, at GitHub' },
  talk: {
    fr: 'Dominique tient le registre. Pour la production, il faut l’approbation d’une personne : sans elle, GitHub refuse la fusion.',
    en: 'Dominique keeps the registry. Production takes a person’s approval: without it GitHub refuses to merge.',
  },
  github: { fr: 'GitHub', en: 'GitHub' },
  mergeRefused: { fr: 'Fusionner sans approuver est refusé', en: 'Merging without approving is refused' },
  question: { fr: 'Bonjour ! Qui se servira de ce service ?', en: 'Hello! Who will use this service?' },
  answer: {
    fr: 'Les agents de la commune, pour les associations.',
    en: 'The commune’s staff, for associations.',
  },
  mailToCamille: { fr: 'Un e-mail prévient Camille', en: 'A mail tells Camille' },
  questionShown: {
    fr: 'La question est sur la page de sa demande',
    en: 'The question is on the page of the request',
  },
  answerPosted: { fr: 'Sa réponse est portée sur GitHub', en: 'The answer is carried to GitHub' },
  sceneAccept: { fr: 'Dominique approuve et fusionne', en: 'Dominique approves and merges' },
  sceneKeys: { fr: 'Camille lit les clés', en: 'Camille reads the keys' },
  keysThere: {
    fr: 'Un client a été créé, et ses clés attendent sur la page',
    en: 'A client was made, and its keys wait on the page',
  },
  mailsToCamille: {
    fr: 'Les e-mails mènent à la page, et ne disent aucun secret',
    en: 'The mails lead to the page, and tell no secret',
  },

  partGit: { fr: 'Deuxième histoire : Sacha, par Git', en: 'The second story: Sacha, by Git' },
  sceneOpen: { fr: 'Sacha propose un service', en: 'Sacha proposes a service' },
  open: {
    fr: 'Sacha développe pour la même commune. Le registre est un dépôt Git, un fichier par service : Sacha en écrit un dans sa copie et ouvre une pull request.',
    en: 'Sacha develops for the same commune. The registry is a Git repository, one file a service: Sacha writes one in a fork and opens a pull request.',
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

  sceneFix: { fr: 'Sacha applique les corrections', en: 'Sacha applies the fixes' },
  askFix: {
    fr: 'Greffier ne peut pas écrire dans la copie de Sacha : à sa demande, il fait des suggestions, qu’un clic applique.',
    en: 'Greffier may not write to Sacha’s fork: when asked, it makes suggestions that one click applies.',
  },
  acknowledged: { fr: 'La commande est reçue (👍)', en: 'The command is acknowledged (👍)' },
  suggested: {
    fr: 'Les corrections sont proposées ligne par ligne',
    en: 'The fixes are suggested line by line',
  },
  line: { fr: 'Ligne {line}', en: 'Line {line}' },
  applied: { fr: 'Sacha les applique en un commit', en: 'Sacha applies them in one commit' },
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
    fr: 'Le fournisseur OpenID a un client pour ce service, et un seul',
    en: 'The OpenID provider has one client for this service, and only one',
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

  broken: { fr: 'L’histoire s’est interrompue', en: 'The story broke off' },

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
  addressDesk: { fr: 'Le guichet', en: 'The front desk' },
  addressRegistry: { fr: 'Le registre, sur le GitHub local', en: 'The registry, at the local GitHub' },
  addressMail: { fr: 'La boîte aux lettres', en: 'The mailbox' },
  addressApplication: { fr: 'Une application où essayer des clés', en: 'An application to try keys in' },
  addressServices: { fr: 'Les services déjà connectés', en: 'The services that are connected' },
  addressFollow: { fr: 'Le suivi (connectez-vous en Dominique)', en: 'For operators (sign in as Dominique)' },
  yourTurn: { fr: 'À vous, sans Git :', en: 'Your turn, without Git:' },
  turnAsk: {
    fr: 'Au guichet, connectez-vous : choisissez une personne, ou dites qui vous êtes. Demandez un service en intégration, avec {redirect} comme URL de redirection de connexion, et votre adresse parmi les contacts techniques.',
    en: 'Sign in at the desk: choose a person, or say who you are. Ask for a service in integration, with {redirect} as its redirect URI, and your address among the technical contacts.',
  },
  turnAccept: {
    fr: 'Sur le GitHub local, ouvrez la pull request : approuvez et fusionnez en tant que Dominique. GitHub refuse tant que le contrôle n’est pas vert.',
    en: 'At the local GitHub, open the pull request: approve and merge as Dominique. GitHub refuses until the check is green.',
  },
  turnKeys: {
    fr: 'Revenez à votre demande : les clés y sont, une fois. Collez-les dans l’application, et connectez-vous.',
    en: 'Come back to your request: the keys are there, once. Paste them into the application, and sign in.',
  },
  turnProduction: {
    fr: 'En production, tout numéro de DataPass de H5000 à H5999 est valable, et il faut une approbation.',
    en: 'In production any DataPass from H5000 to H5999 is good, and an approval is needed.',
  },
  pushIt: {
    fr: 'Ou par Git, en tant que Sacha. Poussez une branche :',
    en: 'Or by Git, as Sacha. Push a branch:',
  },
  setup: {
    fr: 'Tout est là, sauf Greffier : à vous de l’installer. Ctrl+C pour arrêter.',
    en: 'Everything is there but Greffier: yours to install. Ctrl+C to stop.',
  },
  setupCreate: {
    fr: 'Dans un autre terminal, dans le dossier de Greffier, créez l’App : ouvrez la page dont la commande donne l’adresse, appuyez sur ses boutons, puis installez l’App sur le registre. La branche y est déjà protégée.',
    en: 'In another terminal, in the folder of Greffier, make the App: open the page whose address the command gives, press its buttons, then install the App on the registry. Its branch is protected already.',
  },
  setupComplete: {
    fr: 'Complétez les deux fichiers que la commande a écrits :',
    en: 'Complete the two files that the command wrote:',
  },
  setupStart: { fr: 'Démarrez :', en: 'Start:' },
  setupLook: {
    fr: 'Dans un troisième terminal, voyez si tout marche. Puis changez ce que vous voulez, et voyez ce qui en est dit :',
    en: 'In a third terminal, see whether all is well. Then change what you like, and see what is said of it:',
  },
  setupFirst: {
    fr: 'Une première demande, par Git, en tant que Sacha : poussez une branche, puis ouvrez la pull request. Une faute y attend Greffier.',
    en: 'A first request, by Git, as Sacha: push a branch, then open the pull request. There is a fault in it, for Greffier to find.',
  },
  setupKeys: {
    fr: 'Sur le GitHub local, corrigez en tant que Sacha et fusionnez en tant que Dominique ; le lien vers les clés arrive dans la boîte aux lettres. Tout ce qui a été écrit est dans le dossier « essai » : retirez-le pour recommencer.',
    en: 'At the local GitHub, mend as Sacha and merge as Dominique; the link to the keys arrives in the mailbox. All that was written is in the folder “essai”: remove it to begin again.',
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
