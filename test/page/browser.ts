import { type BrowserContextOptions, chromium as driver, type Page } from 'playwright-core'
import type { Chromium } from './chromium/chromium.ts'

export interface TestBrowser {
  /** Opens a window of its own; in the end nothing may have gone wrong in it, unless that is expected. */
  readonly open: (url: string, options?: BrowserContextOptions) => Promise<OpenPage>
  readonly close: () => Promise<void>
}

export interface OpenPage {
  readonly page: Page
  /** What the browser complained about: errors of scripts, and what the content security policy has blocked. */
  readonly complaints: string[]
}

const LIMIT_MS = 30_000

/** Takes a Chromium and what closes a window in time (vitest's onTestFinished; otherwise it stays), starts it without a window. */
export async function openBrowser(
  { executable, env }: Chromium,
  inTime: (close: () => Promise<void>) => void = () => {},
): Promise<TestBrowser> {
  const browser = await driver.launch({ executablePath: executable, env: { ...process.env, ...env } as never })
  return {
    open: async (url, options = {}) => {
      const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options })
      // Windows that are left slow the next tests down.
      inTime(() => context.close())
      context.setDefaultTimeout(LIMIT_MS)
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
      })
      await page.goto(url)
      return { page, complaints }
    },
    close: () => browser.close(),
  }
}
