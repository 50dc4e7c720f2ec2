// Sums vitest's JSON reports up in one line, `N passed, N failed, N skipped`, after a line for each test that failed: who sees only
// the end of a long run sees what to look for. A test that ran in several reports counts once, and as failed when it failed in any.
// A missing report or a failed check counts as one failure.
// Usage: node scripts/count-tests.mjs FAILED_CHECKS REPORT…
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

const [failedChecks, ...reports] = process.argv.slice(2)
const RANK = { passed: 1, failed: 2 }
const SHOWN_CHARACTERS = 400
const results = new Map()

function note(key, status, why = '') {
  const known = results.get(key)?.status
  if ((RANK[status] ?? 0) >= (RANK[known] ?? -1)) results.set(key, { status, why })
}

function readReport(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'))
  for (const suite of report.testResults) {
    const name = relative(process.cwd(), suite.name)
    for (const test of suite.assertionResults) {
      note(`${name}: ${test.fullName}`, test.status, test.failureMessages?.join('\n'))
    }
    // A file that could not be loaded, or a hook of it that threw, has failed without a failed test.
    const noTestFailed = suite.assertionResults.every(({ status }) => status !== 'failed')
    if (suite.status === 'failed' && noTestFailed) note(name, 'failed', suite.message)
  }
}

for (const file of reports) {
  try {
    readReport(file)
  } catch (error) {
    note(file, 'failed', String(error))
  }
}

const count = (wanted) => [...results.values()].filter(({ status }) => wanted(status)).length
const passed = count((status) => status === 'passed')
const failed = count((status) => status === 'failed')
const skipped = results.size - passed - failed
for (const [name, { status, why }] of results) {
  if (status === 'failed')
    console.log(`FAILED: ${name}\n  ${why.trim().slice(0, SHOWN_CHARACTERS).replaceAll('\n', '\n  ')}`)
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
// A failed lint or coverage run has no test of its own, and must not end in a green exit code.
if (failed > 0 || Number(failedChecks) > 0 || passed === 0) process.exitCode = 1
