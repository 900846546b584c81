/** The rules of this room, in the order in which the documentation lists them. */
import type { ChangeRule, OpenRule, OutsideRule, RegistryRule } from './rule.ts';
import { confusableName } from './rules/confusable-name.ts';
import { datapassReuse } from './rules/datapass-reuse.ts';
import { duplicateName } from './rules/duplicate-name.ts';
import { duplicateUri } from './rules/duplicate-uri.ts';
import { foreignHost } from './rules/foreign-host.ts';
import { openPullRequest } from './rules/open-pull-request.ts';
import { twinDiffers } from './rules/twin-differs.ts';

export const registryRules: readonly RegistryRule[] = [
  duplicateUri,
  duplicateName,
  confusableName,
  foreignHost,
  datapassReuse,
  twinDiffers,
];

export const openRules: readonly OpenRule[] = [openPullRequest];

export const changeRules: readonly ChangeRule[] = [];

export const outsideRules: readonly OutsideRule[] = [];
