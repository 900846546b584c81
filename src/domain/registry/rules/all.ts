/** The rules that need more than one file, in the order in which the documentation lists them. */
import type { RuleMetadata } from '#domain/definition/rules/rule';
import { algorithmChange } from './algorithm-change.ts';
import { applicantOrganization } from './applicant-organization.ts';
import { cellChange } from './cell-change.ts';
import { confusableName } from './confusable-name.ts';
import { contactChange } from './contact-change.ts';
import { counterpartDiffers } from './counterpart-differs.ts';
import { datapassReuse } from './datapass-reuse.ts';
import { duplicateName } from './duplicate-name.ts';
import { duplicateUri } from './duplicate-uri.ts';
import { foreignContact } from './foreign-contact.ts';
import { foreignHost } from './foreign-host.ts';
import { mixedChange } from './mixed.ts';
import { newDomain } from './new-domain.ts';
import { openPullRequest } from './open-pull-request.ts';
import { organizationChange } from './organization-change.ts';
import { datapassKind } from './outside/datapass-kind.ts';
import { datapassNetwork } from './outside/datapass-network.ts';
import { datapassOrganization } from './outside/datapass-organization.ts';
import { datapassState } from './outside/datapass-state.ts';
import { datapassUnknown } from './outside/datapass-unknown.ts';
import { identityAddress } from './outside/identity-address.ts';
import { privateOrganization } from './outside/private-organization.ts';
import { siretClosed } from './outside/siret-closed.ts';
import { siretUnknown } from './outside/siret-unknown.ts';
import { outsideUnverified } from './outside/unverified.ts';
import { ownerConsent } from './owner.ts';
import { definitionRemoved } from './removed.ts';
import { definitionRenamed } from './renamed.ts';
import { definitionReturned } from './returned.ts';
import type { ChangeRule, OpenRule, OutsideRule, RegistryRule, RegistryRuleMetadata } from './rule.ts';
import { settingsChange } from './settings-change.ts';
import { tooManyDefinitions } from './too-many.ts';
import { uriRemoved } from './uri-removed.ts';

export const registryRules: readonly RegistryRule[] = [
  duplicateUri,
  duplicateName,
  confusableName,
  foreignHost,
  datapassReuse,
  counterpartDiffers,
];

export const openRules: readonly OpenRule[] = [openPullRequest];

export const changeRules: readonly ChangeRule[] = [
  applicantOrganization,
  ownerConsent,
  newDomain,
  organizationChange,
  contactChange,
  foreignContact,
  uriRemoved,
  algorithmChange,
  cellChange,
  definitionRenamed,
  definitionRemoved,
  definitionReturned,
  mixedChange,
  settingsChange,
  tooManyDefinitions,
];

export const outsideRules: readonly OutsideRule[] = [
  siretUnknown,
  siretClosed,
  privateOrganization,
  datapassUnknown,
  datapassState,
  datapassKind,
  datapassOrganization,
  datapassNetwork,
  outsideUnverified,
  identityAddress,
];

/** The metadata of every such rule; `rule-catalogue` joins them with those on one definition. */
export const registryRulesMetadata: readonly (RuleMetadata & RegistryRuleMetadata)[] = [
  ...registryRules,
  ...openRules,
  ...changeRules,
  ...outsideRules,
];
