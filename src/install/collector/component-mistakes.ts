import type { ConfigMap, ConfigValue } from '../component-config.ts'
import type { ConfigMistake } from '../config-mistake.ts'
import { isMap } from '../overlay-shapes.ts'
import { grpcEndpointFault, httpEndpointFault } from './endpoint.ts'

/** Takes a configuration whose shapes are right, gives what is wrong with its pieces by themselves. */
export function componentMistakes(config: ConfigMap): ConfigMistake[] {
  return ['receivers', 'processors', 'exporters', 'extensions', 'connectors'].flatMap((section) => {
    const components = config[section]
    if (!isMap(components)) return []
    return Object.entries(components).flatMap(([id, settings]) => {
      const piece: Piece = { path: `${section}.${id}`, section, type: id.split('/')[0] ?? id }
      return [...idMistakes(piece, id), ...endpointMistakes(piece, settings), ...headerMistakes(piece, settings)]
    })
  })
}

interface Piece {
  readonly path: string
  readonly section: string
  readonly type: string
}

function idMistakes({ path, section, type }: Piece, id: string): ConfigMistake[] {
  if (!/^[A-Za-z][A-Za-z0-9_]*(\/\S+)?$/.test(id)) {
    return [{ path, value: id, rule: 'must be a type, or type/name: letters, digits and _, then any name after /' }]
  }
  const instead = GONE[`${section}.${type}`]
  return instead === undefined ? [] : [{ path, value: id, rule: `is not in this collector any more: ${instead}` }]
}

/** What guides of earlier years tell to use; the collector would only say that it does not know it. */
const GONE: Readonly<Record<string, string>> = {
  'receivers.opencensus': 'the bridge beside the collector receives OpenCensus',
  'exporters.jaeger': 'Jaeger takes OTLP, use otlp_grpc',
  'exporters.logging': 'use debug',
  'extensions.memory_ballast': 'GOMEMLIMIT is set instead',
}

/** The exporters under the names that they had until 0.144 as well. */
const GRPC = ['otlp_grpc', 'otlp']
const HTTP = ['otlp_http', 'otlphttp']

function endpointMistakes({ path, section, type }: Piece, settings: ConfigValue): ConfigMistake[] {
  if (section !== 'exporters' || !isMap(settings)) return []
  // an endpoint for traces alone stands in for the general one
  const { endpoint = settings['traces_endpoint'] } = settings
  const fault = endpointFault(type, endpoint)
  return fault === undefined ? [] : [{ path: `${path}.endpoint`, value: endpoint, rule: fault }]
}

function endpointFault(type: string, endpoint: ConfigValue | undefined): string | undefined {
  if (![...GRPC, ...HTTP].includes(type)) return undefined
  if (typeof endpoint !== 'string') return 'must be set'
  return HTTP.includes(type) ? httpEndpointFault(endpoint) : grpcEndpointFault(endpoint)
}

function headerMistakes({ path, section }: Piece, settings: ConfigValue): ConfigMistake[] {
  const headers = isMap(settings) ? settings['headers'] : undefined
  if (section !== 'exporters' || !isMap(headers)) return []
  return (
    Object.entries(headers)
      .filter(([name, value]) => SECRET_HEADER.test(name) && !/\$\{(env|file):/.test(String(value)))
      // the value is what must not be shown
      .map(([name]) => ({ path: `${path}.headers.${name}`, value: '****', rule: WRITTEN_OUT }))
  )
}

const SECRET_HEADER = /auth|cookie|token|secret|password|credential|key/i
const WRITTEN_OUT =
  'is a secret written out, which everybody who may read the ConfigMap can read: refer to a variable, which the container has from a Secret'
