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

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-page-'))
await bundlePage(root, folder)
const served = await servePage({ coverage: { report: shopCoverage() }, figures: { report: shopFigures() } }, folder)
const browser = await openBrowser(await findChromium((text) => process.stderr.write(`screenshots: ${text}\n`)))
try {
  const pictures = [
    ['coverage', 'light', 720],
    ['services', 'dark', 700],
  ] as const
  for (const [view, colorScheme, height] of pictures) {
    const { page } = await browser.open(`${served.url}#${view}`, { colorScheme, viewport: { width: 960, height } })
    await page.getByRole('button', { name: 'Refresh', disabled: false }).waitFor()
    await page.getByRole('table').first().waitFor()
    // The time of day would make another picture of it each time.
    await page.evaluate('document.querySelector(".view-heading .quiet").textContent = "read at 12:00:00"')
    const path = join(root, 'docs/images', `dashboard-${view}.png`)
    await page.screenshot({ path })
    process.stderr.write(`screenshots: ${path}\n`)
  }
} finally {
  await browser.close()
  await served.close()
  rmSync(folder, { recursive: true, force: true })
}
