import { setTimeout as sleep } from 'node:timers/promises'
import { startTraceRun } from '../../test/traces/processes/trace-run.ts'
import { cpuSeconds } from './cpu-time.ts'
import { sendByOpencensus, sendByOtlp } from './send-messages.ts'
import { SERVERS, type Server, type ServerName, startServers } from './servers.ts'
import { SPANS_A_MESSAGE, type SpanMessages, spanMessages } from './span-messages.ts'

/** What one server took for its turn in one round. */
export interface Turn {
  readonly spansASecond: number
  /** CPU of the server's process, in microseconds for each span. */
  readonly cpuMicros: number
}

export type Round = Readonly<Record<ServerName, Turn>>

export interface BridgeBenchOptions {
  readonly rounds: number
  /** Of each server's turn in a round. */
  readonly messages: number
  readonly say: (text: string) => void
}

/** Starts all servers, has them take the same spans in turns, and stops them. The first round warms up and does not count. */
export async function measureBridge({ rounds, messages, say }: BridgeBenchOptions): Promise<readonly Round[]> {
  const run = await startTraceRun()
  try {
    const servers = await startServers(run)
    const bodies = spanMessages()
    const measured: Round[] = []
    for (let round = 0; round <= rounds; round++) {
      const turns = new Map<ServerName, Turn>()
      // Each begins a round in its turn: whoever comes after another finds the machine as that one left it.
      const order = SERVERS.map((_, index) => SERVERS[(index + round) % SERVERS.length] as ServerName)
      for (const name of order) turns.set(name, await takeTurn(name, { server: servers[name], bodies, messages }))
      say(`round ${round} of ${rounds}${round === 0 ? ', to warm up' : ''}`)
      if (round > 0) measured.push(Object.fromEntries(turns) as Round)
    }
    return measured
  } finally {
    await run.stop()
  }
}

interface TurnParts {
  readonly server: Server
  readonly bodies: SpanMessages
  readonly messages: number
}

async function takeTurn(name: ServerName, { server, bodies, messages }: TurnParts): Promise<Turn> {
  const { address, pid } = server
  const spans = messages * SPANS_A_MESSAGE
  const doneBefore = await server.done()
  const [cpuBefore, startedMs] = [cpuSeconds(pid), performance.now()]
  if (name === 'bridge') await sendByOpencensus({ address, message: bodies.opencensus, times: messages })
  else await sendByOtlp({ address, message: bodies.otlp, times: messages })
  await untilDone(server, doneBefore + spans)
  const seconds = (performance.now() - startedMs) / 1000
  return { spansASecond: spans / seconds, cpuMicros: ((cpuSeconds(pid) - cpuBefore) * 1e6) / spans }
}

const LIMIT_MS = 120_000

/** Asks seldom: to tell its metrics costs the server time, too. */
async function untilDone(server: Server, spans: number): Promise<void> {
  const end = performance.now() + LIMIT_MS
  for (;;) {
    const done = await server.done()
    if (done === spans) return
    if (done > spans || performance.now() > end) throw new Error(`${done} spans were done with, not ${spans}.`)
    await sleep(100)
  }
}
