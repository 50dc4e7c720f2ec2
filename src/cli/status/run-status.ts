import { stringify } from 'yaml'
import type { CliContext } from '../context.ts'
import { runHeal } from '../heal/run-heal.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { noteLine } from '../note-line.ts'
import { openCluster } from '../open-cluster.ts'
import { type Coverage, collectCoverage } from '../pod-coverage/collect-coverage.ts'
import { countOf, FAULTY_STATES } from '../pod-coverage/pod-state.ts'
import { progressOn } from '../show-progress.ts'
import { isColoured } from '../terminal.ts'
import { printStatus } from './print-status.ts'
import { STATUS_EXIT } from './status-exit.ts'
import type { StatusOutput } from './status-outputs.ts'
import { statusReport } from './status-report.ts'

export interface StatusFlags extends LinkerdFlags {
  readonly output: StatusOutput
  /** The same as Namespaces behind the command. */
  readonly namespace?: readonly string[]
  readonly heal?: boolean
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly timeout?: string
  readonly untraced?: boolean
}

/**
 * Takes the flags of `status` and the Namespaces (none: all), prints what became of their Pods, gives the exit code. With
 * `--heal` restarts what was missed instead.
 */
export async function runStatus(words: readonly string[], flags: StatusFlags, context: CliContext): Promise<number> {
  const names = [...new Set([...words, ...(flags.namespace ?? [])])]
  const namespaces = names.length === 0 ? undefined : names
  if (flags.heal === true) return runHeal(namespaces, flags, context)
  for (const flag of ['dryRun', 'yes', 'timeout', 'untraced'] as const)
    if (flags[flag] !== undefined)
      throw new Error(`${HEAL_FLAGS[flag]} goes with --heal only: status itself changes nothing`)
  return showStatus(namespaces, flags, context)
}

const HEAL_FLAGS = { dryRun: '--dry-run', yes: '--yes', timeout: '--timeout', untraced: '--untraced' } as const

async function showStatus(
  namespaces: readonly string[] | undefined,
  flags: StatusFlags,
  context: CliContext,
): Promise<number> {
  const { stdout, stderr } = context
  const { view, close } = openCluster(flags, context)
  const progress = progressOn(stderr)
  const { linkerdNamespace, output } = flags
  let coverage: Coverage
  try {
    coverage = await collectCoverage({ cluster: view, linkerdNamespace, namespaces, onProgress: progress.show })
  } finally {
    progress.clear()
    close()
  }
  if (output === 'table') {
    for (const note of coverage.notes) stderr.write(noteLine(note))
    stdout.write(printStatus(coverage, { hasColour: isColoured(context), isDetailed: namespaces !== undefined }))
  } else {
    const report = statusReport(coverage)
    stdout.write(output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : stringify(report))
  }
  return countOf(coverage.totals, FAULTY_STATES) === 0 ? STATUS_EXIT.covered : STATUS_EXIT.uncovered
}
