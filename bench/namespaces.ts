// npm run bench:namespaces: what 100,000 Namespaces cost the webhook, on a real API server.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNumber, runBench } from './bench-command.ts'
import { measureNamespaces } from './namespaces/measure-namespaces.ts'
import { namespacesSection, namespacesTable } from './namespaces/namespaces-report.ts'
import { findBenchPrograms } from './webhook/programs.ts'

const HELP = `Usage: npm run bench:namespaces -- [flags]

Starts two clusters, writes Namespaces into one of them, starts an injector at each, and writes the section "Many Namespaces"
of docs/benchmarks.md: time and memory of the first sync, and what it does to latency. A run of the defaults takes about two
minutes. The first run builds the API server with Go (some minutes). Nothing else should run on the machine meanwhile. Linux
only.

  --namespaces N  how many (default: 100000)
  --rounds N      how often each injector is posted to (default: 7, at least 5)
  --requests N    reviews of each round (default: 2000)
  --clients N     requests in flight (default: 8)
  --no-write      print the table, and leave the page as it is
  -h, --help      this text
`

await runBench({
  help: HELP,
  flags: { namespaces: '100000', rounds: '7', requests: '2000', clients: '8' },
  heading: 'Many Namespaces',
  measure: async (flags, { say, date, machine }) => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-namespaces-'))
    const plan = {
      folder,
      say,
      program: (await findBenchPrograms(say)).load,
      payload: 'real' as const,
      namespaces: readNumber('namespaces', flags.namespaces, 1),
      rounds: readNumber('rounds', flags.rounds, 5),
      requests: readNumber('requests', flags.requests, 100),
      clients: readNumber('clients', flags.clients, 1),
    }
    try {
      const measured = await measureNamespaces(plan)
      const table = namespacesTable(measured, plan.namespaces)
      return { table, section: namespacesSection(measured, { ...plan, date, machine }) }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
