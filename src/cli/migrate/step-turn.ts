import type { Step } from './migration-plan.ts'

export interface MigrateChoices {
  readonly isInstalled: boolean
  readonly restart: boolean
  readonly removeJaeger: boolean
}

/** Takes a step, gives who does it, as a person would type it. Pure. */
export function turnOf({ action, needs }: Step): string {
  if (action.do === 'by-hand') return 'by hand'
  const flags = [
    ...(needs.includes('restart') ? ['--restart'] : []),
    ...(needs.includes('remove-jaeger') ? ['--remove-jaeger'] : []),
  ]
  return ['--apply', ...flags].join(' ')
}

/** Takes a step, gives whether `--apply` does it with these choices, in this cluster. Pure. */
export function isDue({ action, needs }: Step, { isInstalled, restart, removeJaeger }: MigrateChoices): boolean {
  const isMet = { installed: isInstalled, restart, 'remove-jaeger': removeJaeger }
  return action.do !== 'by-hand' && needs.every((need) => isMet[need])
}
