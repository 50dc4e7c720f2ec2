import type { Posted } from '../post-load.ts'
import { median } from '../statistics.ts'
import type { NamespacesPlan, Served } from './measure-namespaces.ts'

/** Goals of the product. */
const SYNC_GOAL_S = 10
const MEMORY_GOAL_MIB = 60
/** What a busy machine makes of two servers that are the same. */
const NO_EFFECT = 1.1

export interface MeasuredNamespaces {
  readonly few: Served
  readonly many: Served
}

/** The result as a Markdown table, for the terminal and the page alike. */
export function namespacesTable({ few, many }: MeasuredNamespaces, namespaces: number): string {
  const row = (name: string, { readyMs, memory, rounds, ...cpu }: Served) => {
    const figures = [
      ...[readyMs / 1000, cpu.cpuSeconds, cpu.clusterCpuSeconds].map((seconds) => seconds.toFixed(1)),
      ...[memory.resident, memory.own, memory.peak].map((mib) => mib.toFixed(0)),
      middle(rounds, ({ cpuMs, requests }) => cpuMs / requests).toFixed(3),
      ...[middle(rounds, ({ p50Ms }) => p50Ms), middle(rounds, ({ p99Ms }) => p99Ms)].map((ms) => ms.toFixed(2)),
    ]
    return `| ${[name, ...figures].join(' | ')} |`
  }
  return [
    '| Namespaces | start to ready, s | its CPU then, s | that of API server and etcd, s | memory, MiB | its own, MiB | peak of the sync, MiB | CPU a request, ms | p50, ms | p99, ms |',
    '|---|---|---|---|---|---|---|---|---|---|',
    row('a few', few),
    row(namespaces.toLocaleString('en'), many),
    '',
  ].join('\n')
}

/** The section of docs/benchmarks.md. */
export function namespacesSection(
  measured: MeasuredNamespaces,
  run: NamespacesPlan & { date: string; machine: string },
): string {
  const { few, many } = measured
  const seconds = many.readyMs / 1000
  const more = many.memory.resident - few.memory.resident
  const ratio = (figureOf: (posted: Posted) => number) =>
    median(many.rounds.map((posted, round) => figureOf(posted) / figureOf(few.rounds[round] as Posted)))
  const [p50, p99] = [ratio(({ p50Ms }) => p50Ms), ratio(({ p99Ms }) => p99Ms)]
  const verdict = (isMet: boolean) => (isMet ? 'met' : 'missed')
  return `\`npm run bench:namespaces\`, ${run.date}, ${run.machine}. Two API servers with etcd on this machine, and an injector at each, as the image
runs it. Each Namespace has about 1 KiB, with what \`kubectl apply\` leaves behind; a third of them opt in. They are listed 1,000 at a
time, by their metadata, and each is reduced at once to what decisions depend on. Then ${run.requests.toLocaleString('en')} reviews a round, ${run.clients} in flight, go to the two
injectors in turn, ${run.rounds} rounds; “its own” memory is without what is read from files.

${namespacesTable(measured, run.namespaces)}
Goal: the first sync within ${SYNC_GOAL_S} s, from the process’s start: ${verdict(seconds <= SYNC_GOAL_S)}. Goal: at most ${MEMORY_GOAL_MIB} MiB more after it: ${verdict(more <= MEMORY_GOAL_MIB)}, it is ${more.toFixed(0)}.
Goal: no effect on latency: ${verdict(p50 <= NO_EFFECT)}, p50 is ${p50.toFixed(2)} times and p99 ${p99.toFixed(2)} times that with a few (medians of the rounds’ ratios).
`
}

function middle(rounds: readonly Posted[], figureOf: (posted: Posted) => number): number {
  return median(rounds.map(figureOf))
}
