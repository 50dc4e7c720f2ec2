import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { bundlePage } from '../../scripts/bundle.mjs'
import { root } from '../source-files.ts'
import type { Chromium } from './chromium/chromium.ts'
import { findChromium } from './chromium/find-chromium.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The browser of all files: openBrowser(inject('chromium')). */
    chromium: Chromium
    /** The folder with the page, made of the sources as they are now. */
    page: string
  }
}

/** Gets the browser and makes the page, ahead of all files. Fails, and does not skip, where there is no browser. */
export default async function setup(project: TestProject): Promise<() => void> {
  const chromium = await findChromium((text) => process.stderr.write(`page tests: ${text}\n`)).catch((error: Error) => {
    // What is missing, in one sentence; where in the code that was found out helps nobody.
    error.stack = error.message
    throw error
  })
  const page = mkdtempSync(join(tmpdir(), 'linkerd-tracing-page-'))
  await bundlePage(root, page)
  project.provide('chromium', chromium)
  project.provide('page', page)
  return () => rmSync(page, { recursive: true, force: true })
}
