import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** `npm run test:unit`: everything but the suites that need a machine's kubectl or an editor, which have runs of their own. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/cli/**',
      'test/kubectl/**',
      'test/client-node/**',
      'test/conformance/*.test.ts',
      'test/editor/**',
      '**/node_modules/**',
    ],
    // Real sockets and keys take their time on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
