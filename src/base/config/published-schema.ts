/** Where the JSON Schemas are published. */

/** The `$id` of a schema: the address of its text, for ever the same within a version. */
export function publishedSchema(fileName: string): string {
  return `https://raw.githubusercontent.com/greffier/greffier/main/schemas/${fileName}`;
}

/** The comment from which editors that run yaml-language-server know the schema of a file. */
export function schemaModeline(schema: string): string {
  return `# yaml-language-server: $schema=${schema}`;
}
