import { median } from '../statistics.ts'
import type { StatMeasured, StatRun } from './measure-stat.ts'

const GOAL_MS = 3_000
const GOAL_MIB = 200

/** Gives the table. */
export function statTable({ questions }: StatMeasured): string {
  const rows = [...questions].map(([name, runs]) => {
    const times = (['ms', 'cpuMs', 'jaegerCpuMs'] as const).map((figure) => seconds(middle(runs, figure)))
    return `| ${name} | ${times.join(' | ')} | ${middle(runs, 'mib').toFixed(0)} |\n`
  })
  return `| question | median, s | CPU of \`stat\`, s | CPU of Jaeger, s | most memory, MiB |\n|---|---|---|---|---|\n${rows.join('')}`
}

/** Gives the section of docs/benchmarks.md. */
export function statSection(
  measured: StatMeasured,
  { runs, date, machine }: { readonly runs: number; readonly date: string; readonly machine: string },
): string {
  const { spans, traces, servicesOfTrace, questions, load } = measured
  // Times then say more about the others; CPU times are too high as well, where cores share their units.
  const others = load < 1 ? '' : `Others used the machine meanwhile: load ${load.toFixed(0)} at the start. `
  const [own = [], ...withJaeger] = [...questions.values()]
  const most = Math.max(...[...questions.values()].flat().map(({ mib }) => mib))
  return `\`npm run bench:stat\`, ${date}, ${machine}: \`stat\` over ${spans} spans of ${traces} traces, ${runs} times each in turn, as a process from start to exit.
Jaeger runs on the same machine, keeps its traces in memory, and takes most of the time: it copies, sorts and encodes every span that it
sends. Of the 2.0 line, the newest that can be built here, it sends a trace once for each of its services (${servicesOfTrace.toFixed(1)} at the mean); the newest
of all search all services at once. ${others}In the first row a server of ours has all answers ready: what is left is \`stat\` itself.

${statTable(measured)}
Goal: at most ${GOAL_MS / 1000} s: \`stat\` itself ${verdict(own)}, with Jaeger’s time ${withJaeger.map(verdict).join(' and ')}.
Goal: at most ${GOAL_MIB} MiB of memory: ${most <= GOAL_MIB ? 'met' : `missed, ${most.toFixed(0)} MiB`}.
`
}

function verdict(runs: readonly StatRun[]): string {
  const ms = middle(runs, 'ms')
  return ms <= GOAL_MS ? 'met' : `missed, ${seconds(ms)} s`
}

function middle(runs: readonly StatRun[], figure: keyof StatRun): number {
  return median(runs.map((run) => run[figure]))
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}
