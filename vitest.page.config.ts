import { defineConfig } from 'vitest/config'

// npm run test:page: the page of `dashboard` in a real Chromium. docs/testing.md tells how they are laid out.
export default defineConfig({
  test: {
    include: ['test/**/*.page-test.ts'],
    globalSetup: ['test/page/global-setup.ts'],
    // A browser each, on a machine that may do much else meanwhile.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
})
