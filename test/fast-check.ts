/**
 * fast-check, by the seed that vitest.config.ts works out of what is committed: the same content is tried with
 * the same texts everywhere, so what passed before it was handed in passes when it lands, and every change
 * tries others. `PROPERTY_SEED=7 npm test` tries those of another seed, `PROPERTY_SEED=random` any.
 */

import fc from 'fast-check';

const seed = Number(process.env.PROPERTY_SEED);
if (Number.isInteger(seed) && process.env.PROPERTY_SEED !== '') fc.configureGlobal({ seed });

export { fc };
