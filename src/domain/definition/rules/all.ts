/** Every rule on one definition, in the order in which the documentation lists them. */

import type { ParsedDefinition } from '#domain/definition/parse/parsed-definition';
import type { PartialDefinition } from '#domain/definition/parse/partial-definition';
import { algorithmHs256 } from './algorithm/hs256.ts';
import { algorithmUnsigned } from './algorithm/unsigned.ts';
import { datapassFormat } from './datapass/format.ts';
import { descriptionFormat } from './description/format.ts';
import { descriptionInfinitive } from './description/infinitive.ts';
import { emailCase } from './email/case.ts';
import { emailFormat } from './email/format.ts';
import { emailNoreply } from './email/noreply.ts';
import { emailPersonal } from './email/personal.ts';
import { emailPlus } from './email/plus.ts';
import { fileCellMismatch } from './file/cell-mismatch.ts';
import { fileEmpty } from './file/empty.ts';
import { fileEncoding } from './file/encoding.ts';
import { fileHiddenCharacter } from './file/hidden-character.ts';
import { fileName } from './file/name.ts';
import { filePath } from './file/path.ts';
import { filePlaceholder } from './file/placeholder.ts';
import { fileSecret } from './file/secret.ts';
import { fileSize } from './file/size.ts';
import { fileUnjudged } from './file/unjudged.ts';
import { ipHostBits } from './ip/host-bits.ts';
import { ipInvalid } from './ip/invalid.ts';
import { ipOverlap } from './ip/overlap.ts';
import { ipPublic } from './ip/public.ts';
import { ipReserved } from './ip/reserved.ts';
import { ipUseless } from './ip/useless.ts';
import { ipWide } from './ip/wide.ts';
import { listDuplicate } from './list/duplicate.ts';
import { nameCharacters } from './name/characters.ts';
import { nameEnvironment } from './name/environment.ts';
import { nameGeneric } from './name/generic.ts';
import { nameLink } from './name/link.ts';
import { nameLong } from './name/long.ts';
import { ownerLogin } from './owner/login.ts';
import { privateSectorNoEffect } from './private-sector/no-effect.ts';
import type { DefinitionRule, StructureRule, TextRule } from './rule.ts';
import { schemaEnum } from './schema/enum.ts';
import { schemaLength } from './schema/length.ts';
import { schemaMissingKey } from './schema/missing-key.ts';
import { schemaType } from './schema/type.ts';
import { schemaUnknownKey } from './schema/unknown-key.ts';
import { schemaVersion } from './schema/version.ts';
import { scopeDefault } from './scope/default.ts';
import { scopeRestricted } from './scope/restricted.ts';
import { scopeUnknown } from './scope/unknown.ts';
import { siretChecksum } from './siret/checksum.ts';
import { siretFormat } from './siret/format.ts';
import { urlCanonical } from './url/canonical.ts';
import { urlCredentials } from './url/credentials.ts';
import { urlDuplicate } from './url/duplicate.ts';
import { urlForeignLogout } from './url/foreign-logout.ts';
import { urlFragment } from './url/fragment.ts';
import { urlHomograph } from './url/homograph.ts';
import { urlHttpsRequired } from './url/https-required.ts';
import { urlIncomplete } from './url/incomplete.ts';
import { urlInvalid } from './url/invalid.ts';
import { urlIpAddress } from './url/ip-address.ts';
import { urlLoopback } from './url/loopback.ts';
import { urlNetworkSuffix } from './url/network-suffix.ts';
import { urlNonProductionHost } from './url/non-production-host.ts';
import { urlOpenRedirect } from './url/open-redirect.ts';
import { urlProconnectHost } from './url/proconnect-host.ts';
import { urlReservedDomain } from './url/reserved-domain.ts';
import { urlScheme } from './url/scheme.ts';
import { urlSemicolon } from './url/semicolon.ts';
import { urlSharedHosting } from './url/shared-hosting.ts';
import { urlSlashVariant } from './url/slash-twin.ts';
import { urlTunnel } from './url/tunnel.ts';
import { urlWildcard } from './url/wildcard.ts';
import { yamlAmbiguous } from './yaml/ambiguous.ts';
import { yamlDuplicateKey } from './yaml/duplicate-key.ts';
import { yamlMultipleDocuments } from './yaml/multiple-documents.ts';
import { yamlNesting } from './yaml/nesting.ts';
import { yamlSyntax } from './yaml/syntax.ts';
import { yamlUnsupported } from './yaml/unsupported.ts';

/** Rules on the text of a file. */
export const textRules: readonly TextRule[] = [
  filePath,
  fileName,
  fileEncoding,
  fileSize,
  fileEmpty,
  fileSecret,
  fileHiddenCharacter,
  fileUnjudged,
  yamlSyntax,
  yamlDuplicateKey,
  yamlMultipleDocuments,
  yamlUnsupported,
  yamlNesting,
  yamlAmbiguous,
];

/** Rules on the structure of the parsed file. */
export const structureRules: readonly StructureRule[] = [
  fileCellMismatch,
  filePlaceholder,
  schemaUnknownKey,
  schemaMissingKey,
  schemaType,
  schemaEnum,
  schemaVersion,
  schemaLength,
];

/** Rules on the meaning of one definition: add each here, in the order of the documentation. */
export const definitionRules: readonly DefinitionRule[] = [
  nameCharacters,
  nameLong,
  nameEnvironment,
  nameGeneric,
  nameLink,
  siretFormat,
  siretChecksum,
  emailFormat,
  emailCase,
  emailPlus,
  emailPersonal,
  emailNoreply,
  descriptionInfinitive,
  descriptionFormat,
  datapassFormat,
  urlInvalid,
  urlScheme,
  urlWildcard,
  urlFragment,
  urlCredentials,
  urlSemicolon,
  urlHttpsRequired,
  urlLoopback,
  urlIpAddress,
  urlReservedDomain,
  urlTunnel,
  urlSharedHosting,
  urlNonProductionHost,
  urlNetworkSuffix,
  urlCanonical,
  urlIncomplete,
  urlProconnectHost,
  urlHomograph,
  urlDuplicate,
  urlSlashVariant,
  urlForeignLogout,
  urlOpenRedirect,
  algorithmHs256,
  algorithmUnsigned,
  scopeUnknown,
  scopeDefault,
  scopeRestricted,
  ipInvalid,
  ipReserved,
  ipHostBits,
  ipWide,
  ipOverlap,
  ipPublic,
  ipUseless,
  privateSectorNoEffect,
  ownerLogin,
  listDuplicate,
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
