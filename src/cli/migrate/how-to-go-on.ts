import type { MigrateFlags } from './migrate-run.ts'

export interface WayOn {
  readonly flags: Pick<MigrateFlags, 'backup'>
  /** The file of what was changed; undefined where nothing is to be taken back. */
  readonly backup: string | undefined
  /** What has to be so before. */
  readonly once?: string
}

/** Takes how a migration was begun that did not come to its end, gives how to go on, or back. Pure. */
export function howToGoOn({ flags, backup, once }: WayOn): string {
  // A backup of before is not overwritten.
  const again = flags.backup === undefined ? 'the same command' : 'the same command and another --backup'
  const back = backup === undefined ? '' : `, or take it back: linkerd-tracing migrate --restore ${backup}`
  return `Go on with ${again}${once === undefined ? '' : ` once ${once}`}${back}`
}
