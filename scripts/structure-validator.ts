/** Has ajv make code of our schemas: nothing is compiled where definitions are judged, and a service begins at once. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { cellSchema, configurationSchema } from '#base/config/config-schema';
import { structureSchemas } from '#domain/definition/schema/structure-schema';

/** The text of `validate-structure.generated.ts`. @throws when ajv's code needs more of ajv than is replaced here */
export function structureValidator(): string {
  const ajv = new Ajv2020({
    schemas: Object.entries(structureSchemas).map(([name, schema]) => ({ ...schema, $id: name })),
    allErrors: true,
    messages: false,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true, lines: true },
  });
  const names = Object.keys(structureSchemas);
  const code = standalone.default(ajv, Object.fromEntries(names.map((name) => [name, name])));
  return generated('structure-schema.ts', code);
}

/** The text of `validate-configuration.generated.ts`, whose errors tell the schema that they are of. */
export function configurationValidator(): string {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    useDefaults: true,
    verbose: true,
    inlineRefs: false,
    code: { source: true, esm: true, lines: true },
  });
  const code = standalone.default(ajv, ajv.compile(cellsOnce()));
  return generated('config-schema.ts', code);
}

/** The configuration's schema, with that of a cell in one place: its code is made once, and not for every cell. */
function cellsOnce(): object {
  const { cells } = configurationSchema.properties;
  const names = Object.keys(cells.properties);
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: '#/$defs/cell' }]));
  return {
    ...configurationSchema,
    $defs: { cell: cellSchema },
    properties: { ...configurationSchema.properties, cells: { ...cells, properties } },
  };
}

/** @throws when ajv's code needs more of ajv than is replaced here */
function generated(from: string, code: string): string {
  const whole = code
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', 'codePointLength')
    .replace('"use strict";', '');
  if (whole.includes('require(')) throw new Error('The generated code needs a part of ajv at run time');
  return `// @ts-nocheck
// Written by npm run generate, by ajv, from ${from}.
import { codePointLength } from '#base/code-point-length';
${whole}`;
}
