import { parse } from 'yaml'
import { isJsonObject, objectOf, textOf } from '../../injection/json.ts'
import { quote } from '../../injection/quote.ts'
import { COLLECTOR_PORTS } from '../../install/collector/collector-settings.ts'
import { JAEGER_PORTS } from '../../install/jaeger/jaeger-settings.ts'
import { type Component, JAEGER_CONFIG } from '../../install/object-names.ts'
import { CONFIG_FILE } from '../../install/objects/config-map.ts'
import type { CheckContext } from '../check/check-context.ts'
import { readComponent } from '../check/component-state.ts'
import { podReadiness } from '../check/pod-readiness.ts'

/** A URL of this moment; whoever asked for it closes it. */
export interface ReachedUrl {
  readonly url: string
  readonly close: () => Promise<void>
}

type Reaching = Pick<CheckContext, 'cluster' | 'openPort' | 'asked'>

/** Takes our namespace, gives a URL of the collector's OTLP over HTTP: the one that was said, else by a forwarded port. Rejects with a sentence. */
export async function reachCollector(context: Reaching, namespace: string): Promise<ReachedUrl> {
  const said = context.asked.collectorUrl
  return said === undefined ? forward(context, namespace, 'collector') : asSaid(said)
}

/** Takes our namespace, gives the URL of Jaeger's page: the one that was said, else by a forwarded port. Rejects with a sentence. */
export async function reachJaeger(context: Reaching, namespace: string): Promise<ReachedUrl> {
  const said = context.asked.jaegerUrl
  if (said !== undefined) return asSaid(said)
  const reached = await forward(context, namespace, 'jaeger')
  return { ...reached, url: `${reached.url}${await jaegerBasePath(context, namespace)}` }
}

function asSaid(url: string): ReachedUrl {
  return { url, close: async () => {} }
}

const PORTS = { collector: COLLECTOR_PORTS.otlpHttp, jaeger: JAEGER_PORTS.query } as const
const NAMES = { collector: 'the collector', jaeger: 'Jaeger' } as const

async function forward(
  context: Reaching,
  namespace: string,
  component: Exclude<Component, 'injector'>,
): Promise<ReachedUrl> {
  const found = await readComponent(context, namespace, component)
  const flag = `--${component}-url`
  if (found === undefined) throw new Error(`${NAMES[component]} is not in ${namespace}; ${flag} says where it is`)
  const ready = found.pods.map(podReadiness).find(({ isReady }) => isReady)
  if (ready === undefined) throw new Error(`no Pod of ${NAMES[component]} is ready in ${namespace}`)
  const { address, close } = await context.openPort({ namespace, pod: ready.name, port: PORTS[component] })
  return { url: `http://${address}`, close }
}

/**
 * Takes our namespace, gives the path below which Jaeger's page is, as its configuration says; empty: at the root. Rejects with
 * a sentence when that is no path.
 */
export async function jaegerBasePath({ cluster }: Pick<CheckContext, 'cluster'>, namespace: string): Promise<string> {
  const config = await cluster.get({ root: '/api/v1', plural: 'configmaps', namespace }, JAEGER_CONFIG)
  const text = textOf(objectOf(config, 'data'), CONFIG_FILE)
  if (text === undefined) return ''
  const parsed: unknown = parse(text, { logLevel: 'error' })
  const query = objectOf(objectOf(isJsonObject(parsed) ? parsed : undefined, 'extensions'), 'jaeger_query')
  const path = textOf(query, 'base_path') ?? ''
  // It stands behind an address of this machine, which `@host` would make the name of a user of another one.
  if (BASE_PATH.test(path)) return path
  throw new Error(
    `ConfigMap ${namespace}/${JAEGER_CONFIG}: jaeger_query.base_path ${quote(path)} must be a path such as /jaeger`,
  )
}

const BASE_PATH = /^(\/[\w.~-]+)*\/?$/
