// npm run bench:webhook: what the webhook costs beside the least that an HTTPS server in Node can do.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { machine, writeSection } from './benchmarks-page.ts'
import { measureServers, PAYLOADS, type Payload } from './webhook/measure-servers.ts'
import { findBenchPrograms } from './webhook/programs.ts'
import { verdicts, webhookSection, webhookTable } from './webhook/report.ts'
import { startServers } from './webhook/servers.ts'

const HELP = `Usage: npm run bench:webhook -- [flags]

Posts AdmissionReviews to this webhook and to empty ones (Node, Fastify, Go), in turn, and writes the section "The webhook
beside empty ones" of docs/benchmarks.md. A run of the defaults takes about six minutes; Go builds the load generator the
first time. Nothing else should run on the machine meanwhile.

  --rounds N       how often each case is measured (default: 5)
  --clients LIST   requests in flight (default: 1,8,64)
  --payloads LIST  of ${PAYLOADS.join(', ')} (default: all)
  --ms N           how long each case takes in a round (default: 1200)
  --no-write       print the table, and leave the page as it is
  -h, --help       this text
`

const say = (text: string) => process.stderr.write(`bench: ${text}\n`)

function readFlags() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      clients: { type: 'string', default: '1,8,64' },
      payloads: { type: 'string', default: PAYLOADS.join(',') },
      ms: { type: 'string', default: '1200' },
      'no-write': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  return values
}

async function main(): Promise<void> {
  const flags = readFlags()
  if (flags.help) {
    process.stdout.write(HELP)
    return
  }
  const { load, emptyServer } = await findBenchPrograms(say)
  const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-bench-'))
  const servers = await startServers({ folder, emptyServer })
  try {
    const rounds = Number(flags.rounds)
    const samples = await measureServers({
      ...{ servers, load, rounds, say, milliseconds: Number(flags.ms) },
      clients: flags.clients.split(',').map(Number),
      payloads: flags.payloads.split(',').map(payloadOf),
    })
    process.stdout.write(`${webhookTable(samples)}\n${verdicts(samples).join('\n')}\n`)
    if (flags['no-write']) return
    const date = new Date().toISOString().slice(0, 10)
    writeSection('The webhook beside empty ones', webhookSection(samples, { rounds, date, machine: machine() }))
    say('docs/benchmarks.md is written')
  } finally {
    await servers.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

function payloadOf(name: string): Payload {
  const payload = PAYLOADS.find((one) => one === name)
  if (payload === undefined) throw new Error(`--payloads has ${name}; there are ${PAYLOADS.join(', ')}.`)
  return payload
}

try {
  await main()
  process.exit(0)
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
