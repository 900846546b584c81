/** What the demo's applicants write: invented services of an invented commune, with the mistakes people make. */

import { commune } from './lookup-services.ts';
import { agent } from './people.ts';

export const definitionPath = 'service-providers/internet/production/agenda-des-associations.yaml';
export const renamedPath = 'service-providers/internet/production/agenda-des-associations-et-salles.yaml';

export const redirectUri = 'https://agenda.ville-de-montfictif.fr/auth/retour';
export const secondRedirectUri = 'https://reserver.ville-de-montfictif.fr/auth/retour';
export const technicalContact = 'equipe-numerique@ville-de-montfictif.fr';

export const serviceName = 'Agenda des associations';

/** What Camille answers at the desk, by the names of the form's fields, with two mistakes of which each has a button. */
export const deskRedirectUri = 'https://salles.ville-de-montfictif.fr/auth/retour';
export const deskAnswers = {
  name: 'Salles municipales',
  network: 'internet',
  environment: 'production',
  datapass: 'H4822',
  description: 'Permet de réserver une salle de la commune',
  redirect_uris: deskRedirectUri.replace('https:', 'http:'),
  post_logout_redirect_uris: 'https://salles.ville-de-montfictif.fr/',
  private_sector: 'false',
  'contacts.support': 'aide-salles@ville-de-montfictif.fr',
  'contacts.technical': agent.email,
} as const;

/** As it should be. */
export const goodDefinition = `# L'agenda des associations de Montfictif
version: 1
name: ${serviceName}
network: internet
environment: production
organization:
  siret: "${commune.siret}"
datapass: ${commune.habilitation}
description: Réserver une salle municipale et annoncer un événement
contacts:
  technical:
    - ${technicalContact}
  support: aide-agenda@ville-de-montfictif.fr
redirect_uris:
  - ${redirectUri}
post_logout_redirect_uris:
  - https://agenda.ville-de-montfictif.fr/au-revoir
id_token_signed_response_alg: RS256
userinfo_signed_response_alg: RS256
private_sector: false
`;

/** The same with four mistakes, each of which has a certain correction. */
export const faultyDefinition = goodDefinition
  .replace(`"${commune.siret}"`, '219 999 000 00017')
  .replace('description: Réserver', 'description: Permet de réserver')
  .replace(redirectUri, redirectUri.replace('https:', 'http:'))
  .replace('id_token_signed_response_alg: RS256', 'id_token_signed_response_alg: rs256');

/** One more address to come back to, on the same domain. */
export const extendedDefinition = goodDefinition.replace(
  `  - ${redirectUri}\n`,
  `  - ${redirectUri}\n  - ${secondRedirectUri}\n`,
);

export const readme = `# Registre

Un fichier par application et par environnement, dans le dossier service-providers. Proposez le vôtre par une pull request :
Greffier le relit.
`;

/** A newcomer's first definition, for whoever goes on with `--keep`: one mistake is left in it on purpose. */
export const newcomerPath = 'service-providers/internet/integration/mon-service.yaml';
export const newcomerDefinition = `version: 1
name: Mon service
network: internet
environment: integration
organization:
  siret: "${commune.siret}"
contacts:
  technical:
    - ${technicalContact}
redirect_uris:
  - http://mon-service.ville-de-montfictif.fr/auth/retour
post_logout_redirect_uris: []
id_token_signed_response_alg: RS256
userinfo_signed_response_alg: RS256
`;
