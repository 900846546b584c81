/**
 * A registry's settings: read from the default branch only, never from the change that is evaluated.
 *
 * They are understood as a whole or not at all: where a part is not, the last ones that were stay in force, and where
 * none ever were, what was understood, made careful.
 */

import type { Language } from '#base/i18n/message';
import { valueParser } from '#domain/definition/parse/yaml-parsers';
import type { Freeze } from './freeze.ts';
import type { SettingsProblem } from './settings-messages.ts';
import { isNearSettings, settingsPath } from './settings-path.ts';
import { SettingsReader, usualLabels } from './settings-reader.ts';
import { type Label, settingsSchema } from './settings-schema.ts';

export { isNearSettings, settingsPath };

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

/** What applies when nothing is set. */
export const defaultSettings: Settings = {
  language: properties.language.default,
  labels: usualLabels,
  approvals: {
    integration: approvals.integration.default,
    production: approvals.production.default,
    teams: approvals.teams.default,
  },
  automaticMerge: { integration: properties.automatic_merge.properties.integration.default },
  freezes: [],
  reviewers: { ask: [] },
  liveChecks: properties.live_checks.default,
  limits: { definitions: properties.limits.properties.definitions.default },
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

/** Only for speed: what was read last, since each review reads the same few texts again. */
const readLast = new Map<string, SettingsResult>();
/** The agreed ones and those of the default branch, before and after a change. */
const mostReadLast = 4;

/** @param text the file's content; undefined where there never was a file. */
export function readSettings(text: string | undefined): SettingsResult {
  if (text === undefined) return { settings: defaultSettings, problems: [] };
  const known = readLast.get(text);
  if (known !== undefined) return known;
  const read = readText(text);
  const [oldest] = readLast.keys();
  if (oldest !== undefined && readLast.size >= mostReadLast) readLast.delete(oldest);
  readLast.set(text, read);
  return read;
}

function readText(text: string): SettingsResult {
  const reader = new SettingsReader(text);
  if (Buffer.byteLength(text) > maxBytes) reader.addProblem('', 'size', { limit: maxBytes });
  else {
    const loaded = parse(text);
    if ('line' in loaded) reader.addProblem('', loaded.cause, { line: loaded.line }, loaded.line);
    else if (loaded.value !== undefined && loaded.value !== null)
      return result(reader.read(loaded.value), reader.problems);
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

/** The parser's words for what people write most. */
const causes: Readonly<Record<string, 'tab' | 'twice'>> = {
  'tab characters must not be used in indentation': 'tab',
  'duplicated mapping key': 'twice',
};

function parse(
  text: string,
): { readonly value: unknown } | { readonly line: number; readonly cause: 'yaml' | 'tab' | 'twice' } {
  try {
    const { load, CORE_SCHEMA } = valueParser();
    // A day is what was written, not the moment that some reader of YAML makes of it.
    return { value: load(text, { schema: CORE_SCHEMA }) };
  } catch (error) {
    // The parser's own message quotes the file; only the line and the cause are kept of it.
    const mark: unknown = error instanceof Error && 'mark' in error ? error.mark : undefined;
    const line = typeof mark === 'object' && mark !== null && 'line' in mark ? Number(mark.line) + 1 : 1;
    const reason = error instanceof Error && 'reason' in error ? String(error.reason) : '';
    return { line, cause: causes[reason] ?? 'yaml' };
  }
}
