import { stringify } from 'yaml'
import type { CliContext } from '../context.ts'
import type { LinkerdFlags } from '../linkerd-flags.ts'
import { openCluster } from '../open-cluster.ts'
import { type Coverage, collectCoverage } from '../pod-coverage/collect-coverage.ts'
import { countOf, FAULTY_STATES } from '../pod-coverage/pod-state.ts'
import { createProgressLine } from '../progress-line.ts'
import { isColoured, isTerminal } from '../terminal.ts'
import { printStatus } from './print-status.ts'
import type { StatusOutput } from './status-outputs.ts'
import { statusReport } from './status-report.ts'

export interface StatusFlags extends LinkerdFlags {
  readonly output: StatusOutput
}

/** Exit codes of `status`, as its help and docs/status.md list them. */
export const STATUS_EXIT = { covered: 0, error: 1, uncovered: 2 } as const

/** Takes the flags of `status` and the Namespaces (none: all), prints what became of their Pods, gives the exit code. */
export async function runStatus(names: readonly string[], flags: StatusFlags, context: CliContext): Promise<number> {
  const { stdout, stderr } = context
  const { view, close } = openCluster(flags, context)
  const progress = createProgressLine({
    write: (text) => void stderr.write(text),
    isTerminal: isTerminal(stderr),
    now: () => performance.now(),
  })
  const namespaces = names.length === 0 ? undefined : [...new Set(names)]
  const { linkerdNamespace, output } = flags
  let coverage: Coverage
  try {
    coverage = await collectCoverage({ cluster: view, linkerdNamespace, namespaces, onProgress: progress.show })
  } finally {
    progress.clear()
    close()
  }
  if (output === 'table') {
    for (const note of coverage.notes) stderr.write(`note: ${note}\n`)
    stdout.write(printStatus(coverage, { hasColour: isColoured(context), isDetailed: namespaces !== undefined }))
  } else {
    const report = statusReport(coverage)
    stdout.write(output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : stringify(report))
  }
  return countOf(coverage.totals, FAULTY_STATES) === 0 ? STATUS_EXIT.covered : STATUS_EXIT.uncovered
}
