/** What the form begins with when a service goes to production: what `greffier promote` makes of its definition. Pure. */
import { placeFromPath } from '#domain/definition/cell';
import { serializeLines } from '#domain/definition/fix/serialize';
import { readDefinition } from '#domain/definition/read-definition';
import { promotionOf } from '#domain/registry/promotion';
import { type FormValues, valuesOf } from './form-values.ts';

export interface PromotedValues {
  readonly values: FormValues;
  /** The addresses of integration that production cannot have: they were left out. */
  readonly left: readonly string[];
}

/** @returns undefined when the text is no definition that could be read */
export function promotedValues(path: string, text: string): PromotedValues | undefined {
  const place = placeFromPath(path);
  const { definition } = readDefinition({ path, bytes: new TextEncoder().encode(text) });
  if (place === undefined || definition === undefined) {
    // It has errors: they are told of the values as they are.
    const values = valuesOf(path, text);
    return values && { values: { ...values, environment: 'production' }, left: [] };
  }
  const promotion = promotionOf(place, definition);
  const values = valuesOf(promotion.path, `${serializeLines(promotion.answers).join('\n')}\n`);
  return values && { values, left: promotion.left.map(({ uri }) => uri) };
}
