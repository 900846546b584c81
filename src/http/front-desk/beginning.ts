/**
 * From what a form began, and what is there by the time it comes back: whose id it is, and what others changed meanwhile.
 * `from` (`network/environment/id`) says which definition the person means to change, `base` which version of it they read.
 */
import type { RequestBase } from '#application/front-desk/request-base';
import { environments, networks } from '#base/config/cells';
import { type Html, html } from '#base/html';
import { escapeInvisible } from '#base/i18n/invisible';
import { idPattern, pathFromPlace, placeFromPath } from '#domain/definition/cell';
import { definitionOf, type FormValues, valuesOf } from '#domain/front-desk/form-values';
import type { FieldFinding, FormVerdict } from '#domain/front-desk/judge';
import { type MergedValues, mergeValues } from '#domain/front-desk/merge-values';
import { promotedValues } from '#domain/front-desk/promoted-values';
import { fieldLabel } from './error-summary.ts';
import type { FrontDeskPeople, SignedInPerson, Standing } from './people.ts';
import type { Words } from './words.ts';

/** What there is to begin from, put together with what others changed since. */
export interface Beginning {
  readonly values: FormValues;
  readonly merged?: MergedValues;
  /** Where it goes to production: the addresses of integration that were left out. */
  readonly left?: readonly string[];
}

/**
 * @param promote to begin with what it would be in production, a definition of its own
 * @returns undefined when there is nothing that the person may read
 */
export async function beginFrom(
  people: FrontDeskPeople,
  from: string,
  person: SignedInPerson,
  promote: boolean,
): Promise<Beginning | undefined> {
  const path = pathFrom(from);
  const standing = path === undefined ? undefined : await people.standing(path, person);
  if (path === undefined || standing === undefined) return undefined;
  const { there, open } = standing;
  if (promote) {
    const text = there.kind === 'own' ? there.text : open?.text;
    return typeof text === 'string' ? promotedValues(path, text) : undefined;
  }
  const present = there.kind === 'own' ? valuesOf(path, there.text) : undefined;
  const asked = open === undefined || open.text === null ? undefined : valuesOf(path, open.text);
  const more = { from, ...(there.kind === 'own' && { base: there.blob }) };
  if (asked === undefined) return present && { values: { ...present, ...more } };
  // It was asked for before the version that is there now.
  if (there.kind === 'own' && present !== undefined && open?.blob !== there.blob && open?.blob !== null) {
    const merged = mergeValues(earlier(path, there), asked, present);
    return { values: { ...merged.values, ...more }, merged };
  }
  return { values: { ...asked, ...more } };
}

function earlier(path: string, { before }: { readonly before?: string }): FormValues | undefined {
  return before === undefined ? undefined : valuesOf(path, before);
}

/** What became of the place that a form is about. */
export type Met =
  /** Nothing is in the way. */
  | { readonly kind: 'clear'; readonly isChange: boolean; readonly base?: RequestBase }
  /** The person did not mean to change what is there under that name. */
  | { readonly kind: 'taken'; readonly standing: Standing; readonly proposal: string | undefined }
  /** It says already what is asked. */
  | { readonly kind: 'same' }
  /** Somebody changed it since the person read it. */
  | { readonly kind: 'changed'; readonly values: FormValues; readonly merged: MergedValues };

export async function meetStanding(
  people: FrontDeskPeople,
  values: FormValues,
  { definition: { path, text } }: FormVerdict,
  person: SignedInPerson,
): Promise<Met> {
  const isMeant = pathFrom(values.from ?? '') === path;
  const standing = await people.standing(path, person, isMeant ? values.base : undefined);
  if (standing === undefined) return { kind: 'clear', isChange: isMeant };
  const { there, open } = standing;
  // The very form that was sent before, sent again.
  if (open?.text === text && (!isMeant || there.kind !== 'own')) return { kind: 'clear', isChange: isMeant };
  if (!isMeant)
    return there.kind === 'free' && open === undefined
      ? { kind: 'clear', isChange: false }
      : { kind: 'taken', standing, proposal: await freeId(people, path, person) };
  if (there.kind !== 'own') return { kind: 'clear', isChange: there.kind === 'taken' };
  if (there.blob === values.base && open === undefined && isSame(path, there.text, text))
    return { kind: 'same' };
  if (there.blob === values.base)
    return { kind: 'clear', isChange: true, base: { commit: there.commit, blob: there.blob } };
  const now = valuesOf(path, there.text) ?? {};
  const merged = mergeValues(earlier(path, there), values, now);
  return { kind: 'changed', values: { ...merged.values, base: there.blob }, merged };
}

/** Whether a definition, however it is written, says what the form makes of its own values. */
function isSame(path: string, there: string, wanted: string): boolean {
  const values = valuesOf(path, there);
  return values !== undefined && definitionOf(values).text === wanted;
}

/** Ids that are tried beside one that is taken. */
const maxTried = 9;

