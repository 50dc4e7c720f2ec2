// npm run bench:cluster: what the webhook adds to the creation of a Pod, on a real API server.
import { parseArgs } from 'node:util'
import { machine, writeSection } from './benchmarks-page.ts'
import { latencySection, latencyTable } from './cluster/latency-report.ts'
import { measureLatency } from './cluster/measure-latency.ts'

const HELP = `Usage: npm run bench:cluster -- [flags]

Creates Pods through a real API server, with and without the webhook configurations, in interleaved rounds of one run, and
writes the section "Added latency of a Pod create" of docs/benchmarks.md. A run of the defaults takes about two minutes.
The first run builds the API server with Go (some minutes). Nothing else should run on the machine meanwhile.

  --rounds N    how often each case is measured (default: 7, at least 5)
  --pods N      Pods of each case and round (default: 150)
  --no-write    print the table, and leave the page as it is
  -h, --help    this text
`

const say = (text: string) => process.stderr.write(`bench: ${text}\n`)

function readFlags() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      pods: { type: 'string', default: '150' },
      'no-write': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  return values
}

function readNumber(flag: string, text: string, least: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < least)
    throw new Error(`--${flag} must be a number from ${least}, not ${text}.`)
  return number
}

async function main(): Promise<void> {
  const flags = readFlags()
  if (flags.help) {
    process.stdout.write(HELP)
    return
  }
  const rounds = readNumber('rounds', flags.rounds, 5)
  const pods = readNumber('pods', flags.pods, 20)
  const latency = await measureLatency({ rounds, pods, say })
  process.stdout.write(latencyTable(latency))
  if (flags['no-write']) return
  const date = new Date().toISOString().slice(0, 10)
  writeSection('Added latency of a Pod create', latencySection(latency, { rounds, pods, date, machine: machine() }))
  say('docs/benchmarks.md is written')
}

try {
  await main()
  process.exit(0)
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
