import { existsSync, readFileSync } from 'node:fs'

const TASKSET = '/usr/bin/taskset'

/**
 * Gives the words to put before a command so that it has a core of its own: the servers one, the load another, so that neither slows the
 * other down by more than it does on the wire. None where the machine cannot do it.
 * @param core the core's place among those that this process may use, from 0: a container need not have core 0 or 1
 */
export function onCore(core: number): readonly string[] {
  const number = existsSync(TASKSET) ? coresOf(readFileSync('/proc/self/status', 'utf8'))[core] : undefined
  return number === undefined ? [] : [TASKSET, '-c', String(number)]
}

/**
 * Reads the numbers of the cores that a process may use.
 * @param status the text of /proc/self/status; it has a line such as `Cpus_allowed_list: 0-1,8`
 *   (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html)
 */
export function coresOf(status: string): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\d.*)$/m.exec(status)?.[1]
  return (list?.split(',') ?? []).flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}
