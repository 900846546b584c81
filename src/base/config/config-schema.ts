/** The JSON Schema of `greffier.config.yaml`, version 1: the one source of `schemas/config.v1.schema.json`. */
import type { FromSchema } from 'json-schema-to-ts';
import { publishedSchema } from './published-schema.ts';

/** What has a pattern has an example: what is wrong is said by it. */
const repository = {
  type: 'string',
  pattern: '^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$',
  examples: ['exemple/registre'],
} as const;
const address = {
  type: 'string',
  pattern: '^https?://[^\\s]+$',
  examples: ['https://idp.example.gouv.fr'],
} as const;
const repair = {
  type: 'boolean',
  description:
    'Remettre de soi-même comme le dit le registre un client qu’on a modifié chez le fournisseur d’identité.',
  default: false,
} as const;
/** So long a confirmation is good, and longer than GitHub delivers again what was missed. */
export const leastForgetAfterDays = 7;
const duration = {
  type: 'string',
  pattern: '^[1-9][0-9]{0,5}(s|m|h|d)$',
  examples: ['30s', '5m', '12h', '7d'],
} as const;

export const cellSchema = {
  type: 'object',
  required: ['provider'],
  oneOf: [
    {
      title: 'API partenaires de ProConnect',
      additionalProperties: false,
      required: ['provider', 'url', 'secret', 'identity_domain', 'issuer'],
      properties: {
        provider: { const: 'proconnect' },
        url: { ...address, description: 'L’adresse de l’API partenaires.' },
        secret: { type: 'string', minLength: 1, description: `Le secret partagé avec l’API : \${NOM}.` },
        identity_domain: {
          type: 'string',
          pattern: '^[a-z0-9.-]+\\.[a-z]{2,}$',
          examples: ['registre.example.gouv.fr'],
          description: 'Le domaine des adresses sous lesquelles Greffier range ses clients.',
        },
        repair,
        portal: { ...address, description: 'Où les contacts techniques lisent leurs clés.' },
        issuer: { ...address, description: 'L’émetteur de la cellule (OpenID Connect).' },
      },
    },
    {
      title: 'Enregistrement dynamique (RFC 7591 et RFC 7592)',
      additionalProperties: false,
      required: ['provider', 'issuer'],
      properties: {
        provider: { const: 'registration' },
        issuer: { ...address, description: 'L’émetteur ; sa découverte donne l’adresse d’enregistrement.' },
        repair,
        initial_access_token: {
          type: 'string',
          minLength: 1,
          description: `Le jeton d’accès initial, s’il en faut un : \${NOM}.`,
        },
      },
    },
    {
      title: 'À la main, par un ticket',
      additionalProperties: false,
      required: ['provider'],
      properties: {
        provider: { const: 'manual' },
        issuer: { ...address, description: 'L’émetteur de la cellule (OpenID Connect).' },
        repository: { ...repository, description: 'Où ouvrir les tickets ; le registre par défaut.' },
      },
    },
  ],
} as const;

const frontDesk = {
  type: 'object',
  additionalProperties: false,
  description: "Le guichet : le formulaire de demande, en pages web. Sans cette section, il n'y en a pas.",
  properties: {
    sign_in: {
      type: 'object',
      additionalProperties: false,
      required: ['issuer', 'client_id', 'client_secret'],
      description: 'Le fournisseur OpenID Connect par lequel on se connecte au guichet.',
      properties: {
        issuer: { ...address, description: "L'émetteur (OpenID Connect)." },
        client_id: { type: 'string', minLength: 1, description: 'Le client_id du guichet.' },
        client_secret: {
          type: 'string',
          minLength: 1,
          description: `Le client_secret du guichet : \${NOM}.`,
        },
        email_verified: {
          const: 'assumed',
          description:
            "À n'écrire que si le fournisseur s'engage sur les adresses e-mail qu'il donne sans dire `email_verified`. Sinon, une adresse sans `email_verified: true` est refusée.",
        },
      },
    },
    operators: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', pattern: '^[^\\s@]+@[^\\s@]+$', examples: ['adele@example.gouv.fr'] },
      description: 'Les adresses de qui voit /suivi.',
      default: [],
    },
    catalogue: { const: 'public', description: 'Montrer à tous, sur /services, les services en production.' },
  },
} as const;

export const configurationSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: publishedSchema('config.v1.schema.json'),
  title: 'Configuration d’un Greffier',
  description: `Le fichier que nomme GREFFIER_CONFIG. \${NOM} est lu dans l’environnement.`,
  type: 'object',
  additionalProperties: false,
  properties: {
    registry: {
      ...repository,
      description: 'Le dépôt servi ; par défaut, le seul où l’App est installée.',
    },
    cells: {
      type: 'object',
      additionalProperties: false,
      description:
        'Comment chaque cellule est provisionnée. Une cellule absente est relue, jamais provisionnée.',
      properties: {
        'internet/integration': cellSchema,
        'internet/production': cellSchema,
        'rie/integration': cellSchema,
        'rie/production': cellSchema,
      },
    },
    sweep: { ...duration, description: 'Tous les combien tout est vérifié.', default: '5m' },
    removal_delay: {
      ...duration,
      description: 'Combien de temps un client retiré reste désactivé avant d’être supprimé.',
      default: '7d',
    },
    forget_after: {
      type: 'string',
      // Whole days, `leastForgetAfterDays` at least.
      pattern: '^([7-9]|[1-9][0-9]{1,4})d$',
      examples: ['90d'],
      description:
        'Après combien de jours est oublié ce dont plus rien ne se sert : une demande close, une version d’un fichier.',
      default: '90d',
    },
    front_desk: frontDesk,
  },
} as const;

/** A configuration as it is written, once the schema accepts it. */
export type RawConfiguration = FromSchema<typeof configurationSchema>;
