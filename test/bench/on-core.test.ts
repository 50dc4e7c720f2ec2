import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { coresOf, onCore } from '../../bench/on-core.ts'

test.each([
  ['0-1', [0, 1]],
  ['5', [5]],
  ['2-3,8,10-11', [2, 3, 8, 10, 11]],
])('a process that may use the cores %s', (list, cores) => {
  expect(coresOf(`Name:\tnode\nCpus_allowed:\t3\nCpus_allowed_list:\t${list}\nMems_allowed:\t1\n`)).toEqual(cores)
})

test('a system that does not tell', () => {
  expect(coresOf('Name:\tnode\n')).toEqual([])
  expect(coresOf('Cpus_allowed_list:\t\n')).toEqual([])
})

test('a core that there is none of is not asked for', () => {
  expect(onCore(100_000)).toEqual([])
})

test.runIf(existsSync('/usr/bin/taskset'))('a command is kept to one core of ours', () => {
  const [command = '', ...words] = [...onCore(0), 'cat', '/proc/self/status']
  expect(coresOf(execFileSync(command, words, { encoding: 'utf8' }))).toHaveLength(1)
})
