/** Every rule on one definition, in the order in which the documentation lists them. */

import type { ParsedDefinition } from '#domain/definition/parse/parsed-definition';
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import { algorithmRules } from './algorithm.ts';
import { datapassFormat } from './datapass.ts';
import { descriptionRules } from './description.ts';
import { emailRules } from './email.ts';
import { fileStructureRules, fileTextRules } from './file.ts';
import { ipRules } from './ip.ts';
import { nameRules } from './name.ts';
import { ownerRules } from './owner.ts';
import { privateSectorNoEffect } from './private-sector.ts';
import type { DefinitionRule, StructureRule, TextRule } from './rule.ts';
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
export const structureRules: readonly StructureRule[] = [...fileStructureRules, ...schemaRules];

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

/** Rules that are concerned by the same things. */
export interface RuleGroup<Rule, Subject> {
  concerns(subject: Subject): boolean;
  readonly rules: readonly Rule[];
}

const always = () => true;

function groupsOf<Subject, Rule extends { readonly concerns?: (subject: Subject) => boolean }>(
  rules: readonly Rule[],
): readonly RuleGroup<Rule, Subject>[] {
  const groups = new Map<(subject: Subject) => boolean, Rule[]>();
  for (const rule of rules) {
    const concerns = rule.concerns ?? always;
    const group = groups.get(concerns);
    if (group === undefined) groups.set(concerns, [rule]);
    else group.push(rule);
  }
  return Array.from(groups, ([concerns, of]) => ({ concerns, rules: of }));
}

/** `structureRules`, by what concerns them: most files are spared most rules. */
export const structureRuleGroups = groupsOf<ParsedDefinition, StructureRule>(structureRules);

/** `definitionRules`, by what concerns them. */
export const definitionRuleGroups = groupsOf<PartialDefinition, DefinitionRule>(definitionRules);
