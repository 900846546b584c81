/** The parts of the review that wait for people: decisions to take, approvals that are missing, and from whom. */
import { trusted } from '#base/i18n/translator';
import type { ApprovalRules, Approvals, Requirement } from '#domain/review/evaluate/approvals';
import type { ReviewedFile } from '#domain/review/evaluate/reviewed-file';
import type { Person } from '#domain/review/facts/facts';
import { findingWithPlace, hasPlace, type RenderContext } from './files-section.ts';
import { commitLink, placeLink } from './links.ts';
import type { ReviewMessageKey } from './messages.ts';

/** More decisions than this are counted, not listed. */
const maxDecisions = 20;

/** Decisions, each with its file and line. Empty when there are none. */
export function decisionsSection(
  context: RenderContext,
  files: readonly ReviewedFile[],
  approvals: Approvals,
): string {
  const decisions = files.flatMap((file) =>
    file.findings.filter(({ severity }) => severity === 'decision').map((finding) => ({ file, finding })),
  );
  if (decisions.length === 0) return '';
  const open = approvals.missing.length > 0 || approvals.changesRequestedBy.length > 0;
  const several = new Set(decisions.map(({ file }) => file.path)).size > 1;
  const items = decisions.slice(0, maxDecisions).map(({ file, finding }) => {
    const place = placeLink(context, file, hasPlace(finding) ? finding.range : undefined);
    return `- ${findingWithPlace(context, finding, { place, ...(several ? { path: file.path } : {}) })}`;
  });
  const more = decisions.length - items.length;
  return [
    `### ${context.t(open ? 'decisions.title' : 'decisions.taken')}`,
    '',
    ...items,
    ...(more > 0 ? [`- ${context.t('file.more-findings', { count: more })}`] : []),
  ].join('\n');
}

function requirementText({ t }: RenderContext, requirement: Requirement): string {
  switch (requirement.reason) {
    case 'environment':
      return t('need.environment', {
        count: requirement.count,
        environment: trusted(t(`environment.${requirement.environment}`)),
      });
    case 'decision':
      return t('need.decision', { count: requirement.decisions });
    case 'owner':
      return requirement.owners.length === 0
        ? t('need.owner-unknown', { path: requirement.path })
        : t('need.owner', { path: requirement.path, owners: requirement.owners });
    case 'owners-changed':
      return t('need.owners-changed', { path: requirement.path, owners: requirement.owners });
  }
}

/** What is missing, one item each; the one approval that lets a cell change and takes the decisions is one item. */
function missingRequirements(context: RenderContext, missing: readonly Requirement[]): string[] {
  const decision = missing.find(({ reason }) => reason === 'decision');
  const environments = missing.filter(({ reason }) => reason === 'environment');
  const [environment] = environments;
  if (
    decision?.reason !== 'decision' ||
    environment?.reason !== 'environment' ||
    environments.length > 1 ||
    environment.count > 1
  )
    return missing.map((requirement) => requirementText(context, requirement));
  const both = context.t('need.environment-and-decision', {
    count: decision.decisions,
    environment: trusted(context.t(`environment.${environment.environment}`)),
  });
  const others = missing.filter((requirement) => requirement !== environment && requirement !== decision);
  return [both, ...others.map((requirement) => requirementText(context, requirement))];
}

function logins(people: readonly Person[]): string[] {
  return people.map(({ login }) => login);
}

/** What is missing and from whom; or who approved. Empty when nothing had to be approved. */
export function approvalsSection(context: RenderContext, approvals: Approvals, rules: ApprovalRules): string {
  const { t } = context;
  const { missing, approvedBy, changesRequestedBy, staleBy, unauthorized } = approvals;
  const by = (one: ReviewMessageKey, several: ReviewMessageKey, people: readonly Person[]): string[] =>
    people.length === 0 ? [] : [t(people.length > 1 ? several : one, { people: logins(people) })];
  const notes = [
    ...(approvedBy.length > 0 ? [t('approved.by', { people: logins(approvedBy) })] : []),
    ...by('refused.by', 'refused.by-several', changesRequestedBy),
  ];
  const uncounted = [
    ...by('stale.by', 'stale.by-several', staleBy),
    ...by('powerless.by', 'powerless.by-several', unauthorized),
  ];
  if (missing.length === 0) return notes.join('\n\n');
  const who =
    rules.teams.length === 0 ? t('who.writers') : t('who.writers-and-teams', { teams: rules.teams });
  const commit = trusted(commitLink(context.repository, context.pull.head));
  const how = t('approvals.who', { commit, who: trusted(who) });
  return [
    `### ${t('approvals.title')}`,
    '',
    ...missingRequirements(context, missing)
      .slice(0, 20)
      .map((item) => `- ${item}`),
    '',
    how,
    ...[...notes, ...uncounted].flatMap((note) => ['', note]),
  ].join('\n');
}
