import { describe, expect, it } from 'vitest';
import { readConfiguration } from '#base/config/config-file';
import { msBetweenLooks } from '#main/sweep';

describe('the clock of the sweeps', () => {
  it.each(['3s', '5m', '12h', '1d', '25d', '999999d'])(
    'can count %s, in steps that a timer takes',
    async (sweep) => {
      const read = readConfiguration(`cells: {}\nsweep: ${sweep}\n`, 'greffier.config.yaml', {});
      const interval = msBetweenLooks(read.ok ? read.configuration.sweep : Number.NaN);
      expect(interval).toBeLessThanOrEqual(2 ** 31 - 1);
      const warnings: Error[] = [];
      const heard = (warning: Error) => void warnings.push(warning);
      process.on('warning', heard);
      const timer = setTimeout(() => undefined, interval);
      await new Promise(setImmediate);
      clearTimeout(timer);
      process.off('warning', heard);
      expect(warnings).toEqual([]);
    },
  );
});
