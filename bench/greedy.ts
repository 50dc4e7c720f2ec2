// npm run bench:greedy: how long others wait for their answers, and what memory the server takes, among slow and greedy clients.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePorts } from '../test/cluster/control-plane/free-ports.ts'
import { startServer } from '../test/cluster/control-plane/server-process.ts'
import { waitUntil } from '../test/cluster/control-plane/wait-until.ts'
import { startWatchdog } from '../test/cluster/control-plane/watchdog.ts'
import { isListening } from '../test/cluster/processes-of.ts'
import { GREEDY, type GreedyClients, type Target } from '../test/http/greedy-clients.ts'
import { type ServedUnderGreed, serveUnderGreed } from '../test/http/under-greed.ts'
import { readNumber, runBench } from './bench-command.ts'
import { shippedProgram } from './shipped-program.ts'

const HELP = `Usage: npm run bench:greedy -- [flags]

Lets slow and greedy clients at the shipped server, one kind after the other, posts ordinary reviews meanwhile, each over a
connection of its own, and writes the section "Slow and greedy clients" of docs/benchmarks.md. A run takes about four minutes.

  --reviews N   ordinary reviews among each kind (default: 200)
  --clients N   greedy clients of each kind (default: 200)
  --idle N      idle connections (default: 10000)
  --no-write    print the table, and leave the page as it is
  -h, --help    this text
`

const NOBODY: GreedyClients = { name: 'nobody else', start: async () => () => {} }

interface Plan {
  readonly reviews: number
  readonly clients: number
  readonly idle: number
}

/** Each kind at a server of its own, so that none is measured with what another has left. */
async function measureAll({ reviews, clients, idle }: Plan, folder: string): Promise<ServedUnderGreed[]> {
  const watchdog = startWatchdog(folder)
  const found: ServedUnderGreed[] = []
  try {
    for (const greedy of [NOBODY, ...GREEDY]) {
      const [port = 0, adminPort = 0] = await findFreePorts(2)
      const places = ['--port', `${port}`, '--admin-port', `${adminPort}`, '--cert-dir', join(folder, 'tls')]
      const [command, ...words] = shippedProgram()
      const args = [...words, 'serve', ...places]
      const logFile = join(folder, `log-${port}`)
      const server = startServer({ name: 'serve', command, args, logFile, watchdog })
      await waitUntil({ what: 'serve', limitMs: 20_000, context: server.logTail }, () => isListening(port))
      const target: Target = { port, ca: readFileSync(join(folder, 'tls/ca.crt'), 'utf8') }
      const count = greedy.name === 'idle connections' ? idle : clients
      found.push(await serveUnderGreed(greedy, { target, pid: server.pid, clients: count, reviews }))
      await server.end('SIGKILL')
    }
  } finally {
    await watchdog.end()
  }
  return found
}

function table(found: readonly ServedUnderGreed[]): string {
  const rows = found.map(({ name, clients, answered, unanswered, p50Ms, p99Ms, peakMib }) => {
    const count = name === NOBODY.name ? '' : clients.toLocaleString('en')
    const figures = [count, answered, unanswered.length, p50Ms.toFixed(1), p99Ms.toFixed(0), peakMib.toFixed(0)]
    return `| ${[name, ...figures].join(' | ')} |`
  })
  return [
    '| clients | how many | answered | not answered | p50 ms | p99 ms | MiB at most |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

await runBench({
  help: HELP,
  flags: { reviews: '200', clients: '200', idle: '10000' },
  heading: 'Slow and greedy clients',
  measure: async (flags, { date, machine }) => {
    const plan = {
      reviews: readNumber('reviews', flags.reviews, 1),
      clients: readNumber('clients', flags.clients, 1),
      idle: readNumber('idle', flags.idle, 1),
    }
    const folder = mkdtempSync(join(tmpdir(), 'linkerd-tracing-greedy-'))
    try {
      const text = table(await measureAll(plan, folder))
      const how = `\`npm run bench:greedy\`, ${date}, ${machine}; the clients ran on the same cores. Each review of the others comes over a
connection of its own, so a handshake is in its time. [Reliability](reliability.md) says which limits hold.`
      return { table: text, section: `${how}\n\n${text}` }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
