import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** `npm run test:process`: what needs the built command line: its own behaviour, and the clients of others against it. */
export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/cli/**/*.test.ts', 'test/kubectl/**/*.test.ts', 'test/client-node/**/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
