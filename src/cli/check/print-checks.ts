import { printable, printableLines } from '../printable.ts'
import { HINTS } from './hints.ts'
import type { CheckLine, CheckReport } from './run-checks.ts'

/** The formats of `-o`, as Linkerd's own check has them. */
export const CHECK_OUTPUTS = ['table', 'json', 'short'] as const
export type CheckOutput = (typeof CHECK_OUTPUTS)[number]

export interface CheckPrinter {
  /** Gives the text of one more line, with the head of its category where that begins. */
  readonly line: (category: string, line: CheckLine) => string
  /** Gives what comes after the last one. */
  readonly end: (report: CheckReport) => string
}

/** Takes a format, gives what prints lines in it, each as soon as it is there. `hasColour`: for a terminal. */
export function createCheckPrinter(output: CheckOutput, hasColour: boolean): CheckPrinter {
  if (output === 'json') return { line: () => '', end: (report) => `${JSON.stringify(jsonOf(report), null, 2)}\n` }
  const sign = (result: CheckLine['result']) => (hasColour ? coloured(result) : SIGNS[result])
  let current = ''
  return {
    line: (category, line) => {
      if (output === 'short' && line.result === 'success') return ''
      const head = category === current ? '' : headOf(category, current !== '')
      current = category
      return `${head}${sign(line.result)} ${textOf(line)}`
    },
    end: ({ success }) => {
      // Linkerd's own parts the result from the checks, also where there is none.
      const gap = output === 'short' && current === '' ? '' : '\n'
      return `${gap}Status check results are ${sign(success ? 'success' : 'error')}\n`
    },
  }
}

const SIGNS = { success: '√', warning: '‼', error: '×' } as const
/** ANSI: green, yellow, red. */
const COLOURS = { success: 32, warning: 33, error: 31 } as const

function coloured(result: CheckLine['result']): string {
  return `\u001b[${COLOURS[result]};1m${SIGNS[result]}\u001b[0m`
}

function headOf(category: string, isLater: boolean): string {
  return `${isLater ? '\n' : ''}${category}\n${'-'.repeat(category.length)}\n`
}

const INDENT = '    '

function textOf({ description, detail, because, hint }: CheckLine): string {
  if (because === undefined) return `${description}${detail === undefined ? '' : ` (${printable(detail)})`}\n`
  const lines = [...printableLines(because).split('\n'), `see ${HINTS}${hint} for hints`]
  return [description, ...lines.map((line) => `${INDENT}${line}`), ''].join('\n')
}

/** The shape that `linkerd check` reads of its extensions. */
function jsonOf({ success, categories }: CheckReport): object {
  return {
    success,
    categories: categories.map(({ name, lines }) => ({
      categoryName: name,
      checks: lines.map(({ description, hint, result, because }) => ({
        description,
        ...(because === undefined ? {} : { hint: `${HINTS}${hint}`, error: because }),
        result,
      })),
    })),
  }
}
