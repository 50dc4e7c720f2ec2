import { defineConfig } from 'vitest/config'

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    // Spawned servers and property tests share the machine with everything else that runs on it.
    testTimeout: 30_000,
    // As many as there are cores, of which Vitest would leave one alone.
    maxWorkers: '100%',
    hookTimeout: 30_000,
    // A poll ends as soon as it can; a second is not much on a machine that builds a control plane at the same time.
    expect: { poll: { timeout: 10_000 } },
    env: mode === 'fuzz' ? { FUZZ_RUNS: '200000', FUZZ_REVIEWS: '1000000', ...process.env } : {},
    ...(mode === 'fuzz' ? { include: ['test/**/*properties.test.ts'], testTimeout: 3_600_000 } : {}),
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // The process entry runs only in processes that the tests start, where coverage is not counted; what needs a browser runs
      // in one, by the page tests.
      exclude: ['src/main.ts', 'src/page/*.ts', 'src/page/figures/plot-options.ts'],
      reporter: ['text', 'json-summary'],
      thresholds: {
        'src/injection/**': { branches: 100 },
        'src/admission/**': { branches: 100 },
        'src/!(injection|admission)/**': { branches: 90 },
      },
    },
  },
}))
