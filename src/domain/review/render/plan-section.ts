/** The part of the review that says what merging would do, field by field. */

import type { Subject } from '#domain/review/evaluate/reviewed-file';
import type { PlanFacts, PlannedChange, PlannedStep } from '#domain/review/facts/facts';
import type { Pen } from './files-section.ts';
import type { ReviewKey, ReviewValues, Speaker } from './messages.ts';

/** More clients than this are counted, not told. */
const mostSteps = 10;

/** Where people create their own keys, for integration on the Internet. */
export const portalUrl = 'https://partenaires.proconnect.gouv.fr/apps';

const actionKeys = {
  create: 'plan.create',
  update: 'plan.update',
  revive: 'plan.revive',
  deactivate: 'plan.remove',
  delete: 'plan.remove',
} as const satisfies Record<PlannedStep['action'], ReviewKey>;

/** Fields of the client, as the catalogue names them; an unknown one keeps its own name, quoted. */
const fieldKeys: Readonly<Record<string, ReviewKey>> = {
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

type Shown = ReviewValues[string];

function fieldName(speak: Speaker, field: string): Shown {
  const key = Object.hasOwn(fieldKeys, field) ? fieldKeys[field] : undefined;
  return key === undefined ? field : { markdown: speak(key) };
}

function shownValue(speak: Speaker, value: string | boolean | readonly string[]): Shown {
  if (typeof value === 'boolean') return { markdown: speak(value ? 'value.true' : 'value.false') };
  return value;
}

/** One line or two for a field: lists say what comes and what goes, other values what they were and become. */
function changeLines(speak: Speaker, { field, from, to }: PlannedChange): string[] {
  const name = fieldName(speak, field);
  if (typeof from === 'object' && typeof to === 'object') {
    const added = to.filter((item) => !from.includes(item));
    const removed = from.filter((item) => !to.includes(item));
    return [
      ...(added.length > 0 ? [speak('change.items-added', { field: name, after: added })] : []),
      ...(removed.length > 0 ? [speak('change.items-removed', { field: name, before: removed })] : []),
    ];
  }
  if (to === undefined)
    return from === undefined
      ? []
      : [speak('change.unset', { field: name, before: shownValue(speak, from) })];
  if (typeof to === 'object' && to.length === 0) return [];
  return from === undefined
    ? [speak('change.set', { field: name, after: shownValue(speak, to) })]
    : [
        speak('change.replace', {
          field: name,
          before: shownValue(speak, from),
          after: shownValue(speak, to),
        }),
      ];
}

function stepItem({ speak }: Pen, step: PlannedStep, name: string): string {
  const title = speak(actionKeys[step.action], { name, cell: { markdown: speak(`cell.${step.cell}`) } });
  const lines =
    step.action === 'deactivate' || step.action === 'delete'
      ? []
      : step.changes.flatMap((change) => changeLines(speak, change));
  const left = step.left.map(({ field, to }) =>
    speak('change.left', {
      field: fieldName(speak, field),
      after: to === undefined ? '' : shownValue(speak, to),
    }),
  );
  return [`- ${title}`, ...[...lines, ...left].map((line) => `  - ${line}`)].join('\n');
}

/** The form's own notice: nobody has to ask for keys to test on the Internet. */
export function portalNotice({ speak }: Pen, subjects: readonly Subject[]): string {
  const concerned = subjects.some(
    ({ place, kind }) =>
      kind === 'added' && place?.network === 'internet' && place.environment === 'integration',
  );
  return concerned
    ? speak('portal', { portal: { markdown: `[partenaires.proconnect.gouv.fr/apps](${portalUrl})` } })
    : '';
}

function planNotes({ speak }: Pen, { steps, unserved, manual }: PlanFacts): string[] {
  return [
    ...(steps.length === 0 && unserved.length === 0 ? [speak('plan.nothing')] : []),
    ...unserved.map((cell) => speak('plan.unserved', { cell: { markdown: speak(`cell.${cell}`) } })),
    ...(steps.some(({ cell }) => manual.includes(cell)) ? [speak('plan.manual')] : []),
  ];
}

/** Each client that merging would touch. Empty when the plan is not known. */
export function planSection(pen: Pen, subjects: readonly Subject[], plan: PlanFacts | undefined): string {
  if (plan === undefined) return '';
  const names = new Map(
    subjects.flatMap(({ path, previousPath, name }) =>
      [path, previousPath].map((each) => [each, name ?? path] as const),
    ),
  );
  const items = plan.steps
    .slice(0, mostSteps)
    .map((step) => stepItem(pen, step, names.get(step.path) ?? step.path));
  const more = plan.steps.length - items.length;
  const list = more > 0 ? [...items, `- ${pen.speak('plan.more', { count: more })}`] : items;
  const parts = [`### ${pen.speak('plan.title')}`, list.join('\n'), ...planNotes(pen, plan)];
  return parts.filter((part) => part !== '').join('\n\n');
}
