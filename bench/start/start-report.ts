import { median, quantile } from '../statistics.ts'
import { IDLE_MS, type ServeStart } from './measure-serve.ts'

/** Goals of the product: `_extension-metadata` of the single executable, `serve` from start to ready, its memory idle. */
const METADATA_GOAL_MS = 100
const READY_GOAL_MS = 200
const IDLE_GOAL_MIB = 80

/** The times of each program, and the starts of each `serve`. */
export interface Starts {
  readonly metadata: ReadonlyMap<string, readonly number[]>
  readonly serve: ReadonlyMap<string, readonly ServeStart[]>
}

interface Measured {
  readonly runs: number
  readonly date: string
  readonly machine: string
  readonly megabytes: number
}

/** Gives both tables, for the terminal. */
export function startTables({ metadata, serve }: Starts): string {
  return `${metadataTable(metadata)}\n${serveTable(serve)}`
}

/** Gives the section of docs/benchmarks.md. */
export function startSection({ metadata, serve }: Starts, measured: Measured): string {
  const { runs, date, machine, megabytes } = measured
  const executable = median([...metadata.values()][0] ?? [])
  return `\`npm run bench:start\`, ${date}, ${machine}: \`linkerd-tracing _extension-metadata\`, which \`linkerd check\` runs on each of its calls, from
start to exit, ${runs} times each in turn. The single executable has ${megabytes} MB, nearly all of it Node.

${metadataTable(metadata)}
Goal: less than ${METADATA_GOAL_MS} ms at the median for the single executable; ${executable < METADATA_GOAL_MS ? 'met' : `missed, by ${(executable - METADATA_GOAL_MS).toFixed(0)} ms`}.

\`serve\`, standalone with a certificate that is there already: from its start until \`/ready\` says 200, and its memory ${IDLE_MS / 1000} s later, without a
request. “Shared out” counts pages that other processes have in RAM as well by its share of them; “its own” is without what is
read from files, above all Node’s own text, which the kernel can drop and read again. “Without its cache” is a first start, and one where
the program’s folder cannot be written to, as in the image.

${serveTable(serve)}
Goal: ready within ${READY_GOAL_MS} ms at the median: ${verdict(serve, ({ readyMs }) => readyMs, READY_GOAL_MS)}.
Goal: at most ${IDLE_GOAL_MIB} MiB of memory idle: ${verdict(serve, ({ memory }) => memory.resident, IDLE_GOAL_MIB)}.
`
}

type Figure = (start: ServeStart) => number

function verdict(serve: Starts['serve'], figureOf: Figure, goal: number): string {
  const found = [...serve].map(([name, all]) => [name, middle(all, figureOf)] as const)
  const missed = found.filter(([, value]) => value > goal).map(([name, value]) => `${name}: ${value.toFixed(0)}`)
  return missed.length === 0 ? 'met' : `missed (${missed.join(', ')})`
}

function middle(starts: readonly ServeStart[], figureOf: Figure): number {
  return median(starts.map(figureOf))
}

function metadataTable(times: Starts['metadata']): string {
  const rows = [...times].map(([name, all]) => `| ${name} | ${spread(all)} |\n`)
  return `| started | least, ms | median, ms | nine of ten within, ms |\n|---|---|---|---|\n${rows.join('')}`
}

function serveTable(starts: Starts['serve']): string {
  const rows = [...starts].map(([name, all]) => {
    const memory = (['resident', 'share', 'own'] as const).map((part) => middle(all, (start) => start.memory[part]))
    return `| ${name} | ${[spread(all.map(({ readyMs }) => readyMs)), ...memory.map((mib) => mib.toFixed(0))].join(' | ')} |\n`
  })
  const columns = [
    'least, ms',
    'median, ms',
    'nine of ten within, ms',
    'memory, MiB',
    'shared out, MiB',
    'its own, MiB',
  ]
  return `| \`serve\` | ${columns.join(' | ')} |\n|---|---|---|---|---|---|---|\n${rows.join('')}`
}

function spread(all: readonly number[]): string {
  return [Math.min(...all), median(all), quantile(all, 0.9)].map((ms) => ms.toFixed(0)).join(' | ')
}
