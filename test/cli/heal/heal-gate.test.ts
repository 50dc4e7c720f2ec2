// Each case is a file: what is known of a workload that was missed, and whether it may be restarted.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { healGate } from '../../../src/cli/heal/heal-gate.ts'

const folder = join(import.meta.dirname, 'cases')

test.each(readdirSync(folder).map((file) => file.replace('.yaml', '')))('%s', (name) => {
  const { expected, ...facts } = parse(readFileSync(join(folder, `${name}.yaml`), 'utf8'))
  expect(healGate({ states: ['missed'], object: undefined, budgets: [], autoscalers: [], ...facts })).toEqual(expected)
})
