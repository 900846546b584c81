/** The part of the review that goes through the files: what was found in each, where, and how to mend it. */

import { codeSpan } from '#base/i18n/render';
import { definitionsFolder } from '#domain/definition/cell';
import type { Finding, Severity } from '#domain/definition/finding';
import { diffBlock, editsOf, mendedLines } from '#domain/definition/fix/corrected-lines';
import type { Catalogue } from '#domain/definition/rules/rule-catalogue';
import { legalFormNamed } from '#domain/registry/legal-forms';
import { cellOf, countFindings, type Subject } from '#domain/review/evaluate/reviewed-file';
import type { PullFacts, RepositoryFacts } from '#domain/review/facts/facts';
import { placeLink, removedLink } from './links.ts';
import type { Speaker } from './messages.ts';

/** What the sections are written with. */
export interface Pen {
  readonly speak: Speaker;
  readonly catalogue: Catalogue;
  readonly repository: RepositoryFacts;
  readonly pull: PullFacts;
}

export const icons: Readonly<Record<Severity, string>> = {
  error: '❌',
  decision: '⚖️',
  warning: '⚠️',
  info: 'ℹ️',
};

/** More findings than this on one file are counted, not told. */
const mostFindings = 25;

/** A finding's words, in Markdown, with the rule to ask more about. */
export function told(pen: Pen, finding: Finding): string {
  const { language } = pen.speak;
  return `${pen.catalogue.say(finding.message, language, codeSpan)} (\`${finding.rule}\`)`;
}

/** A finding with its place, and its file where several are spoken of. All of it Markdown of ours but the path. */
export function foundAt(
  pen: Pen,
  finding: Finding,
  { place, path }: { readonly place: string; readonly path?: string },
): string {
  const values = {
    icon: { markdown: icons[finding.severity] },
    place: { markdown: place },
    words: { markdown: told(pen, finding) },
  };
  return path === undefined ? pen.speak('finding.at', values) : pen.speak('finding.in', { ...values, path });
}

/** What is said of the whole file has no line to show, unless it is of its form. */
export function placed(finding: Finding): boolean {
  return finding.pointer !== '' || /^(?:yaml|schema)\//.test(finding.rule);
}

function indented(block: string): string {
  return block
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** What the fixes of these findings do to the text; nothing when a secret stands on one of the lines. */
function diffs(subject: Subject, findings: readonly Finding[]): string[] {
  const { text } = subject;
  if (text === undefined) return [];
  const secrets = subject.findings.filter(({ rule }) => rule === 'file/secret').map(({ range }) => range);
  return mendedLines(text, editsOf(findings))
    .filter(({ first, last }) => !secrets.some(({ start, end }) => start.line <= last && end.line >= first))
    .map(diffBlock);
}

function findingItems(pen: Pen, subject: Subject, findings: readonly Finding[]): string[] {
  const items: string[] = [];
  const byPlace = Map.groupBy(findings, (finding) => (placed(finding) ? finding.range.start.line : 0));
  for (const [line, here] of byPlace) {
    const [first] = here;
    if (first === undefined) continue;
    const place =
      subject.kind === 'removed'
        ? removedLink(pen.speak, pen.repository, pen.pull, subject.path)
        : placeLink(pen.speak, pen.repository, pen.pull, subject.path, line === 0 ? undefined : first.range);
    const diff = diffs(subject, here).map(indented);
    const words = here.map((finding) => `${icons[finding.severity]} ${told(pen, finding)}`);
    // Several faults on one line are told together, under the place, as one person would.
    const item =
      words.length === 1
        ? [`- ${foundAt(pen, first, { place })}`]
        : [`- ${place}`, ...words.map((each) => `  - ${each}`)];
    items.push([...item, ...diff].join('\n'));
  }
  return items;
}

/** `Nouveau fournisseur de services …`, above the path. */
export function subjectLine({ speak }: Pen, subject: Subject): string {
  const cell = cellOf(subject);
  if (cell === undefined)
    return speak(subject.path.startsWith(`${definitionsFolder}/`) ? 'file.unplaced' : 'file.other');
  const where = { markdown: speak(`cell.${cell}`) };
  if (subject.kind === 'renamed')
    return speak('file.renamed', { previous: subject.previousPath ?? '', cell: where });
  return subject.name === undefined
    ? speak(`file.${subject.kind}-unnamed`, { cell: where })
    : speak(`file.${subject.kind}`, { name: subject.name, cell: where });
}

/**
 * The organization behind the SIRET, as the form asks for it: its legal name and form, which nobody types, since they
 * are looked up. Empty when they were not.
 */
function organizationLine({ speak }: Pen, { organization, after }: Subject): string {
  if (organization === undefined || after?.siret === undefined) return '';
  const { siret } = after;
  if (!organization.ok) return speak('organization.unverified', { siret });
  const { value } = organization;
  if (!value.found) return speak('organization.unknown', { siret });
  const { legalName: name, legalForm } = value;
  if (legalForm === undefined) return speak('organization.formless', { name, siret });
  const form = legalFormNamed(legalForm);
  return speak('organization', { name, form: form === undefined ? legalForm : { markdown: form }, siret });
}

/** `2 erreurs, 1 avertissement`. */
export function countsText(speak: Speaker, findings: readonly Finding[]): string {
  const counts = countFindings(findings);
  const parts = [
    counts.error > 0 ? speak('count.errors', { count: counts.error }) : '',
    counts.decision > 0 ? speak('count.decisions', { count: counts.decision }) : '',
    counts.warning > 0 ? speak('count.warnings', { count: counts.warning }) : '',
    counts.info > 0 ? speak('count.infos', { count: counts.info }) : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** One file in full, decisions apart: they have a section of their own. */
export function fileSection(pen: Pen, subject: Subject): string {
  const findings = subject.findings.filter(({ severity }) => severity !== 'decision');
  const shown = findings.slice(0, mostFindings);
  const more = findings.length - shown.length;
  const organization = organizationLine(pen, subject);
  return [
    `### ${subjectLine(pen, subject)}`,
    '',
    // A line of its own in the same paragraph (CommonMark 0.31 §6.7).
    organization === '' ? codeSpan(subject.path) : `${codeSpan(subject.path)}\\\n${organization}`,
    ...(shown.length > 0 ? ['', ...findingItems(pen, subject, shown)] : []),
    ...(more > 0 ? [`- ${pen.speak('file.more-findings', { count: more })}`] : []),
  ].join('\n');
}

/** One file in a line. */
export function fileLine(pen: Pen, subject: Subject): string {
  const counts = countsText(pen.speak, subject.findings);
  return `- ${pen.speak('file.counts', {
    path: subject.path,
    counts: { markdown: counts === '' ? pen.speak('file.clean') : counts },
  })}`;
}
