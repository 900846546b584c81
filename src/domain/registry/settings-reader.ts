/** Reads the values of a registry's settings, each by its schema, so that one that is wrong leaves the others as they are. */
import { type CellName, cellNames } from '#base/config/cells';
import { defined } from '#base/defined';
import { invisibleNames, withoutInvisible } from '#base/i18n/invisible';
import type { Language, Message } from '#base/i18n/message';
import { Lines } from '#domain/definition/parse/lines';
import { SourceMap } from '#domain/definition/parse/source-map';
import { type Freeze, isDay } from './freeze.ts';
import { settingName } from './setting-name.ts';
import type { Settings } from './settings.ts';
import type { SettingsProblem } from './settings-messages.ts';
import { settingsPath } from './settings-path.ts';
import { type Label, labels, maxReasonLength, recertifyDays, settingsSchema } from './settings-schema.ts';

const { properties } = settingsSchema;
const approvals = properties.approvals.properties;
const limits = properties.limits.properties;

/** The line (from 1) of a setting, or of what it would stand in. The text must have been parsed as values before. */
export function settingLine(text: string, pointer: string): number {
  const node = new SourceMap(text).nearestNode(pointer);
  return node === undefined ? 1 : new Lines(text).lineAt((node.key ?? node.value).start);
}

type Section = Readonly<Record<string, unknown>>;

/** The names of the labels that nobody gave others. */
export const usualLabels = Object.fromEntries(labels.map((label) => [label, label])) as Settings['labels'];

