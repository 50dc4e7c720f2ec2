import { median, quantile } from '../statistics.ts'
import { CASES, type Case, KINDS, type Kind, type Latency } from './measure-latency.ts'

const GOAL_MS = 1

/** What was compared with no configurations, of one kind of create: all in milliseconds. */
interface Comparison {
  readonly kind: Kind
  readonly of: Case
  readonly without: number
  readonly with: number
  /** The median of the rounds' differences between medians, with the least and the greatest of them. */
  readonly added: readonly [middle: number, least: number, greatest: number]
  /** Difference between the p99 of all rounds together. */
  readonly addedP99: number
}

/** The result as a Markdown table, for the terminal and the page alike. */
export function latencyTable(latency: Latency): string {
  const rows = KINDS.flatMap((kind) => CASES.filter((one) => one !== 'none').map((of) => compare(latency, kind, of)))
  const ms = (value: number) => value.toFixed(2)
  const lines = rows.map(({ kind, of, added: [middle, least, greatest], ...row }) => {
    const ratio = (row.with / row.without).toFixed(2)
    const range = `**${ms(middle)}** (${ms(least)} to ${ms(greatest)})`
    return `| ${kind} | ${of} | ${ms(row.without)} | ${ms(row.with)} | ${range} | ${ratio} | ${ms(row.addedP99)} |`
  })
  return [
    '| create | Pods | median without, ms | median with, ms | added at the median, ms | ratio | added at p99, ms |',
    '|---|---|---|---|---|---|---|',
    ...lines,
    '',
    `The API server’s own mean of a call of ours: ${ms(latency.callMs)} ms (${latency.calls} calls); of that the injector: ${ms(latency.answerMs)} ms.`,
    '',
  ].join('\n')
}

/** The section of docs/benchmarks.md. */
export function latencySection(
  latency: Latency,
  run: { readonly rounds: number; readonly pods: number; readonly date: string; readonly machine: string },
): string {
  const worst = Math.max(...KINDS.map((kind) => compare(latency, kind, 'traced').added[0]))
  const verdict = worst <= GOAL_MS ? 'met' : `missed, by ${(worst - GOAL_MS).toFixed(2)} ms`
  return `\`npm run bench:cluster\`, ${run.date}, ${run.machine}: one API server 1.37.2 with etcd, the injector and the client share
the machine. ${run.rounds} rounds; in each ${run.pods} Pods of each row, one after the other, without the webhook configurations before and
after those with them. The Pods have a proxy already, so that Linkerd’s own injector is not measured. The empty webhook reads the
review and allows the Pod, on Node’s own HTTPS server: what it adds is the API server’s call, two processes that wake each other
and JSON both ways, about the least that a webhook on Node can add. “Fixed patch” is the same with our patch for that Pod, made beforehand: what it adds
beyond the empty one is the API server’s own work of applying it; what we add beyond that is ours.

${latencyTable(latency)}
Goal: at most ${GOAL_MS} ms at the median; ${verdict}. “With” and “without” are medians of all rounds together; “added” is the median of the
rounds’ own differences, with the least and the greatest.
`
}

function compare({ rounds }: Latency, kind: Kind, of: Case): Comparison {
  const all = (one: Case) => rounds.flatMap((round) => round[kind][one])
  const differences = rounds.map((round) => median(round[kind][of]) - median(round[kind].none))
  return {
    kind,
    of,
    without: median(all('none')),
    with: median(all(of)),
    added: [median(differences), Math.min(...differences), Math.max(...differences)],
    addedP99: quantile(all(of), 0.99) - quantile(all('none'), 0.99),
  }
}
