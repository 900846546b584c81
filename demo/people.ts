/** Who has an account at the demo's OpenID provider. */
import type { Person } from './sign-in-page.ts';

/** What ProConnect tells of an agent, by the claims that its scopes stand for (« Données fournies »). */
export const agent = {
  sub: '704a024229015d2bd47f7a5e5ab05b35c8336ab403c38022985f8cfadc86fe91',
  given_name: 'Camille',
  usual_name: 'Durand',
  email: 'camille.durand@ville-de-montfictif.fr',
  uid: 'cdurand',
  siret: '21999900000017',
  phone_number: '+33 1 99 00 12 34',
  idp_id: '71144ab3-ee1a-4401-b7b3-79b44f7daeeb',
  custom: {},
  roles: ['agent_public', 'agent_public_territorial'],
  organization_label: 'Commune de Montfictif',
} as const;

/** Who follows the registry at `/suivi`; at GitHub, the reviewer. */
export const operator: Person = {
  sub: 'b9d2a6d0c3f84d0f8a34b0c5f6f0f1de6d4f6c0a4be94c6f9e1f7c7b9f4e2a51',
  given_name: 'Dominique',
  usual_name: 'Petit',
  email: 'dominique.petit@registre-fictif.fr',
  siret: '13099990700012',
  organization_label: 'Registre fictif',
};