async function freeId(
  people: FrontDeskPeople,
  path: string,
  person: SignedInPerson,
): Promise<string | undefined> {
  const place = placeFromPath(path);
  if (place === undefined) return undefined;
  for (let number = 2; number <= maxTried; number++) {
    const id = `${place.id.slice(0, 60)}-${number}`;
    const there = await people.standing(pathFromPlace({ ...place, id }), person);
    if (idPattern.test(id) && there?.there.kind === 'free' && there.open === undefined) return id;
  }
  return undefined;
}

/** By which buttons say what the person meant, where an id is taken. */
const meansChange = 'change';
const otherId = 'id ';

/** What such a button makes of the values; undefined when it is the button of a fix. */
export function applyMeaning(values: FormValues, path: string, apply: string): FormValues | undefined {
  const place = placeFromPath(path);
  if (apply === meansChange && place !== undefined)
    return { ...values, from: `${place.network}/${place.environment}/${place.id}` };
  const id = apply.startsWith(otherId) ? apply.slice(otherId.length) : '';
  return idPattern.test(id) ? { ...values, id } : undefined;
}

/** That the id is taken, as a finding of its field. */
export function takenFinding(id: string): FieldFinding {
  return {
    rule: 'file/name',
    severity: 'error',
    field: 'id',
    message: { key: 'file/name#taken', values: { name: id } },
  };
}

/** The ways on, where an id is taken. */
export function takenNote(
  t: Words,
  form: string,
  { standing: { there, open }, proposal }: Met & { readonly kind: 'taken' },
  path: string,
): Html {
  const place = placeFromPath(path);
  const from = place === undefined ? '' : `${place.network}/${place.environment}/${place.id}`;
  const start = html`<a class="button" href="/demande?${new URLSearchParams({ from }).toString()}">`;
  const press = (value: string, words: Html): Html =>
    html`<button form="${form}" name="apply" value="${value}">${words}</button>`;
  const ways = (way: Html): Html =>
    html`<p class="actions">${way} ${proposal !== undefined && press(`${otherId}${proposal}`, t('taken.other', { id: html`<code>${proposal}</code>` }))}</p>`;
  const button = (words: Html): Html => ways(press(meansChange, words));
  if (open !== undefined)
    return html`<p>${t('taken.open', { number: open.number })}</p>${button(t('taken.open-button', { number: open.number }))}`;
  if (there.kind === 'own')
    return html`<p>${t('taken.own')}</p>${ways(html`${start}${t('taken.own-link')}</a>`)}`;
  return html`<p>${t('taken.stranger')}</p>${button(t('taken.stranger-button'))}`;
}

/** What others changed meanwhile. */
export function changedNote(t: Words, { taken, disputed }: MergedValues): Html {
  // A scope and its reason stand in one place.
  const link = (name: string): Html => {
    const control = name.replace(/\.justification$/, '');
    return html`<a href="#${control}">${fieldLabel(t, control)}</a>`;
  };
  const is = (now: string): Html =>
    now === '' ? t('changed.empty') : html`<code>${now.split('\n').join(', ')}</code>`;
  return html`<p><strong>${t('changed.title')}</strong></p>
${taken.length > 0 && html`<p>${t('changed.taken')}</p><ul>${taken.map((name) => html`<li>${link(name)}</li>`)}</ul>`}
${disputed.length > 0 && html`<p>${t('changed.disputed')}</p><ul>${disputed.map(({ name, now }) => html`<li>${link(name)} – ${t('changed.now', { value: is(now) })}</li>`)}</ul>`}
${taken.length + disputed.length === 0 && html`<p>${t('changed.nothing')}</p>`}`;
}

/** What comes over to production, and which addresses do not. */
function promotionNote(t: Words, left: readonly string[] = []): Html {
  if (left.length === 0) return t('promote.note');
  return html`${t('promote.note')} ${t('promote.left')}<ul>${left.map((uri) => html`<li><code>${escapeInvisible(uri)}</code></li>`)}</ul>`;
}

/** What is said above a form that opens. */
export function openingNote(
  t: Words,
  of: {
    readonly begun: Beginning | undefined;
    readonly from: string | undefined;
    readonly promote: boolean;
    /** Whether people sign in here at all. */
    readonly signsIn: boolean;
    readonly isSignedIn: boolean;
  },
): Html | undefined {
  if (of.begun?.merged !== undefined) return changedNote(t, of.begun.merged);
  if (of.begun !== undefined) return of.promote ? promotionNote(t, of.begun.left) : undefined;
  if (of.from !== undefined) return t(of.isSignedIn ? 'form.from-unknown' : 'form.from-sign-in');
  return of.signsIn && !of.isSignedIn ? t('form.sign-in') : undefined;
}

/** The path that `from` names. */
function pathFrom(from: string): string | undefined {
  const [network, environment, id, ...more] = from.split('/');
  const known = networks.find((one) => one === network);
  const where = environments.find((one) => one === environment);
  if (known === undefined || where === undefined || id === undefined || more.length > 0) return undefined;
  return idPattern.test(id) ? pathFromPlace({ network: known, environment: where, id }) : undefined;
}
