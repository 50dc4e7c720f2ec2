import { readFileSync } from 'node:fs'

/** Of Linux everywhere, whatever the kernel counts by: USER_HZ. */
const TICKS_A_SECOND = 100

/** Takes the id of a process, gives the CPU time that all of its threads have taken so far, in seconds. Linux only. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name, in brackets, may have blanks of its own; utime and stime are the 12th and 13th field behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}
