import { fitSlope, type Slope } from '../statistics.ts'
import type { MeasuredMemory, MemoryPlan, MemorySample } from './measure-memory.ts'

/** Goals of the product: the most under load; and flat: a server that answers a million Pods a day grows by less than this. */
const PEAK_GOAL_MIB = 150
const SLOPE_GOAL_BYTES = 2
/** The first tenth compiles what is used often and fills caches: it is no leak. */
const SETTLED_PART = 0.1

/** The result as a Markdown table, for the terminal and the page alike. */
export function memoryTable({ idleMiB, samples, peakMiB }: MeasuredMemory): string {
  const rows = samples
    .filter((_, index) => (index + 1) % Math.ceil(samples.length / 10) === 0)
    .map(
      (sample) =>
        `| ${sample.requests.toLocaleString('en')} | ${sample.heldMiB.toFixed(1)} | ${sample.residentMiB.toFixed(1)} |`,
    )
  return [
    '| requests | held after a collection, MiB | in RAM then, MiB |',
    '|---|---|---|',
    ...rows,
    '',
    `Idle, before the first request: ${idleMiB.toFixed(0)} MiB in RAM. At most, while requests came: ${peakMiB.toFixed(0)} MiB.`,
    `Growth for each request: held ${shown(slopeOf(samples, 'heldMiB'))}, in RAM ${shown(slopeOf(samples, 'residentMiB'))}.`,
    '',
  ].join('\n')
}

/** The section of docs/benchmarks.md. */
export function memorySection(measured: MeasuredMemory, run: MemoryPlan & { date: string; machine: string }): string {
  const { samples, peakMiB } = measured
  const { slope, within } = slopeOf(samples, 'heldMiB')
  const flat = slope + within <= SLOPE_GOAL_BYTES ? 'met' : 'missed'
  const flags = run.nodeFlags.length === 0 ? '' : `, Node with \`${run.nodeFlags.join(' ')}\``
  return `\`npm run bench:memory\`, ${run.date}, ${run.machine}${flags}: one server as shipped, on one core, answers ${run.requests.toLocaleString('en')} reviews of the Pod
“${run.payload}”, ${run.clients} in flight, the load on the other core, in turn all of one workload and each the first of its own. ${samples.length} times between them all garbage is collected; the line through what is held
then, without the first tenth of the requests, is the growth, with its 95 % bounds.

${memoryTable(measured)}
Goal: flat, less than ${SLOPE_GOAL_BYTES} bytes a request at the upper bound: ${flat}. Goal: at most ${PEAK_GOAL_MIB} MiB under load: ${peakMiB <= PEAK_GOAL_MIB ? 'met' : 'missed'}.
`
}

function slopeOf(samples: readonly MemorySample[], figure: 'heldMiB' | 'residentMiB'): Slope {
  const all = samples.at(-1)?.requests ?? 0
  const settled = samples.filter(({ requests }) => requests > all * SETTLED_PART)
  return fitSlope(settled.map((sample) => [sample.requests, sample[figure] * 2 ** 20]))
}

function shown({ slope, within }: Slope): string {
  return `${slope.toFixed(2)} bytes (± ${within.toFixed(2)})`
}
