/** Where the JSON Schema of definitions is found: by its address, and in the registry itself. */
import { publishedSchema } from '#base/config/published-schema';

const fileName = 'service-provider.v1.schema.json';

/** The `$id` of the schema of definitions. */
export const schemaAddress = publishedSchema(fileName);

/** The copy that a registry holds, so that editors need no network to explain a definition. */
export const registrySchemaPath = `schemas/${fileName}`;

/** The same copy, as seen from a definition: editors read the path of a modeline from the file that holds it. */
export const registrySchemaFromDefinition = `../../../${registrySchemaPath}`;
