/** The files that are made from the sources: their paths, and what they should hold. */

import { cellNames, type Environment, type Network } from '#base/config/cells';
import { configurationSchema } from '#base/config/config-schema';
import { serviceProviderSchema } from '#domain/definition/schema/service-provider-schema';
import { templateOf } from '#domain/definition/schema/template';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import { settingsSchema } from '#domain/registry/settings-schema';
import { rulesDocument } from './rules-document.ts';
import { configurationValidator, structureValidator } from './structure-validator.ts';
import { threatModel } from './threats/document.ts';

const json = (schema: object) => `${JSON.stringify(schema, undefined, 2)}\n`;

export const generatedFiles: Readonly<Record<string, () => string>> = {
  'schemas/config.v1.schema.json': () => json(configurationSchema),
  'schemas/service-provider.v1.schema.json': () => json(serviceProviderSchema),
  'schemas/settings.v1.schema.json': () => json(settingsSchema),
  // A registry holds copies, so that editors explain its files without any network.
  'templates/registry/schemas/service-provider.v1.schema.json': () => json(serviceProviderSchema),
  'templates/registry/schemas/settings.v1.schema.json': () => json(settingsSchema),
  ...Object.fromEntries(
    cellNames.map((cell) => {
      const [network, environment] = cell.split('/') as [Network, Environment];
      const path = `templates/service-provider/${network}/${environment}.yaml`;
      return [path, () => templateOf({ network, environment })];
    }),
  ),
  'src/base/config/validate-configuration.generated.ts': configurationValidator,
  'src/domain/definition/schema/validate-structure.generated.ts': structureValidator,
  'docs/rules.md': () => rulesDocument(catalogue.rules),
  'docs/threat-model.md': () => threatModel(),
};
