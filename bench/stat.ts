// npm run bench:stat: how long `stat` takes over 50,000 spans, and what memory it takes.
import { readNumber, runBench } from './bench-command.ts'
import { measureStat } from './stat/measure-stat.ts'
import { statSection, statTable } from './stat/stat-report.ts'

const HELP = `Usage: npm run bench:stat -- [flags]

Fills Jaeger with traces of a made shop, runs \`stat\` over all of them, once for each kind of question in turn, and writes
the section "stat over 50,000 spans" of docs/benchmarks.md. Takes about two minutes. The first run builds Jaeger with Go
(some minutes). Nothing else should run on the machine meanwhile. Linux only.

  --runs N      how often each question is asked (default: 5, at least 3)
  --spans N     how many spans (default: 50000)
  --no-write    print the table, and leave the page as it is
  -h, --help    this text
`

await runBench({
  help: HELP,
  flags: { runs: '5', spans: '50000' },
  heading: 'stat over 50,000 spans',
  measure: async (flags, { say, date, machine }) => {
    if (process.platform !== 'linux') throw new Error('CPU time of a process is read from /proc, which only Linux has.')
    const runs = readNumber('runs', flags.runs, 3)
    const measured = await measureStat({ runs, spans: readNumber('spans', flags.spans, 100), say })
    return { table: statTable(measured), section: statSection(measured, { runs, date, machine }) }
  },
})
