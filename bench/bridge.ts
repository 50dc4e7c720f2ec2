// npm run bench:bridge: what a span costs the bridge, beside the collector's own receiver.
import { readNumber, runBench } from './bench-command.ts'
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

await runBench({
  help: HELP,
  flags: { rounds: '7', messages: '200' },
  heading: 'The bridge beside the collector',
  measure: async (flags, { say, date, machine }) => {
    if (process.platform !== 'linux') throw new Error('CPU time of a process is read from /proc, which only Linux has.')
    const rounds = readNumber('rounds', flags.rounds, 5)
    const messages = readNumber('messages', flags.messages, 20)
    const measured = await measureBridge({ rounds, messages, say })
    return { table: bridgeTable(measured), section: bridgeSection(measured, { messages, date, machine }) }
  },
})
