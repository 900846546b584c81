/** The rules of this room, in the order in which the documentation lists them. */
import type { RuleCard } from '#domain/definition/rules/rule';
import { algorithmChange } from './algorithm-change.ts';
import { cellChange } from './cell-change.ts';
import { confusableName } from './confusable-name.ts';
import { contactChange } from './contact-change.ts';
import { twinDiffers } from './counterpart-differs.ts';
import { datapassReuse } from './datapass-reuse.ts';
import { duplicateName } from './duplicate-name.ts';
import { duplicateUri } from './duplicate-uri.ts';
import { foreignHost } from './foreign-host.ts';
import { mixed } from './mixed.ts';
import { newDomain } from './new-domain.ts';
import { openPullRequest } from './open-pull-request.ts';
import { organizationChange } from './organization-change.ts';
import {
  datapassKind,
  datapassNetwork,
  datapassOrganization,
  datapassState,
  datapassUnknown,
} from './outside-datapass.ts';
import { privateOrganization, siretClosed, siretUnknown } from './outside-siret.ts';
import { unverified } from './outside-unverified.ts';
import { owner } from './owner.ts';
import { removed } from './removed.ts';
import { renamed } from './renamed.ts';
import type { ChangeRule, OpenRule, OutsideRule, RegistryRule, SituationCard } from './rule.ts';
import { tooMany } from './too-many.ts';
import { uriRemoved } from './uri-removed.ts';

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
