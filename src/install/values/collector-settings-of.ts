import type { Backend } from '../collector/backend.ts'
import { type CollectorSettings, DEFAULT_COLLECTOR_SETTINGS, JAEGER_BACKEND } from '../collector/collector-settings.ts'
import { parseQuantity } from './quantity.ts'
import type { InstallValues } from './values-schema.ts'

/** Where the Secret with a backend's CA is mounted: a folder for each backend. */
export const BACKEND_CA_DIRECTORY = '/etc/linkerd-tracing-backends'
export const BACKEND_CA_FILE = 'ca.crt'

/** Takes the values, gives what the collector's configuration is made of. */
export function collectorSettingsOf({ collector, backends, jaeger }: InstallValues): CollectorSettings {
  const { moreSecretNames, ...redaction } = collector.redaction
  const { enabled, slowerThanMs, ...sampling } = collector.tailSampling
  return {
    memoryMib: memoryMib(collector.resources),
    kubernetesAttributes: collector.kubernetesAttributes,
    redaction: { ...redaction, secretNames: [...redaction.secretNames, ...moreSecretNames] },
    tailSampling: enabled ? { ...sampling, ...(slowerThanMs > 0 && { slowerThanMs }) } : undefined,
    backends: [...(jaeger.storage === 'none' ? [] : [JAEGER_BACKEND]), ...backends.map(backendOf)],
  }
}

/** Without a limit what is set aside is all that can be counted on. */
function memoryMib({ limits, requests }: InstallValues['collector']['resources']): number {
  const bytes = parseQuantity(limits.memory) ?? parseQuantity(requests.memory)
  return bytes === undefined ? DEFAULT_COLLECTOR_SETTINGS.memoryMib : Math.max(1, Math.floor(bytes / 2 ** 20))
}

type BackendValues = InstallValues['backends'][number]

function backendOf(values: BackendValues, index: number): Backend {
  const { endpoint, headers = [] } = values
  return {
    name: backendName(values, index),
    protocol: /^https?:/.test(endpoint) ? 'http' : 'grpc',
    endpoint,
    tls: isPlain(values) ? false : tlsOf(values, index),
    ...(headers.length > 0 && { headers }),
  }
}

/** Takes a backend and its place in the list, gives its name: `backend`, `backend-2` … where it has none. */
export function backendName({ name }: BackendValues, index: number): string {
  return name ?? (index === 0 ? 'backend' : `backend-${index + 1}`)
}

function isPlain({ endpoint, tls }: BackendValues): boolean {
  return tls === false || endpoint.startsWith('http://')
}

function tlsOf(values: BackendValues, index: number): Exclude<Backend['tls'], false> {
  const { caSecret, serverName, insecureSkipVerify } = values
  return {
    ...(caSecret && { caFile: `${BACKEND_CA_DIRECTORY}/${backendName(values, index)}/${BACKEND_CA_FILE}` }),
    ...(serverName !== undefined && { serverName }),
    ...(insecureSkipVerify !== undefined && { insecureSkipVerify }),
  }
}
