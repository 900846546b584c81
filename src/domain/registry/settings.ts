/**
 * A registry's settings: read from the default branch only, never from the change that is evaluated.
 *
 * A setting that cannot be understood is reported and counts as not set: its default is the careful choice.
 */

import type { Bilingual, Language, Message } from '#base/i18n/message';
import { valueParser } from '#domain/definition/parse/yaml-parsers';
import { type Label, labels, settingsSchema } from './settings-schema.ts';

/** Where settings stand, relative to the root of the registry. */
export const settingsPath = '.github/greffier.yaml';

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
  readonly limits: {
    /** More definitions than this in one change need a decision. */
    readonly definitions: number;
  };
}

/** Something in the settings that was not understood. */
export interface SettingsProblem {
  /** RFC 6901 pointer; empty for the whole file. */
  readonly pointer: string;
  readonly message: Message;
}

export interface SettingsResult {
  readonly settings: Settings;
  readonly problems: readonly SettingsProblem[];
}

/** The sentences of problems; a message's key is `settings#` and the name of one. */
export const settingsMessages = {
  yaml: {
    fr: 'Le fichier de réglages n’est pas un YAML lisible (ligne {line}). Les réglages par défaut s’appliquent.',
    en: 'The settings are not readable YAML (line {line}). The defaults apply.',
  },
  size: {
    fr: 'Le fichier de réglages dépasse {limit} octets. Les réglages par défaut s’appliquent.',
    en: 'The settings are larger than {limit} bytes. The defaults apply.',
  },
  unknown: {
    fr: 'Le réglage {key} n’existe pas ; il est ignoré. Réglages possibles ici : {known}.',
    en: 'There is no setting {key}; it is ignored. Settings that can stand here: {known}.',
  },
  mapping: {
    fr: '{key} doit contenir des réglages, sous la forme « clé : valeur ». Les réglages par défaut s’appliquent.',
    en: '{key} must hold settings, as “key: value”. The defaults apply.',
  },
  choice: {
    fr: '{key} ne peut pas valoir {value}. Valeurs possibles : {known}. La valeur par défaut s’applique.',
    en: '{key} cannot be {value}. Possible values: {known}. The default applies.',
  },
  number: {
    fr: '{key} ne peut pas valoir {value} : il faut un nombre entier de {least} à {most}. La valeur par défaut s’applique.',
    en: '{key} cannot be {value}: a whole number from {least} to {most} is needed. The default applies.',
  },
  boolean: {
    fr: '{key} ne peut pas valoir {value} : écrivez `true` ou `false`. La valeur par défaut s’applique.',
    en: '{key} cannot be {value}: write `true` or `false`. The default applies.',
  },
  label: {
    fr: '{key} ne peut pas valoir {value} : il faut un texte de 1 à 50 caractères. Le nom habituel est gardé.',
    en: '{key} cannot be {value}: a text of 1 to 50 characters is needed. The usual name is kept.',
  },
  'same-label': {
    fr: 'Deux étiquettes porteraient le nom {value}. Les noms habituels sont gardés.',
    en: 'Two labels would have the name {value}. The usual names are kept.',
  },
  team: {
    fr: '{value} n’est pas le nom d’une équipe : écrivez `organisation/équipe`. Elle est ignorée.',
    en: '{value} is not the name of a team: write `organization/team`. It is ignored.',
  },
  list: {
    fr: '{key} doit être une liste de {most} éléments au plus. La valeur par défaut s’applique.',
    en: '{key} must be a list of at most {most} items. The default applies.',
  },
} satisfies Record<string, Bilingual>;

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
  limits: { definitions: limits.definitions.default },
};

/** @param text the file's content; undefined when there is no file. */
export function readSettings(text: string | undefined): SettingsResult {
  if (text === undefined) return { settings: defaultSettings, problems: [] };
  const reader = new SettingsReader();
  if (Buffer.byteLength(text) > maxBytes) reader.addProblem('', 'size', { limit: maxBytes });
  else {
    const loaded = parse(text);
    if ('line' in loaded) reader.addProblem('', 'yaml', { line: loaded.line });
    else if (loaded.value !== undefined && loaded.value !== null) return reader.read(loaded.value);
  }
  return { settings: defaultSettings, problems: reader.problems };
}

function parse(text: string): { readonly value: unknown } | { readonly line: number } {
  try {
    return { value: valueParser().load(text) };
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

  addProblem(pointer: string, words: keyof typeof settingsMessages, values: Message['values'] = {}): void {
    this.problems.push({ pointer, message: { key: `settings#${words}`, values } });
  }

  read(value: unknown): SettingsResult {
    const root = this.#section('', value, Object.keys(properties));
    const approvalSection = this.#section('/approvals', root.approvals, Object.keys(approvals));
    const mergeSection = this.#section('/automatic_merge', root.automatic_merge, ['integration']);
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
        teams: this.#teams(approvalSection.teams),
      },
      automaticMerge: {
        integration: this.#boolean('/automatic_merge/integration', mergeSection.integration),
      },
      limits: { definitions: this.#number('/limits/definitions', bounds.definitions, limits.definitions) },
    };
    return { settings, problems: this.problems };
  }

  /** A mapping with only known keys; empty when there is none. */
  #section(pointer: string, value: unknown, known: readonly string[]): Section {
    if (value === undefined || value === null) return {};
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.addProblem(pointer, 'mapping', { key: pointer.slice(1) || settingsPath });
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

  #teams(value: unknown): readonly string[] {
    const { maxItems: most, items } = approvals.teams;
    if (value === undefined) return approvals.teams.default;
    if (!Array.isArray(value) || value.length > most) {
      this.addProblem('/approvals/teams', 'list', { key: 'approvals/teams', most });
      return approvals.teams.default;
    }
    const pattern = new RegExp(items.pattern);
    return value.flatMap((team: unknown, at) => {
      if (typeof team === 'string' && pattern.test(team)) return [team];
      this.addProblem(`/approvals/teams/${at}`, 'team', { value: shown(team) });
      return [];
    });
  }
}

/** A value of any type, as it can be shown to a person. */
function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
