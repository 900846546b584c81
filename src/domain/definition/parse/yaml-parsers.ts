/**
 * The parsers of YAML, loaded when a text is first met that is not in the plain layout: most runs need neither, and
 * loading them takes longer than reading hundreds of definitions.
 */
import { createRequire } from 'node:module';
import type { Alias, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';

type Positions = typeof import('yaml');
type Values = typeof import('js-yaml');

const load = createRequire(import.meta.url);
let positions: Positions | undefined;
let values: Values | undefined;

/** `yaml`, which knows where things stand. */
export function positionParser(): Positions {
  positions ??= load('yaml') as Positions;
  return positions;
}

/** `js-yaml`, which reads values, its depth bounded. */
export function valueParser(): Values {
  values ??= load('js-yaml') as Values;
  return values;
}

export const isAlias = (node: unknown): node is Alias => positionParser().isAlias(node);
export const isCollection = (node: unknown): node is YAMLMap | YAMLSeq => positionParser().isCollection(node);
export const isMap = (node: unknown): node is YAMLMap => positionParser().isMap(node);
export const isPair = (node: unknown): node is Pair => positionParser().isPair(node);
export const isScalar = (node: unknown): node is Scalar => positionParser().isScalar(node);
export const isSeq = (node: unknown): node is YAMLSeq => positionParser().isSeq(node);
