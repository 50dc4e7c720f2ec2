// Writes the pictures of docs/dashboard.md: `npm run screenshots`. The page is the real one; its figures are made up, and the
// same each time.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../test/page/browser.ts'
import { findChromium } from '../test/page/chromium/find-chromium.ts'
import { shopCoverage, shopFigures } from '../test/page/made-reports.ts'
import { servePage } from '../test/page/served-page.ts'
import { bundlePage } from './bundle.mjs'

interface Picture {
  readonly view: string
  readonly colorScheme: 'light' | 'dark'
  readonly height: number
  /** Only this part of the view. */
  readonly detail?: string
}

// Each small enough for a page that is read over a slow line: 100 KB.
const PICTURES: readonly Picture[] = [
  { view: 'coverage', colorScheme: 'light', height: 720 },
  { view: 'services', colorScheme: 'dark', height: 530 },
  { view: 'services', colorScheme: 'light', height: 1_200, detail: '.detail' },
]

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-page-'))
await bundlePage(root, folder)
const served = await servePage({ coverage: { report: shopCoverage() }, figures: { report: shopFigures() } }, folder)
const browser = await openBrowser(await findChromium((text) => process.stderr.write(`screenshots: ${text}\n`)))
try {
  for (const { view, colorScheme, height, detail } of PICTURES) {
    const { page } = await browser.open(`${served.url}#${view}`, { colorScheme, viewport: { width: 960, height } })
    await page.getByRole('button', { name: 'Refresh', disabled: false }).waitFor()
    await page.getByRole('table').first().waitFor()
    // The time of day would make another picture of it each time.
    await page.evaluate('document.querySelector(".view-heading .quiet").textContent = "read at 12:00:00"')
    const path = join(root, 'docs/images', `dashboard-${detail === undefined ? view : 'plots'}.png`)
    await (detail === undefined ? page.screenshot({ path }) : page.locator(detail).screenshot({ path }))
    process.stderr.write(`screenshots: ${path}\n`)
  }
} finally {
  await browser.close()
  await served.close()
  rmSync(folder, { recursive: true, force: true })
}
