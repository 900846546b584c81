/** Nouns that descriptions begin with, and the verbs that say the same. */

/** The verb takes what follows `de` as its object: « gestion des dossiers », « gérer les dossiers ». */
const objects =
  'gestion:gérer suivi:suivre consultation:consulter dépôt:déposer pilotage:piloter partage:partager ' +
  'recherche:rechercher création:créer publication:publier diffusion:diffuser organisation:organiser ' +
  'administration:administrer analyse:analyser archivage:archiver attribution:attribuer automatisation:automatiser ' +
  'calcul:calculer cartographie:cartographier centralisation:centraliser collecte:collecter constitution:constituer ' +
  'contrôle:contrôler coordination:coordonner déclaration:déclarer dématérialisation:dématérialiser ' +
  'développement:développer édition:éditer élaboration:élaborer enregistrement:enregistrer envoi:envoyer ' +
  'établissement:établir évaluation:évaluer exploitation:exploiter facturation:facturer formation:former ' +
  'génération:générer hébergement:héberger identification:identifier instruction:instruire ' +
  'intégration:intégrer mesure:mesurer modernisation:moderniser mutualisation:mutualiser numérisation:numériser ' +
  'observation:observer optimisation:optimiser orientation:orienter planification:planifier préparation:préparer ' +
  'présentation:présenter production:produire programmation:programmer promotion:promouvoir protection:protéger ' +
  'réalisation:réaliser recensement:recenser réception:recevoir recueil:recueillir rédaction:rédiger ' +
  'réduction:réduire référencement:référencer remontée:remonter renouvellement:renouveler répartition:répartir ' +
  'réservation:réserver saisie:saisir sauvegarde:sauvegarder sécurisation:sécuriser signalement:signaler ' +
  'signature:signer simplification:simplifier simulation:simuler stockage:stocker structuration:structurer ' +
  'supervision:superviser surveillance:surveiller traitement:traiter transfert:transférer transmission:transmettre ' +
  'utilisation:utiliser validation:valider valorisation:valoriser vérification:vérifier visualisation:visualiser ' +
  'animation:animer accompagnement:accompagner amélioration:améliorer exposition:exposer affichage:afficher ' +
  'aménagement:aménager paiement:payer commande:commander téléchargement:télécharger modification:modifier';

/** The verb keeps the preposition: « accès aux données », « accéder aux données ». */
const prepositions =
  'accès:accéder contribution:contribuer participation:participer adhésion:adhérer aide:aider réponse:répondre ' +
  "inscription:s'inscrire connexion:se connecter";

/** Several words whose first alone turns into a verb, and whether what follows `de` becomes an object. */
const phrases: readonly (readonly [RegExp, string, boolean])[] = [
  [/^prise de rendez-vous/i, 'prendre rendez-vous', true],
  [/^prise en charge/i, 'prendre en charge', false],
  [/^mise à disposition/i, 'mettre à disposition', false],
  [/^mise en relation/i, 'mettre en relation', false],
  [/^mise en œuvre/i, 'mettre en œuvre', false],
  [/^mise en place/i, 'mettre en place', false],
  [/^mise à jour/i, 'mettre à jour', false],
  [/^mise en ligne/i, 'mettre en ligne', false],
];

function pairs(list: string): ReadonlyMap<string, string> {
  return new Map(
    list.split(/ (?=\p{L}+:)/u).map((pair): [string, string] => {
      const [noun = '', verb = ''] = pair.split(':');
      return [noun, verb];
    }),
  );
}

const objectVerbs = pairs(objects);
const prepositionVerbs = pairs(prepositions);

export interface NounAsVerb {
  readonly verb: string;
  /** How many characters of the text the noun takes. */
  readonly length: number;
  /** What follows stays as it is. */
  readonly keepsPreposition: boolean;
}

/** The verb of the noun that `text` begins with. */
export function verbOfNoun(text: string): NounAsVerb | undefined {
  for (const [phrase, verb, keepsPreposition] of phrases) {
    const found = phrase.exec(text)?.[0];
    if (found !== undefined) return { verb, length: found.length, keepsPreposition };
  }
  const word = /^\p{L}+/u.exec(text)?.[0];
  if (word === undefined) return undefined;
  const noun = word.toLowerCase();
  const direct = objectVerbs.get(noun);
  if (direct !== undefined) return { verb: direct, length: word.length, keepsPreposition: false };
  const indirect = prepositionVerbs.get(noun);
  if (indirect === undefined || !/^\s+(?:à|au|aux)(?![\p{L}])/iu.test(text.slice(word.length)))
    return undefined;
  return { verb: indirect, length: word.length, keepsPreposition: true };
}
