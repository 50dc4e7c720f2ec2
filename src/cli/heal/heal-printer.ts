import { stringify } from 'yaml'
import type { CliContext } from '../context.ts'
import { noteLine } from '../note-line.ts'
import type { WorkloadName } from '../pod-coverage/workload.ts'
import type { FoundMissed } from './find-missed.ts'
import { healReport } from './heal-report.ts'
import type { HealFlags } from './heal-run.ts'
import type { Healing } from './heal-workloads.ts'
import { describedWorkload, leftBlock, printHealPlan } from './print-heal.ts'

/** Prints a healing as it goes, or as one document in the end. */
export interface HealPrinter {
  readonly plan: (found: FoundMissed) => void
  readonly healed: (workload: WorkloadName, ms: number) => void
  /** Without a healing nothing was done. */
  readonly end: (found: FoundMissed, healing?: Healing) => void
}

/** Takes flags and streams, gives what prints in the format that is wanted. */
export function createHealPrinter({ output, dryRun = false }: HealFlags, { stdout, stderr }: CliContext): HealPrinter {
  const note = ({ coverage }: FoundMissed) => {
    for (const text of coverage.notes) stderr.write(noteLine(text))
  }
  if (output !== 'table') {
    return {
      plan: () => {},
      healed: () => {},
      end: ({ coverage, plan }, healing) => {
        const report = healReport({ plan, healing, notes: coverage.notes })
        stdout.write(output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : stringify(report))
      },
    }
  }
  return {
    plan: (found) => {
      note(found)
      stdout.write(printHealPlan(found.plan, dryRun))
    },
    healed: (workload, ms) =>
      void stdout.write(`${describedWorkload(workload)} restarted, and traced (${Math.round(ms / 1_000)} s)\n`),
    end: (_found, healing) => {
      if (healing !== undefined && healing.left.length > 0) stdout.write(`\n${leftBlock(healing.left)}\n`)
    },
  }
}
