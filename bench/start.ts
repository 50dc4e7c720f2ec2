// npm run bench:start: how long `_extension-metadata` takes, which `linkerd check` waits for on each of its calls.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNumber, runBench } from './bench-command.ts'
import { startSection, startTable } from './start/start-report.ts'

const HELP = `Usage: npm run bench:start -- [flags]

Builds the single executable, starts it and what it is compared with in turn, and writes the section "Start of the program"
of docs/benchmarks.md. Takes about half a minute. Nothing else should run on the machine meanwhile.

  --runs N      how often each is started (default: 40, at least 10)
  --no-write    print the table, and leave the page as it is
  -h, --help    this text
`
const ROOT = join(import.meta.dirname, '..')
const METADATA = '_extension-metadata'

/** Starts each program in turn, so that what else the machine does falls on all of them; gives milliseconds. */
function measure(programs: ReadonlyMap<string, readonly [string, ...string[]]>, runs: number): Map<string, number[]> {
  const times = new Map([...programs.keys()].map((name) => [name, [] as number[]]))
  for (let run = 0; run < runs; run++) {
    for (const [name, [file, ...words]] of programs) {
      const start = performance.now()
      execFileSync(file, words, { stdio: 'ignore' })
      times.get(name)?.push(performance.now() - start)
    }
  }
  return times
}

await runBench({
  help: HELP,
  flags: { runs: '40' },
  heading: 'Start of the program',
  measure: async (flags, { date, machine }) => {
    const runs = readNumber('runs', flags.runs, 10)
    const folder = mkdtempSync(join(tmpdir(), 'bench-start-'))
    try {
      const executable = join(folder, 'linkerd-tracing')
      execFileSync(process.execPath, [join(ROOT, 'scripts/build-executable.mjs'), executable], { stdio: 'inherit' })
      const programs = new Map<string, [string, ...string[]]>([
        ['single executable', [executable, METADATA]],
        ['bundle on Node (`npm i -g`, image)', [process.execPath, join(ROOT, 'dist/main.js'), METADATA]],
        ['Node alone (`node -e 0`)', [process.execPath, '-e', '0']],
      ])
      const times = measure(programs, runs)
      const megabytes = Math.round(statSync(executable).size / 1e6)
      return { table: startTable(times), section: startSection(times, { runs, date, machine, megabytes }) }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
