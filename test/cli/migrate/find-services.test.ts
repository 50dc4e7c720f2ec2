// What `migrate` asks of the Services that collectors' addresses name, beside a scripted API server.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Raw } from '../../injection/samples.ts'
import { answer, refuse } from '../../kubernetes/scripted-api.ts'
import { PODS, runningPod, type ScriptedCluster, startScriptedCluster } from '../pod-coverage/scripted-cluster.ts'
import { TEMPO } from './found.ts'

const SERVICES = '/api/v1/namespaces/monitoring/services'
const SLICES = '/apis/discovery.k8s.io/v1/endpointslices'

let cluster: ScriptedCluster
let slices: Raw[]
beforeEach(async () => {
  cluster = await startScriptedCluster()
  cluster.putNamespace('shop')
  cluster.api.change('/apis/rbac.authorization.k8s.io/v1/namespaces/linkerd/rolebindings', () => {})
  slices = []
  cluster.api.intercepts.unshift(
    ({ path }, response) => path === SLICES && answer(response, { metadata: { resourceVersion: '1' }, items: slices }),
  )
  putSender('web', TEMPO)
})
afterEach(() => cluster.stop())

function putSender(name: string, address: string): void {
  const pod = runningPod(name)
  pod.spec.containers[1].env.push({ name: 'LINKERD2_PROXY_TRACE_COLLECTOR_SVC_ADDR', value: address })
  cluster.put(PODS, pod)
}

function putService(spec: object): void {
  cluster.api.put(SERVICES, { metadata: { name: 'tempo' }, spec })
}

function slice(namespace: string, ...conditions: object[]): Raw {
  const metadata = { name: `tempo-${slices.length}`, namespace, labels: { 'kubernetes.io/service-name': 'tempo' } }
  return { metadata, endpoints: conditions.map((one) => ({ addresses: ['10.0.0.5'], conditions: one })) }
}

/** What the plan says of whether anything answers. */
async function said(): Promise<string[]> {
  const { findings } = JSON.parse((await cluster.run('migrate', '-o', 'json')).stdout)
  return findings.filter((sentence: string) => sentence.includes('answers at'))
}

const asked = () => cluster.api.requests.filter(({ path }) => path === SLICES)
const DEAD = [expect.stringContaining('as no Pod behind Service monitoring/tempo is ready: ')]

test('a Service answers by one endpoint that is ready, in whichever of its EndpointSlices', async () => {
  putService({ selector: { app: 'tempo' } })
  expect(await said()).toEqual(DEAD)
  slices = [slice('monitoring', { ready: false }), slice('elsewhere', { ready: true })]
  expect(await said()).toEqual(DEAD)
  slices.push(slice('monitoring', { ready: false }, { ready: true }))
  expect(await said()).toEqual([])
})

test('an endpoint that does not say is ready, as the API has it', async () => {
  putService({ selector: { app: 'tempo' } })
  slices = [slice('monitoring', {})]
  expect(await said()).toEqual([])
})

test('one list is asked for, of the Services that are named alone', async () => {
  putService({ selector: { app: 'tempo' } })
  cluster.api.put(SERVICES, { metadata: { name: 'otel' }, spec: { selector: { app: 'otel' } } })
  putSender('api', 'otel.monitoring:4317')
  await said()
  expect(asked().map(({ query }) => query['labelSelector'])).toEqual(['kubernetes.io/service-name in (otel,tempo)'])
})

test.each([
  [{ type: 'ExternalName', externalName: 'tempo.example.com' }, 'leads elsewhere, by an ExternalName'],
  [{}, 'selects no Pods'],
])('nothing is asked of a Service with %j', async (spec, because) => {
  putService(spec)
  expect(await said()).toEqual([
    `whether anything answers at ${TEMPO} cannot be told: Service monitoring/tempo ${because}`,
  ])
  expect(asked()).toEqual([])
})

test.each([
  [403, 'cannot list endpointslices: HTTP 403: the right to list endpointslices is missing (no)'],
  [404, 'the API server has no EndpointSlices'],
])(
  'where they are refused with %i the plan is made all the same, and says what it does not know, and why',
  async (status, because) => {
    putService({ selector: { app: 'tempo' } })
    cluster.api.intercepts.unshift(({ path }, response) => path === SLICES && refuse(response, status, 'no'))
    const { code, stdout, stderr } = await cluster.run('migrate')
    expect(code).toBe(2)
    expect(stdout).toContain(
      `whether anything answers at ${TEMPO} cannot be told: what is behind Service monitoring/tempo could not be read\n`,
    )
    expect(stdout).toContain('Steps:\n')
    expect(stderr).toBe(`warning: whether Pods are behind collectors that are named is not known: ${because}\n`)
  },
)

test('a cluster that sends to our own collector alone is asked for no EndpointSlice, nor for its Service', async () => {
  cluster.api.change(`${PODS.root}/${PODS.plural}`, (objects) => objects.clear())
  cluster.put(PODS, runningPod('ours', { traced: true }))
  expect((await cluster.run('migrate')).code).toBe(0)
  expect(cluster.api.requests.filter(({ path }) => /endpointslices|services/.test(path))).toEqual([])
})
