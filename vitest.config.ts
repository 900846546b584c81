import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Whole stories start servers and an embedded database; single rules take milliseconds.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
