/** Every rule of this room, in the order in which the documentation lists them. */
import type { DefinitionRule, TextRule, TreeRule } from '../rule.ts';
import { algorithmRules } from './algorithm.ts';
import { datapassFormat } from './datapass.ts';
import { descriptionRules } from './description.ts';
import { emailRules } from './email.ts';
import { fileTextRules, fileTreeRules } from './file.ts';
import { ipRules } from './ip.ts';
import { nameRules } from './name.ts';
import { ownerRules } from './owner.ts';
import { privateSectorNoEffect } from './private-sector.ts';
import { schemaRules } from './schema.ts';
import { scopeRules } from './scope.ts';
import { siretRules } from './siret.ts';
import { urlCompletenessRules } from './url/completeness.ts';
import { urlFormRules } from './url/form.ts';
import { urlIdentityRules } from './url/identity.ts';
import { urlListRules } from './url/lists.ts';
import { urlTransportRules } from './url/transport.ts';
import { yamlRules } from './yaml.ts';

/** Rules on the text of a file. */
export const textRules: readonly TextRule[] = [...fileTextRules, ...yamlRules];

/** Rules on the structure of the parsed file. */
export const treeRules: readonly TreeRule[] = [...fileTreeRules, ...schemaRules];

/** Rules on the meaning of one definition: add each group here. */
export const definitionRules: readonly DefinitionRule[] = [
  ...nameRules,
  ...siretRules,
  ...emailRules,
  ...descriptionRules,
  datapassFormat,
  ...urlFormRules,
  ...urlTransportRules,
  ...urlCompletenessRules,
  ...urlIdentityRules,
  ...urlListRules,
  ...algorithmRules,
  ...scopeRules,
  ...ipRules,
  privateSectorNoEffect,
  ...ownerRules,
];
