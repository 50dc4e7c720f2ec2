import { describe, expect, test } from 'vitest'
import { defaultValues, readValues } from '../../../src/install/values/read-values.ts'
import { describeValueMistake, ValuesError } from '../../../src/install/values/value-mistake.ts'
import type { InstallValues } from '../../../src/install/values/values-schema.ts'

/** What is wrong with values that were said in one place, a line each. */
function mistakes(values: unknown): string[] {
  return readValues([{ source: 'values.yaml', values }]).mistakes.map(describeValueMistake)
}

function complete(...layers: unknown[]): InstallValues {
  const reading = readValues(layers.map((values, index) => ({ source: `layer ${index}`, values })))
  if (!('values' in reading)) throw new ValuesError(reading.mistakes)
  return reading.values
}

describe('values of an installation', () => {
  test('nobody has to say anything', () => {
    expect(complete()).toEqual(defaultValues())
    expect(complete(undefined, null, {})).toEqual(defaultValues())
  })

  test('the last layer wins, field by field; lists are replaced', () => {
    const values = complete(
      { collector: { replicas: 2, tolerations: [{ key: 'a' }] }, pods: { nodeSelector: { a: '1', b: '1' } } },
      { collector: { tolerations: [{ key: 'b' }] }, pods: { nodeSelector: { b: '2' } } },
    )
    expect(values.collector.replicas).toBe(2)
    expect(values.collector.tolerations).toEqual([{ key: 'b' }])
    expect(values.pods.nodeSelector).toEqual({ a: '1', b: '2' })
  })

  test('ha lies below what is said, whichever comes first', () => {
    expect(complete({ ha: true }).injector).toMatchObject({ replicas: 3, antiAffinity: 'required' })
    expect(complete({ injector: { replicas: 5 } }, { ha: true }).injector.replicas).toBe(5)
    expect(complete({ ha: true }, { ha: false }).injector.replicas).toBe(defaultValues().injector.replicas)
  })

  test('a key named like what objects inherit is a key like any other', () => {
    const values = complete(
      JSON.parse('{"pods":{"annotations":{"constructor":"y"}},"jaeger":{"affinity":{"__proto__":{}}}}'),
    )
    expect(values.pods.annotations).toEqual({ constructor: 'y' })
    expect(Object.keys(values.jaeger.affinity)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(values.jaeger.affinity)).toBe(Object.prototype)
  })
})

describe('a mistake names place, path, value and rule', () => {
  test.each<[string, unknown, string]>([
    ['a type', { ha: 'yes' }, 'ha = "yes": must be true or false'],
    ['a word', { certs: 'own' }, 'certs = "own": must be one of self-managed, cert-manager, files'],
    ['a number', { collector: { replicas: 0 } }, 'collector.replicas = 0: must be from 1 to 100'],
    [
      'an image that changes',
      { injector: { image: 'a.example/b:latest' } },
      'injector.image = "a.example/b:latest": must be an image with an exact tag (not latest) or a digest, such as registry.example.com/collector:1.2.3',
    ],
    [
      'a quantity that YAML takes for a number',
      { bridge: { resources: { limits: { cpu: 2 } } } },
      'bridge.resources.limits.cpu = 2: must be a quantity of Kubernetes in quotes, such as "100m" or "128Mi"; "" leaves it out',
    ],
    [
      'a key of a map',
      { pods: { nodeSelector: { '-x': '' } } },
      'pods.nodeSelector.-x = "-x": must be a name, or prefix/name, of letters, digits, "-", "_" and "."',
    ],
    ['a key that does not exist', { colector: {} }, 'colector = {}: there is no such value'],
    ['no object at all', [], 'values = []: must be an object with fields'],
    [
      'a path through a list',
      { collector: { tolerations: [{ effect: 'Never' }] } },
      'collector.tolerations.0.effect = "Never": must be one of NoSchedule, PreferNoSchedule, NoExecute',
    ],
    ['what is missing', { backends: [{}] }, "backends.0 = {}: must have required property 'endpoint'"],
  ])('%s', (_, values, expected) => {
    expect(mistakes(values)).toEqual([`values.yaml: ${expected}`])
  })

  test('all at once', () => {
    expect(mistakes({ ha: 1, namespace: 'A', collector: { replicas: 1.5 } })).toHaveLength(3)
  })

  test('a key that does not exist comes with those that do', () => {
    expect(readValues([{ source: '', values: { bridge: { enable: true } } }]).mistakes[0]?.known).toContain('enabled')
  })

  test('long and hostile values are cut and escaped', () => {
    const [line = ''] = mistakes({ namespace: `\u001b[31m${'x'.repeat(500)}` })
    expect(line.length).toBeLessThan(250)
    expect(line).not.toContain('\u001b')
  })
})

