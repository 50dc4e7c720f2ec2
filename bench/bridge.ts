// npm run bench:bridge: what a span costs the bridge, beside the collector's own receiver.
import { parseArgs } from 'node:util'
import { machine, writeSection } from './benchmarks-page.ts'
import { bridgeSection, bridgeTable } from './bridge/bridge-report.ts'
import { measureBridge } from './bridge/measure-bridge.ts'

const HELP = `Usage: npm run bench:bridge -- [flags]

Sends the same spans to the bridge, as OpenCensus, and to the collector, as OTLP, in turns of one run, and writes the section
"The bridge beside the collector" of docs/benchmarks.md. A run of the defaults takes about two minutes. The first run
builds the collector with Go (some minutes). Nothing else should run on the machine meanwhile. Linux only.

  --rounds N      how often each server takes its turn (default: 7, at least 5)
  --messages N    messages of 300 spans in a turn (default: 200)
  --no-write      print the table, and leave the page as it is
  -h, --help      this text
`

const say = (text: string) => process.stderr.write(`bench: ${text}\n`)

function readFlags() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      messages: { type: 'string', default: '200' },
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
  if (process.platform !== 'linux') throw new Error('CPU time of a process is read from /proc, which only Linux has.')
  const rounds = readNumber('rounds', flags.rounds, 5)
  const messages = readNumber('messages', flags.messages, 20)
  const measured = await measureBridge({ rounds, messages, say })
  process.stdout.write(bridgeTable(measured))
  if (flags['no-write']) return
  const date = new Date().toISOString().slice(0, 10)
  writeSection('The bridge beside the collector', bridgeSection(measured, { messages, date, machine: machine() }))
  say('docs/benchmarks.md is written')
}

try {
  await main()
  process.exit(0)
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
