import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TraceRun } from './trace-run.ts'

/** A span as OpenCensus itself knows it: programs/opencensus-client/main.go writes it. Times are nanoseconds, as text. */
export interface MadeSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly name: string
  /** 1 server, 2 client. */
  readonly kind: number
  readonly start: string
  readonly end: string
  readonly attributes: Readonly<Record<string, string | number | boolean>> | null
  readonly code: number
  readonly message: string
  readonly messageEvents: ReadonlyArray<{
    readonly sent: boolean
    readonly id: number
    readonly nanos: string
    readonly uncompressed: number
    readonly compressed: number
  }>
  readonly annotations: ReadonlyArray<{ readonly message: string; readonly nanos: string; readonly attributes: object }>
  readonly links: number
}

export interface OpencensusClient {
  readonly pid: number
  /** `127.0.0.1:PORT` of its gRPC server, which answers health checks. */
  readonly address: string
  /** Has it do something (`rich`, `flush`, `spans 100`) and waits until it is done. */
  readonly tell: (command: string) => Promise<void>
  /** The spans that have ended so far; of a brief client their ids only. */
  readonly spans: () => readonly MadeSpan[]
  readonly end: () => void
}

export interface ClientOptions {
  /** Of the bridge. */
  readonly collector: string
  readonly serviceName?: string
  /** Whether it writes down no more than the ids of its spans. */
  readonly brief?: boolean
}

/** Starts a program that is traced as Linkerd's components are. It ends with this process at the latest. */
export async function startOpencensusClient(run: TraceRun, options: ClientOptions): Promise<OpencensusClient> {
  const { collector, serviceName = 'linkerd-destination', brief = false } = options
  const args = [`-trace-collector=${collector}`, `-service-name=${serviceName}`, `-brief=${brief}`]
  // No proxy variable of the machine may carry it elsewhere.
  const env = { ...process.env, NO_PROXY: '*' }
  const child = spawn(run.programs['opencensus-client'], args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const spans: MadeSpan[] = []
  const waiting: Array<(line: Line) => void> = []
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line | MadeSpan
    if ('spanId' in line) spans.push(line)
    else waiting.shift()?.(line)
  })
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`The OpenCensus client has ended (${code ?? signal}).`)))
  })
  ended.catch(() => {}) // heard by whoever waits for a line
  const nextLine = () => Promise.race([ended, new Promise<Line>((resolve) => waiting.push(resolve))])
  const { listening = '' } = await nextLine()
  return {
    pid: child.pid ?? 0,
    address: listening,
    tell: async (command) => {
      child.stdin.write(`${command}\n`)
      await nextLine()
    },
    spans: () => spans,
    end: () => child.kill('SIGTERM'),
  }
}

interface Line {
  readonly listening?: string
  readonly done?: string
}
