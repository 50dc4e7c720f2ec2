// npm run bench:webhook: what the webhook costs beside the least that an HTTPS server in Node can do.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNumber, runBench } from './bench-command.ts'
import { measureServers, PAYLOADS, type Payload } from './webhook/measure-servers.ts'
import { findBenchPrograms } from './webhook/programs.ts'
import { verdicts, webhookSection, webhookTable } from './webhook/report.ts'
import { startServers } from './webhook/servers.ts'

const HELP = `Usage: npm run bench:webhook -- [flags]

Posts AdmissionReviews to this webhook and to empty ones (Node, Fastify, Go), in turn, and writes the section "The webhook
beside empty ones" of docs/benchmarks.md. A run of the defaults takes about seven minutes; Go builds the load generator the
first time. Nothing else should run on the machine meanwhile.

  --rounds N       how often each case is measured (default: 5)
  --clients LIST   requests in flight (default: 1,8,64)
  --payloads LIST  of ${PAYLOADS.join(', ')} (default: all)
  --ms N           how long each case takes in a round (default: 1200)
  --no-write       print the table, and leave the page as it is
  -h, --help       this text
`

await runBench({
  help: HELP,
  flags: { rounds: '5', clients: '1,8,64', payloads: PAYLOADS.join(','), ms: '1200' },
  heading: 'The webhook beside empty ones',
  measure: async (flags, { say, date, machine }) => {
    const rounds = readNumber('rounds', flags.rounds, 1)
    const milliseconds = readNumber('ms', flags.ms, 100)
    const clients = flags.clients.split(',').map((text) => readNumber('clients', text, 1))
    const payloads = flags.payloads.split(',').map(payloadOf)
    const { load, emptyServer } = await findBenchPrograms(say)
    const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-bench-'))
    const servers = await startServers({ folder, emptyServer })
    try {
      const samples = await measureServers({ servers, load, rounds, say, milliseconds, clients, payloads })
      return {
        table: [webhookTable(samples), ...verdicts(samples)].join('\n'),
        section: webhookSection(samples, { rounds, date, machine }),
      }
    } finally {
      await servers.end()
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

function payloadOf(name: string): Payload {
  const payload = PAYLOADS.find((one) => one === name)
  if (payload === undefined) throw new Error(`--payloads has ${name}; there are ${PAYLOADS.join(', ')}.`)
  return payload
}
