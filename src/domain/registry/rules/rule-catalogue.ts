/** Every rule that Greffier knows, those on one file and those that need more: one catalogue for everyone. */
import { catalogueOf, definitionRulesMetadata } from '#domain/definition/rules/rule-catalogue';
import { ruleIds } from '#domain/definition/rules/rule-ids';
import { registryRulesMetadata } from './all.ts';

const position = new Map<string, number>(ruleIds.map((id, index) => [id, index]));

/** The metadata of all rules, in the order of the documentation. */
export const catalogue = catalogueOf(
  [...definitionRulesMetadata, ...registryRulesMetadata].sort(
    (one, other) => (position.get(one.id) ?? 0) - (position.get(other.id) ?? 0),
  ),
);
