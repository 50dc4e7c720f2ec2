import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { installManifests } from '../../src/install/install-manifests.ts'
import { readKeptValues, withKeptValues } from '../../src/install/kept-values.ts'
import { removalManifests } from '../../src/install/removal-manifests.ts'
import { defaultValues, readValues } from '../../src/install/values/read-values.ts'
import type { InstallValues } from '../../src/install/values/values-schema.ts'
import type { Raw } from '../injection/samples.ts'

function valuesOf(values: object): InstallValues {
  const reading = readValues([{ source: 'test', values }])
  if (!('values' in reading)) throw new Error(JSON.stringify(reading.mistakes))
  return reading.values
}

function keptOf(values: InstallValues): Raw {
  const decided = { ...values, policy: 'on', clusterDomain: 'decided.example.com' } as const
  return withKeptValues(installManifests(decided), values)[values.namespace === 'linkerd' ? 0 : 1]
}

describe('the values that an installation keeps', () => {
  test.each<{ what: string; said: object }>([
    { what: 'nothing said', said: {} },
    { what: 'a field of an object', said: { collector: { replicas: 2 } } },
    { what: 'ha, by its name alone', said: { ha: true } },
    { what: 'ha, and what is different from it', said: { ha: true, injector: { replicas: 5 } } },
    { what: 'a list, whole', said: { imagePullSecrets: ['a', 'b'] } },
    { what: 'keys of the user’s own', said: { pods: { nodeSelector: { 'kubernetes.io/os': 'linux' } } } },
    { what: 'what is switched off', said: { controlPlane: false, bridge: { enabled: false } } },
  ])('are those that were said: $what', ({ said }) => {
    const values = valuesOf(said)
    const kept = keptOf(values)
    expect(kept).toMatchObject({ kind: 'ConfigMap', metadata: { namespace: values.namespace } })
    expect(parse(kept.data['values.yaml'])).toEqual(said)
    const { layer, version } = readKeptValues(kept)
    expect(readValues([layer])).toMatchObject({ values })
    expect(version).toMatch(/^\d+\.\d+\.\d+/)
  })

  test('stand behind the Namespace, and go before it', () => {
    const values = { ...defaultValues(), policy: 'on' } as const
    const kinds = withKeptValues(installManifests(values), values).map(({ kind }) => kind)
    expect(kinds.slice(0, 2)).toEqual(['Namespace', 'ConfigMap'])
    const removed = removalManifests(values).slice(-2)
    expect(removed.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Namespace'])
    expect(removed[0]).toMatchObject({ metadata: { name: 'linkerd-tracing-config', namespace: 'linkerd-tracing' } })
  })

  test('are there in Linkerd’s own namespace too, whose Namespace is not', () => {
    expect(keptOf(valuesOf({ namespace: 'linkerd' }))).toMatchObject({ metadata: { namespace: 'linkerd' } })
  })
})
