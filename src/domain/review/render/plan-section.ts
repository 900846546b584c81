/** The part of the review that says what merging would do, field by field. */

import { type TranslationValues, trusted } from '#base/i18n/translator';
import type { ReviewedFile } from '#domain/review/evaluate/reviewed-file';
import type { PlanFacts, PlannedFieldChange, PlannedStep } from '#domain/review/facts/facts';
import type { RenderContext } from './files-section.ts';
import type { ReviewMessageKey, ReviewTranslator } from './messages.ts';

/** More clients than this are counted, not listed. */
const maxSteps = 10;

/** Where people create their own keys, for integration on the Internet. */
const portalUrl = 'https://partenaires.proconnect.gouv.fr/apps';

const actionKeys = {
  create: 'plan.create',
  update: 'plan.update',
  revive: 'plan.revive',
  deactivate: 'plan.remove',
  delete: 'plan.remove',
} as const satisfies Record<PlannedStep['action'], ReviewMessageKey>;

/** Fields of the client, as the catalogue names them; an unknown one keeps its own name, quoted. */
const fieldKeys: Readonly<Record<string, ReviewMessageKey>> = {
  client_name: 'field.client_name',
  redirect_uris: 'field.redirect_uris',
  post_logout_redirect_uris: 'field.post_logout_redirect_uris',
  id_token_signed_response_alg: 'field.id_token_signed_response_alg',
  userinfo_signed_response_alg: 'field.userinfo_signed_response_alg',
  scopes: 'field.scopes',
  private_sector: 'field.private_sector',
  ip_addresses: 'field.ip_addresses',
  contacts: 'field.contacts',
  active: 'field.active',
};

type Shown = TranslationValues[string];

function fieldName(t: ReviewTranslator, field: string): Shown {
  const key = Object.hasOwn(fieldKeys, field) ? fieldKeys[field] : undefined;
  return key === undefined ? field : trusted(t(key));
}

function shownValue(t: ReviewTranslator, value: string | boolean | readonly string[]): Shown {
  if (typeof value === 'boolean') return trusted(t(value ? 'value.true' : 'value.false'));
  return value;
}

/** One line or two for a field: lists say what comes and what goes, other values what they were and become. */
function changeLines(t: ReviewTranslator, { field, from, to }: PlannedFieldChange): string[] {
  const name = fieldName(t, field);
  if (typeof from === 'object' && typeof to === 'object') {
    const added = to.filter((item) => !from.includes(item));
    const removed = from.filter((item) => !to.includes(item));
    return [
      ...(added.length > 0 ? [t('change.items-added', { field: name, after: added })] : []),
      ...(removed.length > 0 ? [t('change.items-removed', { field: name, before: removed })] : []),
    ];
  }
  if (to === undefined)
    return from === undefined ? [] : [t('change.unset', { field: name, before: shownValue(t, from) })];
  if (typeof to === 'object' && to.length === 0) return [];
  return from === undefined
    ? [t('change.set', { field: name, after: shownValue(t, to) })]
    : [
        t('change.replace', {
          field: name,
          before: shownValue(t, from),
          after: shownValue(t, to),
        }),
      ];
}

/** Of what the definition says and no provider keeps, what a person checks: all of it, or what a change makes new. */
function declaredLines(t: ReviewTranslator, file: ReviewedFile | undefined): string[] {
  const { before, after } = file ?? {};
  if (after === undefined) return [];
  const isNew = (one: string | undefined, old: string | undefined): one is string =>
    one !== undefined && one !== old;
  const scopes = (definition: typeof after) => definition.optionalScopes.map(({ value }) => value);
  const known = new Set(
    scopes(before ?? { ...after, optionalScopes: [] }).map(
      ({ scope, justification }) => `${scope} ${justification}`,
    ),
  );
  const support = after.supportContact?.value;
  return [
    ...(isNew(after.description, before?.description)
      ? [t('declared.description', { value: after.description })]
      : []),
    ...(isNew(after.datapass, before?.datapass) ? [t('declared.datapass', { value: after.datapass })] : []),
    ...(isNew(support, before?.supportContact?.value) ? [t('declared.support', { value: support })] : []),
    ...scopes(after).flatMap(({ scope, justification }) =>
      scope === undefined || justification === undefined || known.has(`${scope} ${justification}`)
        ? []
        : [t('declared.scope', { scope, reason: justification })],
    ),
  ];
}

function stepItem({ t }: RenderContext, step: PlannedStep, file: ReviewedFile | undefined): string {
  const name = file?.name ?? file?.path ?? step.path;
  const title = t(actionKeys[step.action], { name, cell: trusted(t(`cell.${step.cell}`)) });
  const lines =
    step.action === 'deactivate' || step.action === 'delete'
      ? []
      : [...step.changes.flatMap((change) => changeLines(t, change)), ...declaredLines(t, file)];
  const left = step.left.map(({ field, to }) =>
    t('change.left', {
      field: fieldName(t, field),
      after: to === undefined ? '' : shownValue(t, to),
    }),
  );
  return [`- ${title}`, ...[...lines, ...left].map((line) => `  - ${line}`)].join('\n');
}

/**
 * The form's own notice, where somebody waits for people: nobody has to ask for keys to test on the Internet.
 *
 * @param plan undefined when nothing is provisioned, or errors come first
 */
export function portalNotice({ t }: RenderContext, plan: PlanFacts | undefined): string {
  const cell = 'internet/integration';
  const waits =
    plan?.unserved.includes(cell) === true ||
    (plan?.manual.includes(cell) === true &&
      plan.steps.some((step) => step.cell === cell && step.action === 'create'));
  return waits ? t('portal', { portal: trusted(`[partenaires.proconnect.gouv.fr/apps](${portalUrl})`) }) : '';
}

function planNotes({ t }: RenderContext, { steps, unserved, manual }: PlanFacts): string[] {
  return [
    ...(steps.length === 0 && unserved.length === 0 ? [t('plan.nothing')] : []),
    ...unserved.map((cell) => t('plan.unserved', { cell: trusted(t(`cell.${cell}`)) })),
    ...(steps.some(({ cell }) => manual.includes(cell)) ? [t('plan.manual')] : []),
  ];
}

/** Each client that merging would touch. Empty when the plan is not known. */
export function planSection(
  context: RenderContext,
  files: readonly ReviewedFile[],
  plan: PlanFacts | undefined,
): string {
  if (plan === undefined) return '';
  const fileAt = new Map(
    files.flatMap((file) => [file.path, file.previousPath].map((path) => [path, file] as const)),
  );
  const items = plan.steps.slice(0, maxSteps).map((step) => stepItem(context, step, fileAt.get(step.path)));
  const more = plan.steps.length - items.length;
  const list = more > 0 ? [...items, `- ${context.t('plan.more', { count: more })}`] : items;
  const parts = [`### ${context.t('plan.title')}`, list.join('\n'), ...planNotes(context, plan)];
  return parts.filter((part) => part !== '').join('\n\n');
}
