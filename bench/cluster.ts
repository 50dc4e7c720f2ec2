// npm run bench:cluster: what the webhook adds to the creation of a Pod, on a real API server.
import { readNumber, runBench } from './bench-command.ts'
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

await runBench({
  help: HELP,
  flags: { rounds: '7', pods: '150' },
  heading: 'Added latency of a Pod create',
  measure: async (flags, { say, date, machine }) => {
    const rounds = readNumber('rounds', flags.rounds, 5)
    const pods = readNumber('pods', flags.pods, 20)
    const latency = await measureLatency({ rounds, pods, say })
    return { table: latencyTable(latency), section: latencySection(latency, { rounds, pods, date, machine }) }
  },
})
