import { stringify } from 'yaml'
import type { ExplainOutput } from './explain-outputs.ts'
import type { JudgedLink, LinkOutcome } from './link.ts'
import { firstBroken } from './links.ts'

/** A Pod, and what became of each link between its label and its spans. */
export interface Explanation {
  readonly namespace: string
  readonly pod: string
  /** `deployment/web`, where that was asked for; it has so many Pods beside this one. */
  readonly workload?: string
  readonly others: number
  readonly links: readonly JudgedLink[]
}

export interface PrintOptions {
  readonly output: ExplainOutput
  /** For a terminal. */
  readonly hasColour: boolean
}

/** Takes an explanation, gives the text to print. Pure. */
export function printExplanation(explanation: Explanation, { output, hasColour }: PrintOptions): string {
  if (output === 'json') return `${JSON.stringify(plain(explanation), null, 2)}\n`
  if (output === 'yaml') return stringify(plain(explanation), { lineWidth: 0 })
  const { links } = explanation
  const lines = links.map((link) => lineOf(link, (result) => sign(result, hasColour)))
  return [headOf(explanation), '', ...lines, '', summaryOf(firstBroken(links), links), ''].join('\n')
}

function headOf({ namespace, pod, workload, others }: Explanation): string {
  const of = workload === undefined ? '' : `, of ${workload}${others === 0 ? '' : ` (the newest of ${others + 1})`}`
  return `pod/${pod} in Namespace ${namespace}${of}`
}

const SIGNS = { ok: '√', odd: '‼', broken: '×', unchecked: '‼' } as const
/** ANSI: green, yellow, red; as `check` has them. */
const COLOURS = { ok: 32, odd: 33, broken: 31, unchecked: 33 } as const

function sign(result: LinkOutcome['result'], hasColour: boolean): string {
  return hasColour ? `\u001b[${COLOURS[result]};1m${SIGNS[result]}\u001b[0m` : SIGNS[result]
}

function lineOf({ title, outcome }: JudgedLink, signOf: (result: LinkOutcome['result']) => string): string {
  const head = `${signOf(outcome.result)} ${title}`
  if (outcome.result === 'ok') return outcome.detail === undefined ? head : `${head} (${outcome.detail})`
  if (outcome.result === 'unchecked') return indented(head, `could not be checked: ${outcome.because}`)
  return indented(head, `${outcome.because}\nto do: ${outcome.advice}`)
}

function indented(head: string, text: string): string {
  return [head, ...text.split('\n').map((line) => `    ${line}`)].join('\n')
}

function summaryOf(broken: JudgedLink | undefined, links: readonly JudgedLink[]): string {
  const open = links.filter(({ outcome }) => outcome.result === 'unchecked').length
  if (broken === undefined)
    return open === 0 ? 'No link is broken.' : `No link is broken, as far as could be checked (${open} could not).`
  const advice = 'advice' in broken.outcome ? broken.outcome.advice : ''
  return `The first broken link: ${broken.title} (${broken.name})\nto do: ${advice}`
}

/** For machines: no signs, every link with its result. */
function plain({ namespace, pod, workload, links }: Explanation): object {
  return {
    namespace,
    pod,
    ...(workload !== undefined && { workload }),
    broken: firstBroken(links)?.name ?? null,
    links: links.map(({ name, title, outcome }) => ({ link: name, description: title, ...outcome })),
  }
}
