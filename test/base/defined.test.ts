import { describe, expect, expectTypeOf, it } from 'vitest';
import { defined } from '#base/defined';

describe('defined', () => {
  it('leaves out what is undefined, and nothing else', () => {
    const values = defined({ a: undefined as string | undefined, b: 0, c: '', d: null, e: false });
    expect(Object.entries(values)).toEqual([
      ['b', 0],
      ['c', ''],
      ['d', null],
      ['e', false],
    ]);
    expectTypeOf(values.a).toEqualTypeOf<string | undefined>();
    expectTypeOf(values.b).toEqualTypeOf<number>();
    const exact: { readonly a?: string; readonly b: number } = values;
    expect(exact).toBe(values);
  });
});
