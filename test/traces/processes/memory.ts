import { execFileSync } from 'node:child_process'

/** The memory that a process has in RAM now, in MiB. */
export function residentMib(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) / 1024
}
