import { createHash } from 'node:crypto'
import type { ComponentConfig, ConfigMap } from '../component-config.ts'
import { configYaml } from '../config-yaml.ts'
import { type Component, labelsOf } from '../object-names.ts'
import type { Manifest } from '../webhook-configurations.ts'
import { CONFIG_CHECKSUM } from './pod-labels.ts'

/** The file of a configuration in its ConfigMap, and where the ConfigMap is mounted. */
export const CONFIG_FILE = 'config.yaml'
export const CONFIG_DIRECTORY = '/etc/linkerd-tracing'

interface ConfigMapParts {
  readonly component: Component
  readonly name: string
  readonly namespace: string
  readonly config: ComponentConfig | ConfigMap
}

/** Takes a configuration, gives the ConfigMap that holds it as a file. */
export function configMap({ component, name, namespace, config }: ConfigMapParts): Manifest {
  const metadata = { name, namespace, labels: labelsOf(component) }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [CONFIG_FILE]: configYaml(config) } }
}

/**
 * Takes a configuration, gives the annotation of the Pods that changes with it: neither collector nor Jaeger reads its
 * configuration anew, so another one has to be another Pod.
 */
export function configAnnotation(config: ComponentConfig | ConfigMap): Readonly<Record<string, string>> {
  return { [CONFIG_CHECKSUM]: createHash('sha256').update(configYaml(config)).digest('hex') }
}
