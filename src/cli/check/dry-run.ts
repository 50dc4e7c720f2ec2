import { isJsonObject, type JsonObject, listOf, objectOf, textOf } from '../../injection/json.ts'
import { PROXY_NAME } from '../../injection/proxy-container.ts'
import { TRACE_VARIABLES } from '../../injection/trace-variables.ts'
import { INJECTOR, type MARK_CONFIGURATION, type TRACE_CONFIGURATION } from '../../install/object-names.ts'
import { type CheckContext, CONFIGURATIONS } from './check-context.ts'
import { countReady, ENDPOINT_SLICES, SERVICE_NAME } from './endpoint-slices.ts'
import { bundleOf, entryNamed } from './entries.ts'

/** What became of a Pod that was sent as a dry run. */
export interface Probed {
  /** `traced: spans go to …`: our own summary; undefined: the injector has not answered. */
  readonly summary: string | undefined
  readonly hasProxy: boolean
  readonly isTraced: boolean
}

const SUMMARY = /^linkerd-tracing: dry run: (.*)$/

/** Takes a Pod, has the API server admit it without keeping it, gives what was done to it. Throws ApiError when it is refused. */
export async function sendProbe(
  { cluster }: Pick<CheckContext, 'cluster'>,
  namespace: string,
  pod: object,
): Promise<Probed> {
  const { object, warnings } = await cluster.dryRunCreate({ root: '/api/v1', plural: 'pods', namespace }, pod)
  const summaries = warnings.flatMap((text) => SUMMARY.exec(text)?.[1] ?? [])
  const proxy = proxyOf(object)
  const variables = listOf(proxy, 'env')
    .filter(isJsonObject)
    .map((variable) => textOf(variable, 'name'))
  return { summary: summaries[0], hasProxy: proxy !== undefined, isTraced: variables.includes(TRACE_VARIABLES.address) }
}

function proxyOf(pod: JsonObject): JsonObject | undefined {
  const spec = objectOf(pod, 'spec')
  const containers = [...listOf(spec, 'containers'), ...listOf(spec, 'initContainers')].filter(isJsonObject)
  return containers.find((container) => textOf(container, 'name') === PROXY_NAME)
}

export interface CalledEntry {
  readonly namespace: string
  readonly configuration: typeof MARK_CONFIGURATION | typeof TRACE_CONFIGURATION
  readonly entry: string
}

/** Takes the entry that got no answer, gives the likeliest reason, in a sentence. The API server tells it in its log only. */
export async function whyNoAnswer({ cluster }: CheckContext, called: CalledEntry): Promise<string> {
  const { namespace, configuration, entry: name } = called
  const entry = entryNamed(await cluster.get(CONFIGURATIONS, configuration), name)
  if (entry === undefined) return `the entry ${name} is missing`
  if (bundleOf(entry) === '') return `${name} has no caBundle`
  const service = await cluster.get({ root: '/api/v1', plural: 'services', namespace }, INJECTOR)
  if (service === undefined) return `Service ${namespace}/${INJECTOR} is missing`
  if (textOf(objectOf(service, 'spec'), 'type') === 'ExternalName') return NETWORK
  const slices = await cluster.list({ ...ENDPOINT_SLICES, namespace }, `${SERVICE_NAME}=${INJECTOR}`)
  const ready = countReady(slices ?? [])
  if (ready > 0) return `${ready} injector Pods are ready; ${NETWORK}`
  return `no injector Pod is ready: kubectl get pods -n ${namespace}`
}

const NETWORK =
  'its log tells whether it was called; the API server’s says why not: a firewall or NetworkPolicy between them, or a certificate that is not trusted'
