/** Which of the corrections of a text's layout are to be given. */

import { type LayoutCorrection, withCorrections } from '#domain/definition/parse/layout-correction';
import { maxDepth, type Source } from '#domain/definition/parse/source';
import { valueParser } from '#domain/definition/parse/yaml-parsers';
import { checkSchema, isMapping } from '#domain/definition/schema/schema-check';

interface CertainLayout {
  readonly corrections: readonly LayoutCorrection[];
  /** Whether the text can be read once they are made. */
  readonly certain: boolean;
}

const none: CertainLayout = { corrections: [], certain: false };

/**
 * The corrections of a text that YAML does not read; or reads, but as something else than a definition, when they make one
 * of it.
 */
export function certainLayout(source: Source): CertainLayout {
  const { loaded, text } = source;
  if (!loaded.ok && loaded.failure !== 'syntax' && loaded.failure !== 'unsupported') return none;
  const before = loaded.ok ? problemsOf(loaded.value) : Number.POSITIVE_INFINITY;
  if (before === 0) return none;
  const corrections = source.layout.filter(({ fault }) => !loaded.ok || fault !== 'indentation');
  if (corrections.length === 0) return none;
  const after = problemsOf(valueIn(withCorrections(text, corrections)));
  return after < before ? { corrections, certain: true } : loaded.ok ? none : { corrections, certain: false };
}

function valueIn(text: string): unknown {
  const { CORE_SCHEMA, load, YAMLException } = valueParser();
  const options = { schema: CORE_SCHEMA, maxDepth };
  try {
    return load(text, options);
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

function problemsOf(value: unknown): number {
  return isMapping(value) ? checkSchema(value, {}).length : Number.POSITIVE_INFINITY;
}
