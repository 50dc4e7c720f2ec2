import { parseArgs } from 'node:util'
import { machine, writeSection } from './benchmarks-page.ts'

/** What a run is told beside its flags. */
export interface BenchRun {
  readonly say: (text: string) => void
  /** `2026-11-22` */
  readonly date: string
  /** Of the text beside the figures: cores and Node. */
  readonly machine: string
}

export interface BenchCommand<Flag extends string> {
  readonly help: string
  /** The flags that take a value, with their defaults; each has `--no-write` and `--help` too. */
  readonly flags: Readonly<Record<Flag, string>>
  /** Heading of its section in docs/benchmarks.md. */
  readonly heading: string
  /** Gives the table for the terminal, and the section's text. */
  readonly measure: (flags: Readonly<Record<Flag, string>>, run: BenchRun) => Promise<Measured>
}

export interface Measured {
  readonly table: string
  readonly section: string
}

/** Runs a benchmark as a program: reads its flags, prints its table, writes its section, and ends the process. */
export async function runBench<Flag extends string>(command: BenchCommand<Flag>): Promise<never> {
  const say = (text: string) => process.stderr.write(`bench: ${text}\n`)
  try {
    await measured(command, say)
    process.exit(0)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    process.exit(1)
  }
}

async function measured<Flag extends string>(command: BenchCommand<Flag>, say: BenchRun['say']): Promise<void> {
  const { values } = parseArgs({ options: { ...optionsOf(command.flags), ...SWITCHES } })
  if (values['help'] === true) return void process.stdout.write(command.help)
  const run = { say, date: new Date().toISOString().slice(0, 10), machine: machine() }
  const { table, section } = await command.measure(values as Record<Flag, string>, run)
  process.stdout.write(`${table.trimEnd()}\n`)
  if (values['no-write'] === true) return
  writeSection(command.heading, section)
  say('docs/benchmarks.md is written')
}

const SWITCHES = {
  'no-write': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

function optionsOf(flags: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(flags).map(([flag, value]) => [flag, { type: 'string' as const, default: value }]),
  )
}

/** Takes a flag's text, gives the number; throws a sentence when it is less than that, or none. */
export function readNumber(flag: string, text: string, least: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < least)
    throw new Error(`--${flag} must be a number from ${least}, not ${text}.`)
  return number
}
