import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import type { ClusterView } from '../../kubernetes/cluster-view.ts'
import { countReady, ENDPOINT_SLICES, SERVICE_NAME } from '../check/endpoint-slices.ts'
import type { MigrationFacts, ServiceState } from './migration-facts.ts'

/** Takes the name of a Service, `NAMESPACE/NAME`, gives it; undefined when it is not there. */
export async function readService(cluster: ClusterView, name: string): Promise<JsonObject | undefined> {
  const [namespace = '', service = ''] = name.split('/')
  return cluster.get({ root: '/api/v1', plural: 'services', namespace }, service)
}

/** Takes names of Services, `NAMESPACE/NAME`, gives those that are there, with what is behind each. */
export async function findServices(
  cluster: ClusterView,
  names: ReadonlySet<string>,
): Promise<Pick<MigrationFacts, 'services' | 'notes'>> {
  const read = await Promise.all([...names].map(async (name) => [name, await readService(cluster, name)] as const))
  const there = read.flatMap(([name, service]) => (service === undefined ? [] : [[name, stateOf(service)] as const]))
  const selecting = there.filter(([, state]) => state === undefined).map(([name]) => name)
  const { ready, notes } = await readReady(cluster, selecting)
  const behind = (name: string) => (ready === undefined ? 'not-readable' : ready.has(name) ? 'ready' : 'not-ready')
  return { services: new Map(there.map(([name, state]) => [name, state ?? behind(name)])), notes }
}

/** What a Service says of itself; undefined: it goes by the Pods that it selects. */
function stateOf(service: JsonObject): ServiceState | undefined {
  const spec = objectOf(service, 'spec')
  if (textOf(spec, 'type') === 'ExternalName') return 'external-name'
  // Whoever fills its EndpointSlices by hand says nothing of whether these live.
  return Object.keys(objectOf(spec, 'selector') ?? {}).length === 0 ? 'no-selector' : undefined
}

interface Ready {
  /** Undefined: it is not known. */
  readonly ready: ReadonlySet<string> | undefined
  readonly notes: readonly string[]
}

/** One list for all of them: collectors are few, in few Namespaces, and who may not read EndpointSlices is told so once. */
async function readReady(cluster: ClusterView, names: readonly string[]): Promise<Ready> {
  if (names.length === 0) return { ready: new Set(), notes: [] }
  const plain = new Set(names.map((name) => name.split('/')[1]))
  try {
    const slices = await cluster.list(ENDPOINT_SLICES, `${SERVICE_NAME} in (${[...plain].join(',')})`)
    if (slices === undefined) throw new Error('the API server has no EndpointSlices')
    const byService = Map.groupBy(slices, serviceOfSlice)
    return { ready: new Set(names.filter((name) => countReady(byService.get(name) ?? []) > 0)), notes: [] }
  } catch (error) {
    const because = (error as Error).message
    return { ready: undefined, notes: [`whether Pods are behind collectors that are named is not known: ${because}`] }
  }
}

function serviceOfSlice(slice: JsonObject): string {
  const metadata = objectOf(slice, 'metadata')
  return `${textOf(metadata, 'namespace')}/${textOf(objectOf(metadata, 'labels'), SERVICE_NAME)}`
}
