/** Asks public services again right before provisioning: an authorization may have been revoked since. */

import type { Kysely } from 'kysely';
import { type LookupDeps, lookUpAnswers, lookupTurns } from '#application/lookups/answer-cache';
import type { Configuration } from '#base/config/config-file';
import type { LookupConfig } from '#base/config/environment';
import { defined } from '#base/defined';
import type { Language } from '#base/i18n/message';
import { codeSpan, interpolate } from '#base/i18n/render';
import { networkMessages } from '#base/network-fault';
import { placeFromPath } from '#domain/definition/cell';
import type { Severity } from '#domain/definition/finding';
import { readPartialDefinition } from '#domain/definition/parse/read-partial-definition';
import type { Report } from '#domain/definition/rules/rule';
import type { RuleId } from '#domain/definition/rules/rule-ids';
import type { Applicant } from '#domain/provisioning/applicant';
import { clientKey } from '#domain/provisioning/plan';
import type { ClientRef } from '#domain/provisioning/provider';
import { evaluateOutsideAnswers } from '#domain/registry/evaluate';
import { isSilent, type OutsideAnswers } from '#domain/registry/outside-answers';
import { outsideDecision } from '#domain/registry/outside-decisions';
import type { DesiredClient, Entry } from '#domain/registry/registry';
import { outsideUnverified } from '#domain/registry/rules/outside/unverified';
import type { RegistryFinding } from '#domain/registry/rules/rule';
import { catalogue } from '#domain/registry/rules/rule-catalogue';
import type { Tables } from '#infrastructure/database/tables';
import { companyDirectory } from '#infrastructure/lookups/company-directory';
import { datapassClient } from '#infrastructure/lookups/datapass';
import type { HttpOptions } from '#infrastructure/lookups/throttled-client';

/**
 * The public services that the environment names, and what the configuration says that definitions must not.
 *
 * @param userAgent who asks: they want a name to look up
 * @param onSilence is told why a service gives no answer
 */
export function createLookups(
  db: Kysely<Tables>,
  settings: LookupConfig,
  { cells }: Configuration,
  userAgent: string,
  onSilence?: HttpOptions['onSilence'],
): LookupDeps {
  const now = () => Date.now();
  const options: HttpOptions = { fetch, userAgent, now, wait, ...defined({ onSilence }) };
  return {
    db,
    now,
    identityDomains: identityDomainsOf(cells),
    turns: lookupTurns(),
    siret: companyDirectory(settings.entreprisesUrl, options),
    datapass: datapassClient(settings.datapass, options),
  };
}

/** The domains of Greffier's own addresses: one that is so in a cell is no contact's in any. */
function identityDomainsOf(cells: Configuration['cells']): readonly string[] {
  const domains = Object.values(cells).flatMap((cell) =>
    cell?.provider === 'proconnect' ? [cell.identityDomain] : [],
  );
  return [...new Set(domains)].sort();
}

/** Why a definition may not be provisioned now, as Markdown. */
export interface Objection {
  /**
   * `silent`: nobody said so. It is asked again the next time, and only a writer can do without the answer. `undecided`: a
   * person decides, and has where the review that was merged showed it.
   */
  readonly kind: 'refused' | 'silent' | 'undecided';
  readonly text: string;
  /** What is to be decided, where something is (`outsideDecision`). */
  readonly decisions?: readonly string[];
  /** Where Greffier itself failed, when that is why. */
  readonly fault?: string;
}

/** What public services object to a definition that is about to be applied; undefined when all that were asked agree. */
export type AskAgain = (desired: DesiredClient) => Promise<Objection | undefined>;

export interface Recheck {
  readonly recheck: AskAgain;
  /** Who asks for a client that is about to change: every one is checked again before. */
  readonly applicantOf: (ref: ClientRef) => Applicant | undefined;
}

/** @param asker whose turns it is */
export function createRecheck(
  lookups: LookupDeps,
  language: () => Language,
  asker = 'provisioning',
): Recheck {
  const applicants = new Map<string, Applicant>();
  return {
    applicantOf: (ref) => applicants.get(clientKey(ref)),
    async recheck(desired) {
      const { definition, path } = desired;
      const place = placeFromPath(path);
      if (place === undefined) return undefined;
      const questions = defined({ siret: definition.organization.siret, datapass: definition.datapass });
      const answers = await lookUpAnswers(lookups, questions, { asker, refresh: true });
      const { siret } = answers;
      applicants.set(clientKey(desired), defined({ definition, siret }));
      // The rules read partial definitions.
      const partial = readPartialDefinition({ ...definition }, path, place);
      const entry: Entry = { path, place, blob: '', partial, definition };
      const said = evaluateOutsideAnswers(entry, answers);
      const refused = said.find(({ rule, report }) => severityOf(rule, report) === 'error');
      if (refused !== undefined) return { kind: 'refused', text: sentence(refused, language()) };
      const undecided = said.filter(({ rule, report }) => severityOf(rule, report) === 'decision');
      const silent = isSilent(answers) ? said.filter(({ rule }) => rule === outsideUnverified.id) : [];
      const texts = [...undecided, ...silent].map((one) => sentence(one, language()));
      if (silent.length > 0)
        return { kind: 'silent', text: [...texts, ...faultsOf(answers, language())].join(' ') };
      const decisions = undecided.map(({ rule, report }) => outsideDecision(rule, report.values ?? {}));
      return decisions.length === 0 ? undefined : { kind: 'undecided', text: texts.join(' '), decisions };
    },
  };
}

function severityOf(rule: RuleId, report: Report): Severity | undefined {
  return report.severity ?? catalogue.rule(rule)?.severity;
}

/** Why nothing came back, in the words for who runs Greffier, each once. */
function faultsOf({ siret, datapass }: OutsideAnswers, language: Language): readonly string[] {
  const faults = [siret, datapass].flatMap((answer) => (answer?.ok === false ? (answer.fault ?? []) : []));
  const texts = faults.map(({ network, host }) =>
    interpolate(networkMessages[network][language], { host }, codeSpan, language),
  );
  return [...new Set(texts)];
}

function sentence({ rule, report }: RegistryFinding, language: Language): string {
  const words = catalogue.rule(rule)?.messages[report.messageId]?.[language] ?? '';
  return interpolate(words, report.values ?? {}, codeSpan, language);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
