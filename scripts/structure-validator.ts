/** Has ajv make code of the schemas of structure: nothing is compiled where definitions are judged. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
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
  const code = standalone
    .default(ajv, Object.fromEntries(names.map((name) => [name, name])))
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', 'codePointLength');
  if (code.includes('require(')) throw new Error('The generated code needs a part of ajv at run time');
  return `// @ts-nocheck
// Written by npm run generate, by ajv, from structure-schema.ts.
import { codePointLength } from './code-point-length.ts';
${code.replace('"use strict";', '')}`;
}
