import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Whole stories start servers and an embedded database; single rules take milliseconds.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
