/**
 * A registry's settings: read from the default branch only, never from the change that is evaluated.
 *
 * They are understood as a whole or not at all: where a part is not, the last ones that were stay in force, and where
 * none ever were, what was understood, made careful.
 */

import { type CellName, cellNames } from '#base/config/cells';
import { defined } from '#base/defined';
import { invisibleNames, withoutInvisible } from '#base/i18n/invisible';
import type { Language, Message } from '#base/i18n/message';
import { Lines } from '#domain/definition/parse/lines';
import { SourceMap } from '#domain/definition/parse/source-map';
import { valueParser } from '#domain/definition/parse/yaml-parsers';
import { type Freeze, isDay } from './freeze.ts';
import type { SettingsProblem } from './settings-messages.ts';
import { settingsPath } from './settings-path.ts';
import { type Label, labels, maxReasonLength, recertifyDays, settingsSchema } from './settings-schema.ts';

export { settingsPath };

export interface Settings {
  readonly language: Language;
  /** The name of each of Greffier's labels in this registry. */
  readonly labels: Readonly<Record<Label, string>>;
  readonly approvals: {
    /** Approving reviews that a change needs, by the environment that it touches. */
    readonly integration: number;
    readonly production: number;
    /** `organization/team`, whose members' approvals count like those of people with write permission. */
    readonly teams: readonly string[];
  };
  readonly automaticMerge: { readonly integration: boolean };
  /** In the order of the cells; those that are over may still be among them. */
  readonly freezes: readonly Freeze[];
  /** Public services are asked about live clients, once a day. */
  readonly liveChecks: boolean;
  readonly reviewers: {
    /** Logins, and `organization/team`, who are asked for their review. */
    readonly ask: readonly string[];
    /** Working days after which they are reminded, once. */
    readonly remind?: number;
  };
  /** Days after which contacts are asked whether their service still lives; absent: nobody is. */
  readonly recertify?: number;
  readonly limits: {
    /** More definitions than this in one change need a decision. */
    readonly definitions: number;
  };
}

export interface SettingsResult {
  /** With problems: what was understood, made careful. */
  readonly settings: Settings;
  /** Not understood as a whole when there is one. */
  readonly problems: readonly SettingsProblem[];
}

/** What stands where the settings are, or why there is no text there. */
export type SettingsFile =
  | { readonly text: string }
  | { readonly unreadable: 'missing' | 'link' | 'encoding' | 'size' };

/** Settings are a page of text; more than this is a mistake or an attack. */
const maxBytes = 16_384;

const { properties } = settingsSchema;
const approvals = properties.approvals.properties;
const limits = properties.limits.properties;

/** What applies when nothing is set. */
export const defaultSettings: Settings = {
  language: properties.language.default,
  labels: Object.fromEntries(labels.map((label) => [label, label])) as Record<Label, string>,
  approvals: {
    integration: approvals.integration.default,
    production: approvals.production.default,
    teams: approvals.teams.default,
  },
  automaticMerge: { integration: properties.automatic_merge.properties.integration.default },
  freezes: [],
  reviewers: { ask: [] },
  liveChecks: properties.live_checks.default,
  limits: { definitions: limits.definitions.default },
};

/**
 * What applies where settings were written and could never be read: every change needs an approval, and none is merged
 * without a person.
 */
function careful(settings: Settings): Settings {
  const { integration, production, teams } = settings.approvals;
  return {
    ...settings,
    approvals: { integration: Math.max(1, integration), production: Math.max(1, production), teams },
    automaticMerge: { integration: false },
  };
}

/** @param text the file's content; undefined where there never was a file. */
export function readSettings(text: string | undefined): SettingsResult {
  if (text === undefined) return { settings: defaultSettings, problems: [] };
  const reader = new SettingsReader(text);
  if (Buffer.byteLength(text) > maxBytes) reader.addProblem('', 'size', { limit: maxBytes });
  else {
    const loaded = parse(text);
    if ('line' in loaded) reader.addProblem('', 'yaml', { line: loaded.line }, loaded.line);
    else if (loaded.value !== undefined && loaded.value !== null) return reader.read(loaded.value);
  }
  return result(defaultSettings, reader.problems);
}

