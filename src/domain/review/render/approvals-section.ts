/** The parts of the review that wait for people: decisions to take, approvals that are missing, and from whom. */
import type { ApprovalRules, Approvals, Requirement } from '#domain/review/evaluate/approvals';
import type { Subject } from '#domain/review/evaluate/reviewed-file';
import type { Person } from '#domain/review/facts/facts';
import { foundAt, type Pen, placed } from './files-section.ts';
import { commitLink, placeLink, removedLink } from './links.ts';

/** More decisions than this are counted with their files, not told. */
const mostDecisions = 20;

/** Decisions, each with its file and line. Empty when there are none. */
export function decisionsSection(pen: Pen, subjects: readonly Subject[], approvals: Approvals): string {
  const decisions = subjects.flatMap((subject) =>
    subject.findings
      .filter(({ severity }) => severity === 'decision')
      .map((finding) => ({ subject, finding })),
  );
  if (decisions.length === 0) return '';
  const open = approvals.missing.length > 0 || approvals.refusedBy.length > 0;
  const several = new Set(decisions.map(({ subject }) => subject.path)).size > 1;
  const items = decisions.slice(0, mostDecisions).map(({ subject, finding }) => {
    // A definition that goes away has no line at the head to point to.
    const place =
      subject.kind === 'removed'
        ? removedLink(pen.speak, pen.repository, pen.pull, subject.path)
        : placeLink(
            pen.speak,
            pen.repository,
            pen.pull,
            subject.path,
            placed(finding) ? finding.range : undefined,
          );
    return `- ${foundAt(pen, finding, { place, ...(several ? { path: subject.path } : {}) })}`;
  });
  const more = decisions.length - items.length;
  return [
    `### ${pen.speak(open ? 'decisions.title' : 'decisions.taken')}`,
    '',
    ...items,
    ...(more > 0 ? [`- ${pen.speak('file.more-findings', { count: more })}`] : []),
  ].join('\n');
}

function need({ speak }: Pen, requirement: Requirement): string {
  switch (requirement.reason) {
    case 'environment':
      return speak('need.environment', {
        count: requirement.count,
        environment: { markdown: speak(`environment.${requirement.environment}`) },
      });
    case 'decision':
      return speak('need.decision', { count: requirement.decisions });
    case 'owner':
      return requirement.owners.length === 0
        ? speak('need.owner-unknown', { path: requirement.path })
        : speak('need.owner', { path: requirement.path, owners: requirement.owners });
    case 'owners-changed':
      return speak('need.owners-changed', { path: requirement.path, owners: requirement.owners });
  }
}

/** What is missing, one item each; the one approval that lets a cell change and takes the decisions is one item. */
function needs(pen: Pen, missing: readonly Requirement[]): string[] {
  const decision = missing.find(({ reason }) => reason === 'decision');
  const environments = missing.filter(({ reason }) => reason === 'environment');
  const [environment] = environments;
  if (
    decision?.reason !== 'decision' ||
    environment?.reason !== 'environment' ||
    environments.length > 1 ||
    environment.count > 1
  )
    return missing.map((requirement) => need(pen, requirement));
  const both = pen.speak('need.environment-and-decision', {
    count: decision.decisions,
    environment: { markdown: pen.speak(`environment.${environment.environment}`) },
  });
  const others = missing.filter((requirement) => requirement !== environment && requirement !== decision);
  return [both, ...others.map((requirement) => need(pen, requirement))];
}

function logins(people: readonly Person[]): string[] {
  return people.map(({ login }) => login);
}

/** What is missing and from whom; or who approved. Empty when nothing had to be approved. */
export function approvalsSection(
  pen: Pen,
  approvals: Approvals,
  rules: ApprovalRules,
  held: boolean,
): string {
  const { speak } = pen;
  // While errors are left, what people have to do is to correct them: the next push takes approvals away anyway.
  if (held) return approvals.missing.length === 0 ? '' : speak('approvals.later');
  const { missing, approvedBy, refusedBy, staleBy, powerless } = approvals;
  const notes = [
    ...(approvedBy.length > 0 ? [speak('approved.by', { people: logins(approvedBy) })] : []),
    ...(refusedBy.length > 0
      ? [speak(refusedBy.length > 1 ? 'refused.by-several' : 'refused.by', { people: logins(refusedBy) })]
      : []),
  ];
  const lost = [
    ...(staleBy.length > 0 ? [speak('stale.by', { people: logins(staleBy) })] : []),
    ...(powerless.length > 0 ? [speak('powerless.by', { people: logins(powerless) })] : []),
  ];
  if (missing.length === 0) return notes.join('\n\n');
  const who =
    rules.teams.length === 0 ? speak('who.writers') : speak('who.writers-and-teams', { teams: rules.teams });
  const commit = { markdown: commitLink(pen.repository, pen.pull.head) };
  const how = speak('approvals.who', { commit, who: { markdown: who } });
  return [
    `### ${speak('approvals.title')}`,
    '',
    ...needs(pen, missing)
      .slice(0, 20)
      .map((item) => `- ${item}`),
    '',
    how,
    ...[...notes, ...lost].flatMap((note) => ['', note]),
  ].join('\n');
}
