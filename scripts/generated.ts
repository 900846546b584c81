/** The files that are made from the sources: their paths, and what they should hold. */
import { catalogue } from '../src/cli/catalogue.ts';
import { serviceProviderSchema } from '../src/definition/schema.ts';
import { settingsSchema } from '../src/registry/settings-schema.ts';
import { rulesDocument } from './rules-document.ts';

export const generated: Readonly<Record<string, () => string>> = {
  'schemas/service-provider.v1.schema.json': () => `${JSON.stringify(serviceProviderSchema, undefined, 2)}\n`,
  'schemas/settings.v1.schema.json': () => `${JSON.stringify(settingsSchema, undefined, 2)}\n`,
  'docs/rules.md': () => rulesDocument(catalogue.cards),
};
