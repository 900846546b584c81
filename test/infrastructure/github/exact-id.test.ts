import { expect, it } from 'vitest';
import { exactId } from '#infrastructure/github/client/exact-id';

it('gives a number exactly, or none', () => {
  expect(exactId(412)).toBe(412);
  expect(exactId(9_007_199_254_740_991n)).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => exactId(9_007_199_254_740_993n)).toThrow(/9007199254740993/);
});
