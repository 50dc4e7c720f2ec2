import { median } from '../statistics.ts'
import type { Payload, Sample } from './measure-servers.ts'
import { SERVERS, type ServerName } from './servers.ts'

/** CPU for each request, against the floor's, at 8 in flight. */
export const CPU_GOAL = 1.15
/** The same of the 99th percentile. */
export const P99_GOAL = 1.25
export const GOAL_CLIENTS = 8

type Figure = 'cpuMs' | 'perSecond' | 'p50Ms' | 'p99Ms' | 'peakMiB'

interface Place {
  readonly payload: Payload
  readonly clients: number
}

/** How far a server is from the floor at one place: the median of the rounds' ratios. */
export interface Ratio extends Place {
  readonly server: ServerName
  readonly cpu: number
  readonly p99: number
}

/** Takes all samples, gives the ratios against the floor of the same rounds. */
export function ratios(samples: readonly Sample[]): Ratio[] {
  return places(samples).flatMap((place) =>
    SERVERS.map((server) => ({
      ...place,
      server,
      cpu: ratio(samples, { ...place, server }, 'cpuMs'),
      p99: ratio(samples, { ...place, server }, 'p99Ms'),
    })),
  )
}

function ratio(
  samples: readonly Sample[],
  { server, ...place }: Place & { server: ServerName },
  figure: Figure,
): number {
  const floor = valuesOf(samples, { ...place, server: SERVERS[0] }, figure)
  return median(
    valuesOf(samples, { ...place, server }, figure).map((value, round) => value / (floor[round] ?? Number.NaN)),
  )
}

/** The result as a Markdown table, for the terminal and the page alike. */
export function webhookTable(samples: readonly Sample[]): string {
  const rows = ratios(samples).map(({ payload, clients, server, cpu, p99 }) => {
    const middle = (figure: Figure, digits: number) =>
      median(valuesOf(samples, { payload, clients, server }, figure)).toFixed(digits)
    return `| ${payload} | ${clients} | ${server} | ${middle('cpuMs', 3)} | ${cpu.toFixed(2)} | ${middle('perSecond', 0)} | ${middle('p50Ms', 2)} | ${middle('p99Ms', 2)} | ${p99.toFixed(2)} | ${middle('peakMiB', 0)} |`
  })
  return [
    '| Pod | in flight | server | CPU a request, ms | × floor | requests a second | p50, ms | p99, ms | × floor | peak MiB |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** Gives a sentence for each goal: met, or missed where and by how much. */
export function verdicts(samples: readonly Sample[]): string[] {
  const ours = ratios(samples).filter(({ server }) => server === 'linkerd-tracing')
  const atGoal = ours.filter(({ clients }) => clients === GOAL_CLIENTS)
  return [
    verdict(`CPU a request at most ${CPU_GOAL} × the floor on each payload`, ours, { figure: 'cpu', goal: CPU_GOAL }),
    verdict(`p99 at ${GOAL_CLIENTS} in flight at most ${P99_GOAL} × the floor`, atGoal, {
      figure: 'p99',
      goal: P99_GOAL,
    }),
  ]
}

function verdict(
  text: string,
  rows: readonly Ratio[],
  { figure, goal }: { figure: 'cpu' | 'p99'; goal: number },
): string {
  const missed = rows.filter((row) => row[figure] > goal)
  const where = missed.map(({ payload, clients, [figure]: value }) => `${payload} at ${clients}: ${value.toFixed(2)}`)
  return `Goal: ${text}: ${missed.length === 0 ? 'met' : `missed (${where.join(', ')})`}.`
}

/** The section of docs/benchmarks.md. */
export function webhookSection(
  samples: readonly Sample[],
  run: { rounds: number; date: string; machine: string },
): string {
  return `\`npm run bench:webhook\`, ${run.date}, ${run.machine}: servers on one core, load on the other, over TLS and kept HTTP/1.1 connections, in
turn, ${run.rounds} rounds. linkerd-tracing runs as shipped: it logs and counts each decision, checks the whole review, and answers with a
patch. All Pods are of one workload, as in a rollout: they differ in what Pods of a ReplicaSet differ in, and from the third on each is
answered as the one before. “new workloads” is the same server when each Pod is the first of its workload, and is decided for
itself: the goals say nothing of these. The floor is Node’s own HTTPS server with JSON.parse, which answers the uid; “fastify” and “go” do the same with Fastify as it
comes and with Go’s net/http. Figures are medians of the rounds, “× floor” medians of the rounds’ ratios.

${webhookTable(samples)}
${verdicts(samples).join('\n')}
`
}

function places(samples: readonly Sample[]): Place[] {
  const seen = new Map(samples.map(({ payload, clients }) => [`${payload} ${clients}`, { payload, clients }]))
  return [...seen.values()]
}

function valuesOf(samples: readonly Sample[], place: Place & { server: ServerName }, figure: Figure): number[] {
  return samples
    .filter(
      ({ payload, clients, server }) =>
        payload === place.payload && clients === place.clients && server === place.server,
    )
    .map((sample) => sample[figure])
}
