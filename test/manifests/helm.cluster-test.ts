// The chart, rendered by Helm itself, says what `install` prints for the same values, and refuses what `install` refuses.
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { shippedValues } from '../../scripts/manifests/shipped-values.ts'
import { installManifests } from '../../src/install/install-manifests.ts'
import { ValuesError } from '../../src/install/values/value-mistake.ts'
import { arbitraryValues } from './arbitrary-values.ts'
import { BAD_VALUES } from './bad-values.ts'
import { comparable } from './comparable.ts'
import { helmTemplate, renderChart } from './helm-chart.ts'
import { type ObjectSet, parseObjects } from './object-set.ts'
import { findManifestProgram } from './programs/manifest-programs.ts'
import { type SaidValues, VALUE_SETS } from './value-sets.ts'

let helm: string
beforeAll(async () => {
  helm = await findManifestProgram('helm')
}, 900_000)

const installed = (values: SaidValues) => comparable(installManifests(shippedValues(values)))

describe.concurrent('the chart gives what install prints', () => {
  test.each(Object.entries(VALUE_SETS))('%s', async (_, values) => {
    expect(comparable(await renderChart(helm, values))).toEqual(installed(values))
  })

  test('a Namespace is in it only where that is asked for', async () => {
    const { '/Namespace//linkerd-tracing': namespace, ...others } = installed({})
    expect(namespace).toBeDefined()
    expect(comparable(await renderChart(helm, { createNamespace: false }))).toEqual(others)
  })
})

describe.concurrent('the chart refuses what install refuses', () => {
  test.each(BAD_VALUES)('%s: %j', async (named, values) => {
    expect(() => shippedValues(values)).toThrow(named)
    const { code, stdout, stderr } = await helmTemplate(helm, values)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(named)
  })

  test('and what only install can check', async () => {
    const { code, stderr } = await helmTemplate(helm, { collector: { config: { processors: {} } } })
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("additional properties 'config' not allowed"),
    })
  })
})

test('whatever the values are, both give the same, or both refuse', async () => {
  const numRuns = Number(process.env['FUZZ_RUNS'] ?? 25)
  let given = 0
  await fc.assert(
    fc.asyncProperty(arbitraryValues(), async (values) => {
      const wanted = installedOrNot(values)
      const { code, stdout } = await helmTemplate(helm, values)
      given += wanted === undefined ? 0 : 1
      expect(code).toBe(wanted === undefined ? 1 : 0)
      if (wanted !== undefined) expect(comparable(parseObjects(stdout))).toEqual(wanted)
    }),
    { numRuns },
  )
  // seven of eight, by and large
  expect(given).toBeGreaterThan(numRuns / 2)
}, 3_600_000)

function installedOrNot(values: SaidValues): ObjectSet | undefined {
  try {
    return installed(values)
  } catch (error) {
    if (error instanceof ValuesError) return undefined
    throw error
  }
}