describe('what cannot be together', () => {
  test.each<[string, object, string]>([
    ['a Namespace of the system', { namespace: 'kube-system' }, 'namespace'],
    ['the default Namespace, which cannot be deleted', { namespace: 'default' }, 'namespace'],
    ['cert-manager in Linkerd’s namespace', { namespace: 'linkerd', certs: 'cert-manager' }, 'certs'],
    [
      'the host’s network under Pod Security restricted',
      { linkerdCni: true, injector: { hostNetwork: true } },
      'injector.hostNetwork',
    ],
    ['no Jaeger and nothing else either', { jaeger: { storage: 'none' } }, 'backends'],
    ['a backend named like Jaeger', { backends: [{ name: 'jaeger', endpoint: 'a:1' }] }, 'backends.0.name'],
    [
      'two backends of one name',
      { backends: [{ endpoint: 'a:1' }, { name: 'backend', endpoint: 'b:1' }] },
      'backends.1.name',
    ],
    [
      'tail sampling by several collectors',
      { collector: { replicas: 2, tailSampling: { enabled: true } } },
      'collector.replicas',
    ],
    ['tail sampling with ha', { ha: true, collector: { tailSampling: { enabled: true } } }, 'collector.replicas'],
    [
      'a request above the limit',
      { collector: { resources: { requests: { cpu: '2100m' } } } },
      'collector.resources.requests.cpu',
    ],
    [
      'a limit below the usual request',
      { jaeger: { resources: { limits: { memory: '255Mi' } } } },
      'jaeger.resources.requests.memory',
    ],
    [
      'one of our labels',
      { pods: { labels: { 'tracing.linkerd.io/component': 'other' } } },
      'pods.labels.tracing\\.linkerd\\.io/component',
    ],
    [
      'whether Linkerd meshes a Pod, which we decide',
      { collector: { annotations: { 'linkerd.io/inject': 'disabled' } } },
      'collector.annotations.linkerd\\.io/inject',
    ],
  ])('%s', (_, values, path) => {
    const found = readValues([{ source: 'values.yaml', values }]).mistakes
    expect(found.map((mistake) => mistake.path)).toEqual([path])
    expect(found[0]?.source).toBe('all values together')
  })
})

test.each([
  ['700m', '0.7'],
  ['0.7', '700m'],
  ['1024Mi', '1Gi'],
  ['9', ''],
])('a request of %j is not above a limit of %j', (request, limit) => {
  const both = { requests: { cpu: request, memory: request }, limits: { cpu: limit, memory: limit } }
  expect(mistakes({ injector: { resources: both } })).toEqual([])
})

test('a request above its limit is told with both', () => {
  const [mistake] = mistakes({ bridge: { resources: { requests: { memory: '1G' } } } })
  expect(mistake).toMatch(
    /bridge\.resources\.requests\.memory = "1G": must not be above bridge\.resources\.limits\.memory "256Mi"/,
  )
})

describe('images', () => {
  const DIGEST = `sha256:${'0a'.repeat(32)}`
  test.each(['a:1', 'localhost:5000/a/b:v1.2', 'ghcr.io/a/b-c_d.e:0.1.0', `a@${DIGEST}`, `ghcr.io/a/b:1@${DIGEST}`])(
    '%s',
    (image) => {
      expect(mistakes({ jaeger: { image } })).toEqual([])
    },
  )
  test.each(['a', 'a:', 'a:latest', `a:latest@${DIGEST}`, 'A:1', 'https://a/b:1', 'a:1 ', 'a@sha256:12', ''])(
    'not %j',
    (image) => {
      expect(mistakes({ jaeger: { image } })).toHaveLength(1)
    },
  )
})
