import { Option } from 'commander'
import { parseGoDuration } from '../go-duration.ts'

/** Images are pulled, a volume is made, and a certificate comes. */
const DEFAULT = '5m'

export interface WaitFlag {
  /** True when no duration is given. */
  readonly wait?: string | true
}

/** Gives the option that has `install` and `upgrade` wait for what is applied. */
export function waitOption(): Option {
  return new Option(
    '--wait [duration]',
    `After printing, wait until what kubectl applies of it is ready, at most so long (${DEFAULT}); progress goes to stderr.`,
  )
}

/** Takes the flag, gives how long to wait in milliseconds; undefined: not at all. Throws a sentence for what is no duration. */
export function waitMsOf({ wait }: WaitFlag): number | undefined {
  if (wait === undefined) return undefined
  const text = wait === true ? DEFAULT : wait
  const ms = parseGoDuration(text)
  if (ms === undefined) throw new Error(`--wait ${text} is no duration such as 5m, 90s or 0s`)
  return ms
}
