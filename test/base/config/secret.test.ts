import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '#base/config/secret';

describe('a secret', () => {
  const secret = new Secret('hunter2');

  it('is masked however it is printed', () => {
    const printed = [
      `${secret}`,
      String(secret),
      JSON.stringify({ deep: [{ secret }] }),
      inspect({ deep: { deeper: { deepest: { secret } } } }, { depth: null, showHidden: true }),
      format('%s %o %O %j', secret, secret, secret, secret),
      Object.values(secret).join(),
      new Error(`failed with ${secret}`).message,
    ];
    expect(printed.join('\n')).not.toContain('hunter2');
    expect(printed[0]).toBe('[secret]');
  });

  it('is revealed on purpose only', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  it('compares without telling how much was right', () => {
    expect([secret.equals('hunter2'), secret.equals('hunter3'), secret.equals('')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
