/** Every rule that Greffier knows, those on one file and those that need more: one catalogue for all who speak. */
import { catalogueOf, definitionCards } from '#domain/definition/rules/rule-catalogue';
import { ruleIds } from '#domain/definition/rules/rule-ids';
import { registryCards } from './all.ts';

const position = new Map<string, number>(ruleIds.map((id, index) => [id, index]));

/** The cards of all rooms, in the order of the documentation. */
export const catalogue = catalogueOf(
  [...definitionCards, ...registryCards].sort(
    (one, other) => (position.get(one.id) ?? 0) - (position.get(other.id) ?? 0),
  ),
);