/** Takes what it understands of a file of settings, value by value, and notes the rest. */
export class SettingsReader {
  readonly problems: SettingsProblem[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  addProblem(
    pointer: string,
    messageId: SettingsProblem['messageId'],
    values: Message['values'] = {},
    line = pointer === '' ? 1 : settingLine(this.#text, pointer),
  ): void {
    this.problems.push({ pointer, line, messageId, values });
  }

  /** @returns what was understood, with the usual in the place of the rest */
  read(written: unknown): Settings {
    const value = this.#visible(written, '');
    const root = this.#section('', value, Object.keys(properties));
    const approvalSection = this.#section('/approvals', root.approvals, Object.keys(approvals));
    const mergeSection = this.#section('/automatic_merge', root.automatic_merge, ['integration']);
    const freezes = this.#freezes(root.freeze);
    const bounds = this.#section('/limits', root.limits, Object.keys(limits));
    return {
      language: this.#language(root.language),
      labels: this.#labels(root.labels),
      approvals: {
        integration: this.#number(
          '/approvals/integration',
          approvalSection.integration,
          approvals.integration,
        ),
        production: this.#number('/approvals/production', approvalSection.production, approvals.production),
        teams: this.#names('/approvals/teams', approvalSection.teams, approvals.teams, 'team'),
      },
      automaticMerge: {
        integration: this.#boolean('/automatic_merge/integration', mergeSection.integration),
      },
      freezes,
      liveChecks: this.#boolean('/live_checks', root.live_checks),
      reviewers: this.#reviewers(root.reviewers),
      ...defined({ recertify: this.#period(root.recertify) }),
      limits: { definitions: this.#number('/limits/definitions', bounds.definitions, limits.definitions) },
    };
  }

  /** The same without the characters that nobody sees, each value that holds some being a problem. */
  #visible(value: unknown, pointer: string): unknown {
    if (typeof value === 'string') {
      const characters = invisibleNames(value);
      if (characters.length === 0) return value;
      this.addProblem(pointer, 'hidden', { key: settingName(pointer) || settingsPath, characters });
      return withoutInvisible(value);
    }
    if (Array.isArray(value)) return value.map((each, at) => this.#visible(each, `${pointer}/${at}`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        key,
        this.#visible(each, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
      ]),
    );
  }

  /** A mapping with only known keys; empty when there is none. */
  #section(pointer: string, value: unknown, known: readonly string[]): Section {
    if (value === undefined || value === null) return {};
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.addProblem(pointer, 'mapping', { key: settingName(pointer) || settingsPath });
      return {};
    }
    const section = new Map(Object.entries(value));
    for (const key of section.keys()) {
      if (known.includes(key)) continue;
      this.addProblem(`${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, 'unknown', {
        key,
        known,
      });
      section.delete(key);
    }
    return Object.fromEntries(section);
  }

  #language(value: unknown): Language {
    const { enum: known, default: usual } = properties.language;
    const language = known.find((one) => one === value);
    if (language === undefined && value !== undefined)
      this.addProblem('/language', 'choice', { key: 'language', value: shown(value), known });
    return language ?? usual;
  }

  #labels(value: unknown): Settings['labels'] {
    const section = this.#section('/labels', value, labels);
    const names: Record<Label, string> = { ...usualLabels };
    for (const label of labels) {
      const name = section[label];
      if (name === undefined) continue;
      if (typeof name === 'string' && name.trim() !== '' && name.length <= 50) names[label] = name.trim();
      else this.addProblem(`/labels/${label}`, 'label', { key: label, value: shown(name) });
    }
    const seen = new Set<string>();
    for (const label of labels) {
      const folded = names[label].toLowerCase();
      if (seen.has(folded)) {
        this.addProblem(`/labels/${label}`, 'same-label', { value: names[label] });
        return usualLabels;
      }
      seen.add(folded);
    }
    return names;
  }

  #reviewers(value: unknown): Settings['reviewers'] {
    const bounds = properties.reviewers.properties;
    const section = this.#section('/reviewers', value, Object.keys(bounds));
    // Nought, where it is absent or not understood, is nobody's choice.
    const remind = this.#number('/reviewers/remind', section.remind, { ...bounds.remind, default: 0 });
    const ask = this.#names('/reviewers/ask', section.ask, bounds.ask, 'reviewer');
    return { ask, ...(remind > 0 && { remind }) };
  }

  #period(value: unknown): number | undefined {
    if (value === undefined) return undefined;
    const { minimum: least, maximum: most } = recertifyDays;
    const days = typeof value === 'string' ? Number(/^([1-9]\d{0,3})d$/.exec(value)?.[1]) : Number.NaN;
    if (days >= least && days <= most) return days;
    this.addProblem('/recertify', 'period', { key: 'recertify', value: shown(value), least, most });
    return undefined;
  }

  /** A freeze that is not understood holds all the same, for as long as it is not. */
  #freezes(value: unknown): readonly Freeze[] {
    const count = this.problems.length;
    const section = this.#section('/freeze', value, cellNames);
    // Which cells were meant cannot be told: all of them.
    if (this.problems.length > count) return cellNames.map((cell) => ({ cell, reason: '' }));
    return cellNames.flatMap((cell) =>
      section[cell] === undefined ? [] : [this.#freeze(cell, section[cell])],
    );
  }

  #freeze(cell: CellName, value: unknown): Freeze {
    const pointer = `/freeze/${cell.replace('/', '~1')}`;
    const key = settingName(pointer);
    const count = this.problems.length;
    const { until, reason } = this.#section(pointer, value ?? '', ['until', 'reason']);
    if (this.problems.length > count) return { cell, reason: '' };
    const day = typeof until === 'string' && isDay(until) ? until : undefined;
    for (const [name, written] of Object.entries({ until, reason }))
      if (written === undefined) this.addProblem(pointer, 'lacking', { key: `${key}.${name}` });
    if (day === undefined && until !== undefined)
      this.addProblem(pointer, 'day', { key: `${key}.until`, value: shown(until) });
    const why = typeof reason === 'string' && isOneLine(reason.trim()) ? reason.trim() : undefined;
    if (why === undefined && reason !== undefined)
      this.addProblem(pointer, 'reason', {
        key: `${key}.reason`,
        value: shown(reason),
        most: maxReasonLength,
      });
    return { cell, reason: why ?? '', ...defined({ until: day }) };
  }

  #number(
    pointer: string,
    value: unknown,
    bounds: { readonly minimum: number; readonly maximum: number; readonly default: number },
  ): number {
    const { minimum: least, maximum: most } = bounds;
    if (value === undefined) return bounds.default;
    if (Number.isInteger(value) && typeof value === 'number' && value >= least && value <= most) return value;
    this.addProblem(pointer, 'number', { key: settingName(pointer), value: shown(value), least, most });
    return bounds.default;
  }

  #boolean(pointer: string, value: unknown): boolean {
    if (value === undefined) return false;
    if (typeof value === 'boolean') return value;
    this.addProblem(pointer, 'boolean', { key: settingName(pointer), value: shown(value) });
    return false;
  }

  #names(
    pointer: string,
    value: unknown,
    { maxItems: most, items }: { readonly maxItems: number; readonly items: { readonly pattern: string } },
    messageId: 'team' | 'reviewer',
  ): readonly string[] {
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length > most) {
      this.addProblem(pointer, 'list', { key: settingName(pointer), most });
      return [];
    }
    const pattern = new RegExp(items.pattern);
    return value.flatMap((name: unknown, at) => {
      if (typeof name === 'string' && pattern.test(name)) return [name];
      this.addProblem(`${pointer}/${at}`, messageId, { value: shown(name) });
      return [];
    });
  }
}

function isOneLine(text: string): boolean {
  return text !== '' && [...text].length <= maxReasonLength && !/[\p{Cc}\u2028\u2029]/u.test(text);
}

/** A value of any type, as it can be shown to a person. */
function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
