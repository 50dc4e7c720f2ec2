import { median, quantile } from '../statistics.ts'

/** Goal of the product for the single executable. */
const GOAL_MS = 100

/** Takes the times of each program, gives them as a table. */
export function startTable(times: ReadonlyMap<string, readonly number[]>): string {
  const rows = [...times].map(([name, all]) => {
    const figures = [Math.min(...all), median(all), quantile(all, 0.9)].map((ms) => ms.toFixed(0))
    return `| ${name} | ${figures.join(' | ')} |\n`
  })
  return `| started | least, ms | median, ms | nine of ten within, ms |\n|---|---|---|---|\n${rows.join('')}`
}

interface Measured {
  readonly runs: number
  readonly date: string
  readonly machine: string
  readonly megabytes: number
}

/** Takes the times of each program, gives the section of docs/benchmarks.md. */
export function startSection(times: ReadonlyMap<string, readonly number[]>, measured: Measured): string {
  const { runs, date, machine, megabytes } = measured
  const executable = median([...times.values()][0] ?? [])
  const verdict = executable < GOAL_MS ? 'met' : `missed, by ${(executable - GOAL_MS).toFixed(0)} ms`
  return `\`npm run bench:start\`, ${date}, ${machine}: \`linkerd-tracing _extension-metadata\`, which \`linkerd check\` runs on each of its calls, from
start to exit, ${runs} times each in turn. The single executable has ${megabytes} MB, nearly all of it Node.

${startTable(times)}
Goal: less than ${GOAL_MS} ms at the median for the single executable; ${verdict}.
`
}
