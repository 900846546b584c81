/**
 * The JSON Schema of a registry's settings, `.github/greffier.yaml`: the one source of
 * `schemas/settings.v1.schema.json`, of the defaults and of the checks.
 */
import { cellNames } from '#base/config/cells';
import { publishedSchema } from '#base/config/published-schema';

const labelNames = {
  integration: 'Environnement d’intégration.',
  production: 'Environnement de production.',
  internet: 'Réseau Internet.',
  rie: 'Réseau interministériel de l’État.',
  'new-sp': 'La demande ajoute un fournisseur de services.',
  'change-sp': 'La demande modifie un fournisseur de services.',
  'removal-sp': 'La demande retire un fournisseur de services.',
  invalid: 'La demande contient des erreurs.',
  ready: 'La demande est prête à être fusionnée.',
  'needs-decision': 'Une décision ou une approbation manque.',
} as const;

/** The labels Greffier sets; it never touches another. */
export type Label = keyof typeof labelNames;
export const labels = Object.keys(labelNames) as readonly Label[];

/** How far apart the days may be on which contacts are asked whether their service still lives. */
export const recertifyDays = { minimum: 60, maximum: 3650 } as const;

/** The longest reason of a freeze. */
export const maxReasonLength = 200;

const freezeOfCell = {
  type: 'object',
  additionalProperties: false,
  required: ['until', 'reason'],
  properties: {
    until: {
      description: 'Le premier jour où les changements sont de nouveau appliqués, à l’heure de Paris.',
      type: 'string',
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
    },
    reason: {
      description: 'Pourquoi ; les demandeurs le lisent.',
      type: 'string',
      minLength: 1,
      maxLength: maxReasonLength,
    },
  },
} as const;

const count = { type: 'integer', minimum: 0, maximum: 6 } as const;

export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: publishedSchema('settings.v1.schema.json'),
  title: 'Réglages d’un registre Greffier',
  description:
    'Le fichier `.github/greffier.yaml` d’un registre. Tout y est facultatif ; il n’est lu que sur la branche par défaut.',
  type: 'object',
  additionalProperties: false,
  properties: {
    language: {
      title: 'Langue',
      description:
        'La langue des commentaires, des contrôles et des étiquettes ; celle par laquelle commencent les e-mails.',
      enum: ['fr', 'en'],
      default: 'fr',
      examples: ['fr'],
    },
    labels: {
      title: 'Noms des étiquettes',
      description:
        'Pour donner un autre nom à une étiquette. Deux étiquettes ne peuvent pas porter le même nom.',
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        labels.map((label) => [
          label,
          { description: labelNames[label], type: 'string', minLength: 1, maxLength: 50, default: label },
        ]),
      ),
      examples: [{ ready: 'prêt', invalid: 'à corriger' }],
    },
    approvals: {
      title: 'Approbations',
      description: 'Combien de personnes, autres que l’auteur, doivent approuver la demande.',
      type: 'object',
      additionalProperties: false,
      properties: {
        integration: {
          ...count,
          description: 'Pour une demande qui ne touche que l’intégration.',
          default: 0,
        },
        production: {
          ...count,
          minimum: 1,
          description: 'Pour une demande qui touche la production. Une au moins.',
          default: 1,
        },
        teams: {
          description:
            'Les équipes dont l’approbation compte, comme celle des personnes qui ont le droit d’écriture, sous la forme `organisation/équipe`.',
          type: 'array',
          items: { type: 'string', pattern: '^[A-Za-z0-9-]{1,39}/[A-Za-z0-9_.-]{1,100}$' },
          maxItems: 20,
          default: [],
        },
      },
      examples: [{ production: 2, teams: ['mon-organisation/proconnect'] }],
    },
    automatic_merge: {
      title: 'Fusion automatique',
      description:
        'Fusionner sans intervention une demande prête. Il faut aussi avoir donné à l’application le droit d’écrire dans le dépôt.',
      type: 'object',
      additionalProperties: false,
      properties: {
        integration: {
          description: 'Pour une demande qui ne touche que l’intégration.',
          type: 'boolean',
          default: false,
        },
      },
      examples: [{ integration: true }],
    },
    freeze: {
      title: 'Gel',
      description:
        'Les cellules où rien n’est mis en service avant une date : les demandes y sont relues et fusionnées, et appliquées à partir de ce jour.',
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(cellNames.map((cell) => [cell, freezeOfCell])),
      examples: [{ 'internet/production': { until: '2027-01-04', reason: 'Fêtes de fin d’année' } }],
    },
    reviewers: {
      title: 'Relecteurs',
      description:
        'Les personnes et les équipes dont la revue est demandée, une fois, quand une demande attend une approbation.',
      type: 'object',
      additionalProperties: false,
      properties: {
        ask: {
          description:
            'Des comptes GitHub, ou des équipes de l’organisation du registre sous la forme `organisation/équipe`. L’auteur n’est pas demandé.',
          type: 'array',
          items: {
            type: 'string',
            pattern: '^(?:[A-Za-z0-9-]{1,39}/[A-Za-z0-9_.-]{1,100}|[A-Za-z0-9][A-Za-z0-9_-]{0,38})$',
          },
          maxItems: 10,
          default: [],
        },
        remind: {
          description:
            'Après combien de jours ouvrés (du lundi au vendredi, hors jours fériés de France) rappeler la demande, une fois. Absent : jamais.',
          type: 'integer',
          minimum: 1,
          maximum: 30,
        },
      },
      examples: [{ ask: ['mon-organisation/proconnect'], remind: 3 }],
    },
    live_checks: {
      title: 'Vérification des services en ligne',
      description:
        'Redemander une fois par jour, pour chaque service en ligne, son habilitation à DataPass et son établissement à l’annuaire des entreprises ; ce qui ne va plus est dit dans une issue.',
      type: 'boolean',
      default: false,
    },
    recertify: {
      title: 'Confirmation périodique',
      description:
        'Demander aux contacts techniques, une fois par période, si leur service existe toujours : un nombre de jours, de 60 à 3650, suivi de `d`. Sans réponse, une issue le dit ; rien n’est retiré. Absent : personne n’est interrogé.',
      type: 'string',
      pattern: '^(?:[6-9][0-9]|[1-9][0-9]{2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-4][0-9]|3650)d$',
      examples: ['365d'],
    },
    limits: {
      title: 'Limites',
      description: 'Au-delà, une personne décide.',
      type: 'object',
      additionalProperties: false,
      properties: {
        definitions: {
          description: 'Le nombre de définitions qu’une demande peut toucher sans décision.',
          type: 'integer',
          minimum: 1,
          maximum: 3000,
          default: 10,
        },
      },
      examples: [{ definitions: 20 }],
    },
  },
} as const;
