import { createHash } from 'node:crypto'
import { parse } from 'yaml'
import type { Manifest } from '../../src/install/webhook-configurations.ts'
import { type ObjectSet, objectSet } from './object-set.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects as they were rendered
type Raw = any

const CHECKSUM = 'checksum/config'

/**
 * Takes objects, gives them as a set in which two renderings can be compared: a configuration counts by what it says, not by how
 * its YAML is written, and a Pod's checksum by whether it is that of the configuration that the Pod mounts.
 */
export function comparable(objects: readonly Manifest[]): ObjectSet {
  const texts = new Map((objects as Raw[]).filter(isConfig).map(({ metadata, data }) => [metadata.name, data[FILE]]))
  return objectSet(
    (objects as Raw[]).map((object) => (isConfig(object) ? parsed(object) : withChecksum(object, texts))),
  )
}

const FILE = 'config.yaml'

function isConfig({ kind, data }: Raw): boolean {
  return kind === 'ConfigMap' && data[FILE] !== undefined
}

function parsed(object: Raw): Manifest {
  return { ...object, data: { ...object.data, [FILE]: parse(object.data[FILE]) } }
}

function withChecksum(object: Raw, texts: ReadonlyMap<string, string>): Manifest {
  const annotations = object.spec?.template?.metadata.annotations
  if (annotations?.[CHECKSUM] === undefined) return object
  const [name] = object.spec.template.spec.volumes.flatMap(({ configMap }: Raw) => configMap?.name ?? [])
  const sum = createHash('sha256')
    .update(texts.get(name) ?? '')
    .digest('hex')
  const copy = structuredClone(object)
  copy.spec.template.metadata.annotations[CHECKSUM] = annotations[CHECKSUM] === sum ? `that of ${name}` : 'of another'
  return copy
}
