import { spawn } from 'node:child_process'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fillJaeger } from '../../test/traces/filled-jaeger.ts'
import { startJaeger } from '../../test/traces/processes/jaeger.ts'
import { startTraceRun } from '../../test/traces/processes/trace-run.ts'
import { shopTraces } from '../../test/traces/shop-traces.ts'
import { cpuSeconds } from '../bridge/cpu-time.ts'
import { servePrepared } from './prepared-answers.ts'

/** What one run took. */
export interface StatRun {
  readonly ms: number
  /** CPU time of `stat` alone. */
  readonly cpuMs: number
  /** CPU time that Jaeger took meanwhile; 0 where it was not asked. */
  readonly jaegerCpuMs: number
  /** At its highest. */
  readonly mib: number
}

export interface StatMeasured {
  readonly spans: number
  readonly traces: number
  /** Of how many services a trace has spans, at the mean: so often Jaeger of the 2.0 line sends it. */
  readonly servicesOfTrace: number
  readonly questions: ReadonlyMap<string, readonly StatRun[]>
  /** How many processes of others wanted to run, at the mean of the minute before. */
  readonly load: number
}

export interface StatPlan {
  readonly runs: number
  readonly spans: number
  readonly say: (text: string) => void
}

const MAIN = join(import.meta.dirname, '../../dist/main.js')
const TIME = ['--since', '2026-11-28T10:00:00Z', '--until', '2026-11-28T10:15:00Z']
/** Says on stderr, when all is done, what the process took. */
const TELL = 'data:text/javascript,process.on("exit",()=>process.stderr.write(JSON.stringify(process.resourceUsage())))'

/** Fills Jaeger, asks `stat` each question in turn. Rejects when one is not answered. */
export async function measureStat({ runs, spans, say }: StatPlan): Promise<StatMeasured> {
  const [load = 0] = loadavg()
  const shop = shopTraces({ spans })
  const run = await startTraceRun()
  const prepared = await servePrepared(shop.traces)
  try {
    say(`filling Jaeger with ${shop.spans.length} spans`)
    const server = await startJaeger(run)
    const jaeger = await fillJaeger(server, shop)
    const jaegerMs = () => cpuSeconds(server.process.pid) * 1000
    const questions = new Map([
      ['`stat` itself: all services, prepared answers', ['--jaeger-url', prepared.url]],
      ['all services, Jaeger of the 2.0 line', ['--jaeger-url', jaeger, '--timeout', '10m']],
      ['`--service web`, Jaeger of the 2.0 line', ['--jaeger-url', jaeger, '--timeout', '10m', '--service', 'web']],
    ])
    const taken = new Map([...questions.keys()].map((name) => [name, [] as StatRun[]]))
    for (let round = 1; round <= runs; round++) {
      say(`round ${round} of ${runs}`)
      for (const [name, words] of questions) taken.get(name)?.push(await runStat(words, jaegerMs))
    }
    return {
      spans: shop.spans.length,
      traces: shop.traces.length,
      servicesOfTrace: meanServices(shop),
      questions: taken,
      load,
    }
  } finally {
    prepared.close()
    await run.stop()
  }
}

async function runStat(words: readonly string[], jaegerMs: () => number): Promise<StatRun> {
  const [start, jaegerBefore] = [performance.now(), jaegerMs()]
  const child = spawn(process.execPath, ['--import', TELL, MAIN, 'stat', ...TIME, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => (stdout += String(text)))
  child.stderr.on('data', (text) => (stderr += String(text)))
  const code = await new Promise((resolve) => child.once('close', resolve))
  const ms = performance.now() - start
  if (code !== 0 || !stdout.includes('web')) throw new Error(`stat ended with ${code}: ${stderr}`)
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(stderr) as NodeJS.ResourceUsage
  return {
    ms,
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    jaegerCpuMs: jaegerMs() - jaegerBefore,
    mib: maxRSS / 1024,
  }
}

function meanServices({ traces }: ReturnType<typeof shopTraces>): number {
  const counts = traces.map(({ spans }) => new Set(spans.map(({ process: sender }) => sender.service)).size)
  return counts.reduce((sum, count) => sum + count, 0) / counts.length
}
