// The overlays of manifests/kustomize, built by kustomize itself.
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { OVERLAYS } from '../../scripts/manifests/overlays.ts'
import { shippedValues } from '../../scripts/manifests/shipped-values.ts'
import { installManifests } from '../../src/install/install-manifests.ts'
import type { Manifest } from '../../src/install/webhook-configurations.ts'
import { root } from '../source-files.ts'
import { objectSet, parseObjects } from './object-set.ts'
import { findManifestProgram } from './programs/manifest-programs.ts'
import { runProgram } from './run-program.ts'

let kustomize: string
beforeAll(async () => {
  kustomize = await findManifestProgram('kustomize')
}, 900_000)

async function build(overlay: string): Promise<Manifest[]> {
  const folder = join(root, 'manifests/kustomize/overlays', overlay)
  const { code, stdout, stderr } = await runProgram(kustomize, ['build', folder])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return parseObjects(stdout)
}

describe.each(OVERLAYS)('the overlay $name', ({ name, values }) => {
  let objects: Manifest[]
  beforeAll(async () => {
    objects = await build(name)
  })

  test('is what install prints for the same settings', () => {
    expect(objectSet(objects)).toEqual(objectSet(installManifests(shippedValues(values))))
  })

  test('has the Namespace first and the webhook configurations last, so that one apply will do', () => {
    const kinds = objects.map(({ kind }) => kind)
    expect(kinds.slice(-2)).toEqual(Array(2).fill('MutatingWebhookConfiguration'))
    expect(kinds.indexOf('Namespace')).toBe(kinds.includes('Namespace') ? 0 : -1)
  })
})
