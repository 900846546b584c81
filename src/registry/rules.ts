/** The rules of this room, in the order in which the documentation lists them. */
import type { RuleCard } from '../definition/rule.ts';
import type { ChangeRule, OpenRule, OutsideRule, RegistryRule, SituationCard } from './rule.ts';
import { algorithmChange } from './rules/algorithm-change.ts';
import { cellChange } from './rules/cell-change.ts';
import { confusableName } from './rules/confusable-name.ts';
import { contactChange } from './rules/contact-change.ts';
import { datapassReuse } from './rules/datapass-reuse.ts';
import { duplicateName } from './rules/duplicate-name.ts';
import { duplicateUri } from './rules/duplicate-uri.ts';
import { foreignHost } from './rules/foreign-host.ts';
import { mixed } from './rules/mixed.ts';
import { newDomain } from './rules/new-domain.ts';
import { openPullRequest } from './rules/open-pull-request.ts';
import { organizationChange } from './rules/organization-change.ts';
import {
  datapassKind,
  datapassNetwork,
  datapassOrganization,
  datapassState,
  datapassUnknown,
} from './rules/outside-datapass.ts';
import { privateOrganization, siretClosed, siretUnknown } from './rules/outside-siret.ts';
import { unverified } from './rules/outside-unverified.ts';
import { owner } from './rules/owner.ts';
import { removed } from './rules/removed.ts';
import { renamed } from './rules/renamed.ts';
import { tooMany } from './rules/too-many.ts';
import { twinDiffers } from './rules/twin-differs.ts';
import { uriRemoved } from './rules/uri-removed.ts';

export const registryRules: readonly RegistryRule[] = [
  duplicateUri,
  duplicateName,
  confusableName,
  foreignHost,
  datapassReuse,
  twinDiffers,
];

export const openRules: readonly OpenRule[] = [openPullRequest];

export const changeRules: readonly ChangeRule[] = [
  owner,
  newDomain,
  organizationChange,
  contactChange,
  uriRemoved,
  algorithmChange,
  cellChange,
  renamed,
  removed,
  mixed,
  tooMany,
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
  unverified,
];

/** Every card of this room; it joins the catalogue of the definition's. */
export const registryCards: readonly (RuleCard & SituationCard)[] = [
  ...registryRules,
  ...openRules,
  ...changeRules,
  ...outsideRules,
];
