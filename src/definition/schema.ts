/**
 * The definition's JSON Schema, version 1: the one source of the TypeScript type below and of
 * `schemas/service-provider.v1.schema.json`.
 */
import type { FromSchema } from 'json-schema-to-ts';

export const serviceProviderSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
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
    version: { const: 1 },
    name: { type: 'string', minLength: 1, maxLength: 200 },
    network: { enum: ['internet', 'rie'] },
    environment: { enum: ['integration', 'production'] },
    organization: {
      type: 'object',
      additionalProperties: false,
      required: ['siret'],
      properties: { siret: { type: 'string' } },
    },
    datapass: { type: 'string' },
    description: { type: 'string', maxLength: 240 },
    contacts: {
      type: 'object',
      additionalProperties: false,
      required: ['technical'],
      properties: {
        technical: { type: 'array', minItems: 1, maxItems: 20, items: { type: 'string' } },
        support: { type: 'string' },
      },
    },
    redirect_uris: { type: 'array', minItems: 1, maxItems: 50, items: { type: 'string', maxLength: 2048 } },
    post_logout_redirect_uris: {
      type: 'array',
      maxItems: 50,
      items: { type: 'string', maxLength: 2048 },
    },
    id_token_signed_response_alg: { enum: ['RS256', 'ES256', 'HS256'] },
    userinfo_signed_response_alg: { enum: ['RS256', 'ES256', 'HS256', 'none'] },
    optional_scopes: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['scope', 'justification'],
        properties: {
          scope: { type: 'string' },
          justification: { type: 'string', minLength: 10, maxLength: 500 },
        },
      },
    },
    private_sector: { type: 'boolean' },
    ip_addresses: { type: 'array', minItems: 1, maxItems: 50, items: { type: 'string' } },
    owners: { type: 'array', maxItems: 50, items: { type: 'string' } },
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
      then: { required: ['ip_addresses'] },
    },
  ],
} as const;

/** A definition that the schema accepts. */
export type ServiceProvider = FromSchema<typeof serviceProviderSchema>;
