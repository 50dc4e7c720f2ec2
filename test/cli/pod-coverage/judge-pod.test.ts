// Each case is a file: a Namespace and a Pod as the API server has them, and what becomes of the Pod.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { judgePod } from '../../../src/cli/pod-coverage/judge-pod.ts'
import { knownNamespace } from '../../../src/cli/pod-coverage/known-namespace.ts'
import { INSTALL } from '../../injection/samples.ts'

const folder = join(import.meta.dirname, 'cases')

test.each(readdirSync(folder).map((file) => file.replace('.yaml', '')))('%s', (name) => {
  const { namespace, installedAt, settings, pod, expected } = parse(readFileSync(join(folder, `${name}.yaml`), 'utf8'))
  const installation = { settings: { ...INSTALL, ...settings }, installedAt: Date.parse(installedAt) }
  const known = knownNamespace(namespace, installation)
  expect(judgePod(pod, { namespace: known, settings: installation.settings })).toEqual(expected)
})
