/** Every rule of this room, in the order in which the documentation lists them. */
import type { DefinitionRule, TextRule, TreeRule } from '../rule.ts';
import { fileTextRules, fileTreeRules } from './file.ts';
import { schemaRules } from './schema.ts';
import { yamlRules } from './yaml.ts';

/** Rules on the text of a file. */
export const textRules: readonly TextRule[] = [...fileTextRules, ...yamlRules];

/** Rules on the structure of the parsed file. */
export const treeRules: readonly TreeRule[] = [...fileTreeRules, ...schemaRules];

/** Rules on the meaning of one definition: add each group here. */
export const definitionRules: readonly DefinitionRule[] = [];