/** Reads what stands where there were settings before, or are to be some. */
export function readSettingsFile(file: SettingsFile): SettingsResult {
  if ('text' in file) return readSettings(file.text);
  const values = file.unreadable === 'size' ? { limit: maxBytes } : {};
  return result(defaultSettings, [{ pointer: '', line: 1, messageId: file.unreadable, values }]);
}

function result(settings: Settings, problems: readonly SettingsProblem[]): SettingsResult {
  return { settings: problems.length === 0 ? settings : careful(settings), problems };
}

/** The line (from 1) of a setting, or of what it would stand in. The text must have been parsed as values before. */
export function settingLine(text: string, pointer: string): number {
  const node = new SourceMap(text).nearestNode(pointer);
  return node === undefined ? 1 : new Lines(text).lineAt((node.key ?? node.value).start);
}

function parse(text: string): { readonly value: unknown } | { readonly line: number } {
  try {
    const { load, CORE_SCHEMA } = valueParser();
    // A day is what was written, not the moment that some reader of YAML makes of it.
    return { value: load(text, { schema: CORE_SCHEMA }) };
  } catch (error) {
    // The parser's own message quotes the file; only the line is kept of it.
    const mark: unknown = error instanceof Error && 'mark' in error ? error.mark : undefined;
    const line = typeof mark === 'object' && mark !== null && 'line' in mark ? Number(mark.line) + 1 : 1;
    return { line };
  }
}

type Section = Readonly<Record<string, unknown>>;

class SettingsReader {
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

  read(written: unknown): SettingsResult {
    const value = this.#visible(written, '');
    const root = this.#section('', value, Object.keys(properties));
    const approvalSection = this.#section('/approvals', root.approvals, Object.keys(approvals));
    const mergeSection = this.#section('/automatic_merge', root.automatic_merge, ['integration']);
    const freezes = this.#freezes(root.freeze);
    const bounds = this.#section('/limits', root.limits, Object.keys(limits));
    const settings: Settings = {
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
    return result(settings, this.problems);
  }

  /** The same without the characters that nobody sees, each value that holds some being a problem. */
  #visible(value: unknown, pointer: string): unknown {
    if (typeof value === 'string') {
      const characters = invisibleNames(value);
      if (characters.length === 0) return value;
      this.addProblem(pointer, 'hidden', { key: pointer.slice(1) || settingsPath, characters });
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
      this.addProblem(pointer, 'mapping', { key: pointer.slice(1).replaceAll('~1', '/') || settingsPath });
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
    const names: Record<Label, string> = { ...defaultSettings.labels };
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
        return defaultSettings.labels;
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
    const key = `freeze/${cell}`;
    const count = this.problems.length;
    const { until, reason } = this.#section(pointer, value ?? '', ['until', 'reason']);
    if (this.problems.length > count) return { cell, reason: '' };
    const day = typeof until === 'string' && isDay(until) ? until : undefined;
    for (const [name, written] of Object.entries({ until, reason }))
      if (written === undefined) this.addProblem(pointer, 'lacking', { key: `${key}/${name}` });
    if (day === undefined && until !== undefined)
      this.addProblem(pointer, 'day', { key: `${key}/until`, value: shown(until) });
    const why = typeof reason === 'string' && isOneLine(reason.trim()) ? reason.trim() : undefined;
    if (why === undefined && reason !== undefined)
      this.addProblem(pointer, 'reason', {
        key: `${key}/reason`,
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
    this.addProblem(pointer, 'number', { key: pointer.slice(1), value: shown(value), least, most });
    return bounds.default;
  }

  #boolean(pointer: string, value: unknown): boolean {
    if (value === undefined) return false;
    if (typeof value === 'boolean') return value;
    this.addProblem(pointer, 'boolean', { key: pointer.slice(1), value: shown(value) });
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
      this.addProblem(pointer, 'list', { key: pointer.slice(1), most });
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
