/** The part of the review that goes through the files: what was found in each, where, and how to mend it. */

import { codeSpan } from '#base/i18n/render';
import { type TranslationValues, trusted } from '#base/i18n/translator';
import { definitionsFolder } from '#domain/definition/cell';
import type { Finding, Severity } from '#domain/definition/finding';
import { compatibleEdits, correctedLines, diffBlock } from '#domain/definition/fix/corrected-lines';
import type { RuleCatalogue } from '#domain/definition/rules/rule-catalogue';
import { legalFormName } from '#domain/registry/legal-forms';
import { settingsPath } from '#domain/registry/settings';
import { cellOf, countFindings, type ReviewedFile } from '#domain/review/evaluate/reviewed-file';
import type { PullFacts, RepositoryFacts } from '#domain/review/facts/facts';
import { placeLink } from './links.ts';
import type { ReviewTranslator } from './messages.ts';

/** What every section is rendered with. */
export interface RenderContext {
  readonly t: ReviewTranslator;
  readonly catalogue: RuleCatalogue;
  readonly repository: RepositoryFacts;
  readonly pull: PullFacts;
}

const icons: Readonly<Record<Severity, string>> = {
  error: '❌',
  decision: '⚖️',
  warning: '⚠️',
  info: 'ℹ️',
};

/** More findings than this on one file are counted, not listed. */
const maxFindings = 25;

/** A finding's message, in Markdown, with the rule to ask more about. */
function findingText(context: RenderContext, finding: Finding): string {
  const { language } = context.t;
  return `${context.catalogue.translate(finding.message, language, codeSpan)} (\`${finding.rule}\`)`;
}

/** A finding with its place, and its file where there are several. All of it Markdown of ours but the path. */
export function findingWithPlace(
  context: RenderContext,
  finding: Finding,
  { place, path }: { readonly place: string; readonly path?: string },
): string {
  const values = {
    icon: trusted(icons[finding.severity]),
    place: trusted(place),
    words: trusted(findingText(context, finding)),
  };
  return path === undefined ? context.t('finding.at', values) : context.t('finding.in', { ...values, path });
}

/** A finding on the whole file has no line to show, unless it is on its form. */
export function hasPlace(finding: Finding): boolean {
  return finding.pointer !== '' || /^(?:yaml|schema)\//.test(finding.rule);
}

function indented(block: string): string {
  return block
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** What the fixes of these findings do to the text; nothing when a secret stands on one of the lines. */
function diffs(file: ReviewedFile, findings: readonly Finding[]): string[] {
  const { text } = file;
  if (text === undefined) return [];
  const secrets = file.findings.filter(({ rule }) => rule === 'file/secret').map(({ range }) => range);
  return correctedLines(text, compatibleEdits(findings))
    .filter(({ first, last }) => !secrets.some(({ start, end }) => start.line <= last && end.line >= first))
    .map(diffBlock);
}

/** Whether a sentence shows, to the letter, all that its correction writes. */
function isSaid(words: string, { fix }: Finding): boolean {
  return fix?.edits.every(({ text }) => text.trim() !== '' && words.includes(codeSpan(text.trim()))) === true;
}

function findingItems(context: RenderContext, file: ReviewedFile, findings: readonly Finding[]): string[] {
  const items: string[] = [];
  const byPlace = Map.groupBy(findings, (finding) => (hasPlace(finding) ? finding.range.start.line : 0));
  for (const [line, here] of byPlace) {
    const [first] = here;
    if (first === undefined) continue;
    const place = placeLink(context, file, line === 0 ? undefined : first.range);
    const words = here.map((finding) => `${icons[finding.severity]} ${findingText(context, finding)}`);
    // What to write is said once: in the sentence, or line by line below it.
    const diff = here.length === 1 && isSaid(words[0] ?? '', first) ? [] : diffs(file, here).map(indented);
    // Several faults on one line stand together, under the place.
    const item =
      words.length === 1
        ? [`- ${findingWithPlace(context, first, { place })}`]
        : [`- ${place}`, ...words.map((each) => `  - ${each}`)];
    items.push([...item, ...diff].join('\n'));
  }
  return items;
}

/** `Nouveau fournisseur de services …`, above the path. */
function fileTitle({ t }: RenderContext, file: ReviewedFile): string {
  const cell = cellOf(file);
  if (file.path === settingsPath) return t('file.settings');
  if (cell === undefined)
    return t(file.path.startsWith(`${definitionsFolder}/`) ? 'file.unplaced' : 'file.other');
  const where = trusted(t(`cell.${cell}`));
  if (file.kind === 'renamed') return t('file.renamed', { previous: file.previousPath ?? '', cell: where });
  return file.name === undefined
    ? t(`file.${file.kind}-unnamed`, { cell: where })
    : t(`file.${file.kind}`, { name: file.name, cell: where });
}

/**
 * The organization behind the SIRET, as the form asks for it: its legal name and form, which nobody types, since they
 * are looked up. Empty when they were not.
 */
function organizationLine({ t }: RenderContext, { organization, after }: ReviewedFile): string {
  if (organization === undefined || after?.siret === undefined) return '';
  const siret = siretLink(after.siret);
  if (!organization.ok) return t('organization.unverified', { siret });
  const { value } = organization;
  if (!value.found) return t('organization.unknown', { siret });
  const { legalName: name, legalForm } = value;
  if (legalForm === undefined) return t('organization.formless', { name, siret });
  const form = legalFormName(legalForm);
  return t('organization', { name, form: form === undefined ? legalForm : trusted(form), siret });
}

/** A SIRET, leading to its page in the directory of companies. */
function siretLink(siret: string): TranslationValues[string] {
  return /^[0-9]{14}$/.test(siret)
    ? trusted(`[\`${siret}\`](https://annuaire-entreprises.data.gouv.fr/etablissement/${siret})`)
    : siret;
}

/** `2 erreurs, 1 avertissement`. */
function countsText(t: ReviewTranslator, findings: readonly Finding[]): string {
  const counts = countFindings(findings);
  const parts = [
    counts.error > 0 ? t('count.errors', { count: counts.error }) : '',
    counts.decision > 0 ? t('count.decisions', { count: counts.decision }) : '',
    counts.warning > 0 ? t('count.warnings', { count: counts.warning }) : '',
    counts.info > 0 ? t('count.infos', { count: counts.info }) : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** One file in full, decisions apart: they have a section of their own. */
export function fileSection(context: RenderContext, file: ReviewedFile): string {
  const findings = file.findings.filter(({ severity }) => severity !== 'decision');
  const shown = findings.slice(0, maxFindings);
  const more = findings.length - shown.length;
  const organization = organizationLine(context, file);
  const merged = file.merged === true ? context.t('file.merged') : '';
  return [
    `### ${fileTitle(context, file)}`,
    '',
    // A line of its own in the same paragraph (CommonMark 0.31 §6.7).
    [codeSpan(file.path), organization, merged].filter((line) => line !== '').join('\\\n'),
    ...(shown.length > 0 ? ['', ...findingItems(context, file, shown)] : []),
    ...(more > 0 ? [`- ${context.t('file.more-findings', { count: more })}`] : []),
  ].join('\n');
}

/** One file in a line. */
export function fileLine(context: RenderContext, file: ReviewedFile): string {
  const counts = countsText(context.t, file.findings);
  return `- ${context.t('file.counts', {
    path: file.path,
    counts: trusted(counts === '' ? context.t('file.clean') : counts),
  })}`;
}
