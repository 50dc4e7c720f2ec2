import { defineConfig } from 'vitest/config'

// npm run test:cluster: the tests that need a real API server. docs/testing.md tells how they are laid out.
export default defineConfig(({ mode }) => ({
  test: {
    // npm run soak: what is cut short here takes its full time there.
    env: mode === 'soak' ? { SOAK: '1' } : {},
    include: ['test/**/*.cluster-test.ts'],
    globalSetup: ['test/cluster/global-setup.ts'],
    // One file after the other: they share one API server, and webhook configurations are cluster-wide.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
}))
