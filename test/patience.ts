/**
 * Milliseconds for which a test waits for what has to come: nobody promised how soon, and a busy machine takes its time.
 * Less than a test may take (vitest.config.ts), so that what did not come is named.
 */
export const patience = 100_000;
