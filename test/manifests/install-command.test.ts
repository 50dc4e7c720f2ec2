import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OVERLAYS } from '../../scripts/manifests/overlays.ts'
import { shippedValues } from '../../scripts/manifests/shipped-values.ts'
import { installManifests } from '../../src/install/install-manifests.ts'
import { KEPT_VALUES } from '../../src/install/object-names.ts'
import { newFolder, runInProcess } from '../cli/cli-run.ts'
import { objectSet, parseObjects } from './object-set.ts'

// What Helm and kustomize render is compared with the builder; this ties the builder to the command.
test.each(OVERLAYS)(
  '$name: install prints it, and the ConfigMap with which it keeps its values',
  async ({ values }) => {
    const file = join(await newFolder(), 'values.yaml')
    await writeFile(file, JSON.stringify(values))
    const run = runInProcess(['install', '--values', file])
    expect(await run.returned).toBe(0)
    const { namespace } = shippedValues(values)
    const { [`/ConfigMap/${namespace}/${KEPT_VALUES}`]: kept, ...printed } = objectSet(parseObjects(run.stdout()))
    expect(kept).toBeDefined()
    expect(printed).toEqual(objectSet(installManifests(shippedValues(values))))
  },
)
