import { isDeepStrictEqual } from 'node:util'
import { parse, stringify } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }
import { isJsonObject, type JsonObject, objectOf, textOf } from '../injection/json.ts'
import { KEPT_VALUES } from './object-names.ts'
import { HA_VALUES } from './values/ha-values.ts'
import { mergeValues } from './values/merge-values.ts'
import { defaultValues, type ValuesLayer } from './values/read-values.ts'
import type { InstallValues } from './values/values-schema.ts'
import type { Manifest } from './webhook-configurations.ts'

const LABELS = { 'app.kubernetes.io/name': 'linkerd-tracing', 'app.kubernetes.io/part-of': 'linkerd-tracing' }
const FILE = 'values.yaml'
const VERSION = 'version'

/**
 * Takes all objects of an installation and the values that were said, gives the objects and, behind the Namespace, a
 * ConfigMap that keeps those values for `upgrade`: what was said, not what was decided for one cluster.
 */
export function withKeptValues(manifests: readonly Manifest[], values: InstallValues): Manifest[] {
  const start = manifests.filter(({ kind }) => kind === 'Namespace')
  return [...start, keptValues(values), ...manifests.filter((one) => !start.includes(one))]
}

function keptValues(values: InstallValues): Manifest {
  const metadata = { name: KEPT_VALUES, namespace: values.namespace, labels: LABELS }
  // A preset is kept by its name: a later version may know better what it stands for.
  const preset = values.ha ? { ...HA_VALUES } : {}
  const said = unlike(values, mergeValues(defaultValues(), preset)) ?? {}
  const data = { [VERSION]: manifest.version, [FILE]: stringify(said, { lineWidth: 0 }) }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }
}

/** Gives what of a value is not as in the other: of objects the fields, of all else the whole. */
function unlike(value: unknown, other: unknown): unknown {
  if (isDeepStrictEqual(value, other)) return undefined
  if (!isJsonObject(value) || !isJsonObject(other)) return value
  const fields = Object.entries(value).map(([name, field]) => [name, unlike(field, other[name])] as const)
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined))
}

/** What an installation keeps of how it was asked for. */
export interface KeptValues {
  /** Of the program that made it. */
  readonly version: string
  readonly layer: ValuesLayer
}

/** Takes the ConfigMap as it is in the cluster, gives what it keeps. Throws when its text is no YAML. */
export function readKeptValues(configMap: JsonObject): KeptValues {
  const data = objectOf(configMap, 'data')
  const source = `ConfigMap ${textOf(objectOf(configMap, 'metadata'), 'namespace')}/${KEPT_VALUES}`
  return {
    version: textOf(data, VERSION) ?? 'unknown',
    layer: { source, values: parse(textOf(data, FILE) ?? '{}') },
  }
}
