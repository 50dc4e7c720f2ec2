// Gets the browser that the page tests need, ahead of the first run: node test/page/chromium/get-chromium.ts
import { findChromium } from './find-chromium.ts'

try {
  console.log((await findChromium((text) => process.stderr.write(`page tests: ${text}\n`))).executable)
} catch (error) {
  process.stderr.write(`page tests: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
