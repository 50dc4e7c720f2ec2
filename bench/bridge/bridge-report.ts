import { median } from '../statistics.ts'
import type { Round } from './measure-bridge.ts'
import { SERVERS, type ServerName } from './servers.ts'
import { SPANS_A_MESSAGE } from './span-messages.ts'

/** The bridge against the collector's receiver, in CPU for each span. */
const GOAL = 3

const WHAT: Readonly<Record<ServerName, string>> = {
  bridge: 'bridge: OpenCensus to OTLP',
  receiver: 'collector: OTLP receiver alone',
  'receiver and exporter': 'collector: OTLP receiver, batch, OTLP exporter',
  'as installed': 'collector as installed, with redaction',
}

/** The result as a Markdown table, for the terminal and the page alike. */
export function bridgeTable(rounds: readonly Round[]): string {
  const lines = SERVERS.map((name) => {
    const spans = spread(rounds.map((round) => round[name].spansASecond / 1000))
    const cpu = spread(rounds.map((round) => round[name].cpuMicros))
    const toReceiver = spread(rounds.map((round) => round[name].cpuMicros / round.receiver.cpuMicros))
    return `| ${WHAT[name]} | ${shown(spans, 0)} | ${shown(cpu, 2)} | ${shown(toReceiver, 2)} |`
  })
  return [
    '| server | thousand spans a second | CPU for a span, µs | CPU, as a multiple of the receiver’s |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}

/** The section of docs/benchmarks.md. */
export function bridgeSection(
  rounds: readonly Round[],
  run: { readonly messages: number; readonly date: string; readonly machine: string },
): string {
  const ratioTo = (name: ServerName) => median(rounds.map((round) => round.bridge.cpuMicros / round[name].cpuMicros))
  const ratio = ratioTo('receiver')
  const verdict = `${ratio <= GOAL ? 'met' : 'missed'}: it is ${ratio.toFixed(2)}`
  return `\`npm run bench:bridge\`, ${run.date}, ${run.machine}. The same spans as those of the control plane’s destination, ${SPANS_A_MESSAGE} a
message, go to each server as fast as it takes them, from four connections: ${(run.messages * SPANS_A_MESSAGE).toLocaleString('en')} in each turn. ${rounds.length} rounds, in which the
servers take turns and each begins one after the other; all of them run all the time, and client and sink share the machine with them.
CPU is that of the server’s own process, by the kernel’s count. A span counts when it was passed on, or with the receiver alone
when it was taken. The bridge is the shipped bundle; the collector is the tests’ own build of the same release.

${bridgeTable(rounds)}
Medians of the rounds, with the least and the greatest; multiples are of the same round. Goal: the bridge takes at most ${GOAL} times
the CPU of the collector’s OTLP receiver; ${verdict}. Beside a collector that does the same work, and passes on in batches what it
has received, it is ${ratioTo('receiver and exporter').toFixed(2)} times.
`
}

type Spread = readonly [middle: number, least: number, greatest: number]

function spread(values: readonly number[]): Spread {
  return [median(values), Math.min(...values), Math.max(...values)]
}

function shown([middle, least, greatest]: Spread, decimals: number): string {
  return `**${middle.toFixed(decimals)}** (${least.toFixed(decimals)} to ${greatest.toFixed(decimals)})`
}
