/**
 * The definition's JSON Schema, version 1: the one source of the TypeScript type below, of the checks of structure
 * and of `schemas/service-provider.v1.schema.json`, from which editors complete and explain while one types.
 */
import type { FromSchema } from 'json-schema-to-ts';
import { schemaAddress } from './schema-address.ts';

/** An e-mail address, loosely: the rules on addresses say the rest. */
const address = '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$';
/** A complete http or https URL, loosely: the rules on URLs say the rest. */
const url = '^https?://[^\\s/*#;][^\\s*#;]*$';

export const serviceProviderSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: schemaAddress,
  title: 'Fournisseur de services ProConnect',
  description:
    'La demande de connexion d’une application à ProConnect, pour un réseau et un environnement. Un fichier par service, par réseau et par environnement.',
  type: 'object',
  additionalProperties: false,
  required: [
    'version',
    'name',
    'network',
    'environment',
    'organization',
    'contacts',
    'redirect_uris',
    'post_logout_redirect_uris',
    'id_token_signed_response_alg',
    'userinfo_signed_response_alg',
  ],
  properties: {
    version: {
      title: 'Version du format',
      description: 'La version du format de ce fichier, et non celle de votre application : toujours 1.',
      examples: [1],
      const: 1,
    },
    name: {
      title: 'Nom du service',
      description:
        "Le nom que verront les usagers sur la page de connexion. Lettres, chiffres, espaces et , . : ! ( ) _ ' - & * + / ; visez moins de 80 caractères.",
      examples: ['Suivi des subventions', "Portail de l'agent"],
      type: 'string',
      minLength: 1,
      maxLength: 200,
    },
    network: {
      title: 'Réseau',
      description:
        'internet, ou rie pour le Réseau interministériel de l’État. Le même que le dossier. Les clés d’un réseau ne marchent pas sur l’autre : faites un fichier par réseau.',
      examples: ['internet', 'rie'],
      enum: ['internet', 'rie'],
    },
    environment: {
      title: 'Environnement',
      description:
        'integration pour développer et tester (aussi une préproduction ou une recette), production pour les vrais usagers. Le même que le dossier.',
      examples: ['integration', 'production'],
      enum: ['integration', 'production'],
    },
    organization: {
      title: 'Organisme',
      description:
        'L’établissement qui demande la connexion. Son nom et sa forme juridique sont retrouvés à partir du SIRET.',
      examples: [{ siret: '13002526500013' }],
      type: 'object',
      additionalProperties: false,
      required: ['siret'],
      properties: {
        siret: {
          title: 'SIRET',
          description:
            'Les 14 chiffres de l’établissement, entre guillemets et sans espaces (annuaire-entreprises.data.gouv.fr).',
          examples: ['13002526500013'],
          type: 'string',
          pattern: '^[0-9]{14}$',
        },
      },
    },
    datapass: {
      title: 'Numéro de DataPass',
      description:
        'Le numéro de l’habilitation (H…) ou de la demande (D…) « ProConnect - Fournisseur de services ». Nécessaire en production : https://datapass.api.gouv.fr/agent-connect-fs',
      examples: ['H4821', 'D12345'],
      type: 'string',
      pattern: '^[HD][0-9]{1,9}$',
    },
    description: {
      title: 'Courte description',
      description:
        'Ce que le service permet, en une phrase qui commence par un verbe à l’infinitif. Elle paraît dans la liste publique des services. Nécessaire en production.',
      examples: ['Déposer et suivre les demandes de subvention'],
      type: 'string',
      maxLength: 240,
      pattern: '^[^\\r\\n]*$',
    },
    contacts: {
      title: 'Contacts',
      description: 'Qui reçoit l’accès aux clés, et qui aide les usagers.',
      examples: [
        { technical: ['equipe-technique@ministere.gouv.fr'], support: 'assistance@ministere.gouv.fr' },
      ],
      type: 'object',
      additionalProperties: false,
      required: ['technical'],
      properties: {
        technical: {
          title: 'Contacts techniques',
          description:
            'Les adresses qui recevront l’accès aux clés, en minuscules. Préférez une adresse d’équipe à celle d’une personne.',
          examples: [['equipe-technique@ministere.gouv.fr']],
          type: 'array',
          minItems: 1,
          maxItems: 20,
          items: { type: 'string', pattern: address },
        },
        support: {
          title: 'Support du service',
          description:
            'L’adresse où sont renvoyés les usagers qui n’arrivent pas à se connecter. Nécessaire en production.',
          examples: ['assistance@ministere.gouv.fr'],
          type: 'string',
          pattern: address,
        },
      },
    },
    redirect_uris: {
      title: 'URL de retour après connexion',
      description:
        'Les URL complètes où l’usager revient après s’être connecté. ProConnect les compare au caractère près ; le joker * n’est pas possible.',
      examples: [['https://mon-service.gouv.fr/oidc/callback']],
      type: 'array',
      minItems: 1,
      maxItems: 50,
      uniqueItems: true,
      items: { type: 'string', maxLength: 2048, pattern: url },
    },
    post_logout_redirect_uris: {
      title: 'URL de retour après déconnexion',
      description:
        'Les URL complètes où l’usager revient après s’être déconnecté, sur les domaines du service. S’il n’y en a pas, écrivez [].',
      examples: [['https://mon-service.gouv.fr/au-revoir'], []],
      type: 'array',
      maxItems: 50,
      uniqueItems: true,
      items: { type: 'string', maxLength: 2048, pattern: url },
    },
    id_token_signed_response_alg: {
      title: 'Signature de l’id_token',
      description: 'L’algorithme qui signe l’id_token. RS256 est recommandé.',
      examples: ['RS256'],
      enum: ['RS256', 'ES256', 'HS256'],
    },
    userinfo_signed_response_alg: {
      title: 'Signature de userinfo',
      description:
        'L’algorithme qui signe la réponse userinfo. RS256 est recommandé ; none donne du JSON sans signature.',
      examples: ['RS256'],
      enum: ['RS256', 'ES256', 'HS256', 'none'],
    },
    optional_scopes: {
      title: 'Scopes optionnels',
      description:
        'Les données demandées en plus de celles que reçoit tout service (openid, given_name, usual_name, email, uid, siret, phone, idp_id, custom, roles, organization_label), chacune avec sa raison.',
      examples: [
        [
          {
            scope: 'organizational_unit',
            justification: 'Orienter les dossiers vers la bonne direction',
          },
        ],
      ],
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['scope', 'justification'],
        properties: {
          scope: {
            title: 'Scope',
            description: 'Le nom de la donnée demandée.',
            examples: [
              'siren',
              'organizational_unit',
              'belonging_population',
              'chorusdt',
              'idp_acr',
              'groups',
              'lasuite_visio',
            ],
            type: 'string',
          },
          justification: {
            title: 'Raison',
            description: 'À quoi cette donnée vous servira, en une phrase (10 à 500 caractères).',
            examples: ['Orienter les dossiers vers la bonne direction'],
            type: 'string',
            minLength: 10,
            maxLength: 500,
          },
        },
      },
    },
    private_sector: {
      title: 'Ouverture au secteur privé',
      description:
        'true si des personnes du secteur privé (prestataires, associations) doivent pouvoir se connecter, false si le service est réservé aux agents publics. Nécessaire en production ; sans effet sur le RIE.',
      examples: [false, true],
      type: 'boolean',
    },
    ip_addresses: {
      title: 'Adresses IP du serveur',
      description:
        'Les adresses ou plages CIDR depuis lesquelles votre serveur appelle ProConnect (/token, /userinfo), pour que le flux soit ouvert. Nécessaire sur le RIE, sans objet sur Internet.',
      examples: [['10.144.7.20', '100.68.41.16/29']],
      type: 'array',
      minItems: 1,
      maxItems: 50,
      items: { type: 'string' },
    },
    owners: {
      title: 'Propriétaires du fichier',
      description:
        'Les identifiants GitHub des personnes qui peuvent modifier ce fichier, sans @, en plus de l’équipe qui relit.',
      examples: [['camille-dupont']],
      type: 'array',
      maxItems: 50,
      items: { type: 'string', maxLength: 100, pattern: '^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$' },
    },
  },
  allOf: [
    {
      if: { properties: { environment: { const: 'production' } }, required: ['environment'] },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: {
        required: ['datapass', 'description', 'private_sector'],
        properties: { contacts: { required: ['support'] } },
      },
    },
    {
      if: { properties: { network: { const: 'rie' } }, required: ['network'] },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: {
        required: ['ip_addresses'],
        properties: {
          ip_addresses: { items: { type: 'string', pattern: '^[0-9a-fA-F:.]+(?:/[0-9]{1,3})?$' } },
        },
      },
    },
  ],
} as const;

/** A definition that the schema accepts. */
export type ServiceProvider = FromSchema<typeof serviceProviderSchema>;
