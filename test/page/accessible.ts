import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
}

/** Demands that axe finds nothing that keeps people out, by its rules for WCAG 2.2 AA and for what is best. */
export async function expectAccessible(page: Page): Promise<void> {
  // By the debugger's way, which no policy of the page forbids.
  await page.evaluate(`${AXE}; undefined`)
  const { violations } = (await page.evaluate('axe.run()')) as { violations: readonly Violation[] }
  const told = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target.join(' ')}: ${failureSummary}`),
  )
  expect(told).toEqual([])
}
