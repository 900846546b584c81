/** Where the JSON Schema of definitions is found: by its address, and in the registry itself. */

const folder = 'https://raw.githubusercontent.com/greffier/greffier/main/schemas';
const fileName = 'service-provider.v1.schema.json';

/** The `$id` of a published schema: the address of its text, for ever the same within a version. */
export function publishedSchema(name: string): string {
  return `${folder}/${name}`;
}

/** The `$id` of the schema of definitions. */
export const schemaAddress = publishedSchema(fileName);

/** The copy that a registry holds, so that editors need no network to explain a definition. */
export const registrySchemaPath = `schemas/${fileName}`;

/** The same copy, as seen from a definition: editors read the path of a modeline from the file that holds it. */
export const registrySchemaFromDefinition = `../../../${registrySchemaPath}`;

/** The comment from which editors that run yaml-language-server know the schema of a file. */
export function schemaModeline(schema: string): string {
  return `# yaml-language-server: $schema=${schema}`;
}
