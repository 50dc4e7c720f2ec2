// npm run bench:start: how long the program takes to start, for `linkerd check` (`_extension-metadata`) and as a server.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNumber, runBench } from './bench-command.ts'
import type { Program } from './serve-process.ts'
import { shippedProgram } from './shipped-program.ts'
import { measureServe, type ServeStart } from './start/measure-serve.ts'
import { type Starts, startSection, startTables } from './start/start-report.ts'

const HELP = `Usage: npm run bench:start -- [flags]

Builds the single executable, starts it and what it is compared with in turn, and writes the section "Start of the program"
of docs/benchmarks.md. Takes about three minutes. Nothing else should run on the machine meanwhile. Linux only.

  --runs N      how often each is started (default: 40, at least 10); \`serve\` half as often
  --no-write    print the tables, and leave the page as it is
  -h, --help    this text
`
const ROOT = join(import.meta.dirname, '..')
const METADATA = '_extension-metadata'

/** Starts each program in turn, so that what else the machine does falls on all of them; gives milliseconds. */
function measureMetadata(programs: ReadonlyMap<string, Program>, runs: number): Map<string, number[]> {
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

/** The same with `serve`; the first round makes the certificate and the cache, and does not count. */
async function measureStarts(
  programs: ReadonlyMap<string, Program>,
  { runs, certDir }: { runs: number; certDir: string },
) {
  const starts = new Map([...programs.keys()].map((name) => [name, [] as ServeStart[]]))
  for (let run = 0; run <= runs; run++) {
    for (const [name, program] of programs) {
      const start = await measureServe(program, certDir)
      if (run > 0) starts.get(name)?.push(start)
    }
  }
  return starts
}

async function measureAll(folder: string, runs: number): Promise<{ starts: Starts; megabytes: number }> {
  const executable = join(folder, 'linkerd-tracing')
  execFileSync(process.execPath, [join(ROOT, 'scripts/build-executable.mjs'), executable], { stdio: 'inherit' })
  // A copy of its own: nobody else starts it meanwhile, or makes it anew.
  const main = join(folder, 'dist/main.js')
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.compile-cache'),
  })
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  const metadata = measureMetadata(
    new Map<string, Program>([
      ['single executable', [executable, METADATA]],
      ['bundle on Node (`npm i -g`, image)', [process.execPath, main, METADATA]],
      ['Node alone (`node -e 0`)', [process.execPath, '-e', '0']],
    ]),
    runs,
  )
  const serve = await measureStarts(
    new Map<string, Program>([
      ['single executable', [executable]],
      ['bundle on Node', shippedProgram({ main })],
      [
        'bundle on Node, without its cache',
        ['/usr/bin/env', 'NODE_DISABLE_COMPILE_CACHE=1', ...shippedProgram({ main })],
      ],
    ]),
    { runs: Math.ceil(runs / 2), certDir: join(folder, 'tls') },
  )
  return { starts: { metadata, serve }, megabytes: Math.round(statSync(executable).size / 1e6) }
}

await runBench({
  help: HELP,
  flags: { runs: '40' },
  heading: 'Start of the program',
  measure: async (flags, { date, machine }) => {
    const runs = readNumber('runs', flags.runs, 10)
    const folder = mkdtempSync(join(tmpdir(), 'bench-start-'))
    try {
      const { starts, megabytes } = await measureAll(folder, runs)
      return { table: startTables(starts), section: startSection(starts, { runs, date, machine, megabytes }) }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
