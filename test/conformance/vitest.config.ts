import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** `npm run test:conformance`: behaviours that upstream asks of every cluster, against the built command line or any cluster of a kubeconfig. */
export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/conformance/*.test.ts'],
    globalSetup: ['test/conformance/support/target.ts'],
    maxConcurrency: 8,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
