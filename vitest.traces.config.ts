import { defineConfig } from 'vitest/config'

// npm run test:traces: real collector, Jaeger and clients. docs/testing.md tells how they are laid out.
export default defineConfig(({ mode }) => ({
  test: {
    // npm run soak:traces: what is cut short here takes its full size there.
    env: mode === 'soak' ? { SOAK: '1' } : {},
    include: ['test/**/*.traces-test.ts'],
    globalSetup: ['test/traces/global-setup.ts'],
    // One file after the other: they measure memory and count what arrives.
    fileParallelism: false,
    testTimeout: mode === 'soak' ? 600_000 : 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
}))
