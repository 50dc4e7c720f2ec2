// Sums vitest's JSON reports up in one line, `N passed, N failed, N skipped`. A test that ran in several reports
// counts once, and as failed when it failed in any. A missing report or a failed check counts as one failure.
// Usage: node scripts/count-tests.mjs FAILED_CHECKS REPORT…
import { readFileSync } from 'node:fs'

const [failedChecks, ...reports] = process.argv.slice(2)
const RANK = { passed: 1, failed: 2 }
const results = new Map()

function note(key, status) {
  const known = results.get(key)
  if ((RANK[status] ?? 0) >= (RANK[known] ?? -1)) results.set(key, status)
}

function readReport(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'))
  for (const suite of report.testResults) {
    for (const test of suite.assertionResults) note(`${suite.name}\0${test.fullName}`, test.status)
    // A file that could not be loaded has failed without a single test.
    if (suite.status === 'failed' && suite.assertionResults.length === 0) note(suite.name, 'failed')
  }
}

for (const file of reports) {
  try {
    readReport(file)
  } catch {
    note(file, 'failed')
  }
}

const count = (wanted) => [...results.values()].filter(wanted).length
const passed = count((status) => status === 'passed')
const failed = count((status) => status === 'failed')
const skipped = results.size - passed - failed
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
// A failed lint or coverage run has no test of its own, and must not end in a green exit code.
if (failed > 0 || Number(failedChecks) > 0 || passed === 0) process.exitCode = 1
