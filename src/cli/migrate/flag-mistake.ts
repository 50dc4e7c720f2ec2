import type { MigrateFlags } from './migrate-run.ts'

/** Takes the flags of `migrate`, gives what is wrong with them together, in a sentence; undefined: nothing. Pure. */
export function flagMistake(flags: MigrateFlags): string | undefined {
  const { apply = false, restore, restart, removeJaeger, backup, dryRun, yes, output } = flags
  if (apply && restore !== undefined) return '--apply and --restore exclude each other'
  const isChanging = apply || restore !== undefined
  // A flag that would say nothing was meant to say something.
  const ofApply = saidOf({ '--restart': restart, '--remove-jaeger': removeJaeger, '--backup': backup })
  if (!apply && ofApply !== undefined) return `${ofApply} says how to --apply, which is not said`
  const ofBoth = saidOf({ '--dry-run': dryRun, '--yes': yes })
  if (!isChanging && ofBoth !== undefined)
    return `${ofBoth} goes with --apply or --restore; without them nothing is changed`
  // Whoever is asked sees the plan first, and JSON comes last.
  const isAsking = isChanging && saidOf({ yes, dryRun }) === undefined
  return isAsking && output === 'json' ? '-o json asks nobody: --yes does it, --dry-run shows what would be' : undefined
}

function saidOf(flags: Readonly<Record<string, unknown>>): string | undefined {
  return Object.entries(flags).find(([, value]) => value !== undefined)?.[0]
}
