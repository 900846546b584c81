/** A short round of `npm run chaos` on each engine: nothing is lost or doubled. */
import { expect, it } from 'vitest';
import { engines } from '../infrastructure/database/engines.ts';
import { runRound } from './round.ts';

it.each(engines)(
  'loses and doubles nothing on $name, killed and in trouble',
  { timeout: 400_000 },
  async (engine) => {
    const processes = engine.name === 'postgresql' ? 2 : 1;
    const outcome = await runRound({
      engine,
      seed: 7,
      services: 3,
      processes,
      rate: 0.2,
      faultPeriod: 12_000,
    });
    if (outcome.violations.length > 0) process.stderr.write(outcome.log.slice(-8_000));
    expect(outcome.violations).toEqual([]);
    expect(outcome.kills).toBeGreaterThan(0);
    expect(outcome.faults.size).toBeGreaterThan(3);
  },
);
