import { SYSTEM_NAMESPACES } from '../../injection/own-places.ts'
import { layoutFault } from '../issuer-chain.ts'
import { jaegerSettingsMistakes } from '../jaeger/validate-jaeger-settings.ts'
import { isSeedLayout } from '../layout.ts'
import { OWN_POD_ANNOTATIONS, OWN_POD_LABELS } from '../objects/pod-labels.ts'
import { collectorMistakes } from './collector-config-of.ts'
import { backendName } from './collector-settings-of.ts'
import { jaegerSettingsOf } from './jaeger-settings-of.ts'
import { resourceMistakes } from './resource-mistakes.ts'
import type { ValueMistake } from './value-mistake.ts'
import type { InstallValues } from './values-schema.ts'

type Mistake = Omit<ValueMistake, 'source'>

/** Takes complete values, gives what cannot be together; each value alone is fine. */
export function crossFieldMistakes(values: InstallValues): ValueMistake[] {
  const mistakes = [
    namespaceMistakes,
    layoutMistakes,
    hostNetworkMistakes,
    backendMistakes,
    samplingMistakes,
    labelMistakes,
    annotationMistakes,
    resourceMistakes,
  ].flatMap((find) => find(values))
  if (mistakes.length > 0) return mistakes.map((mistake) => ({ source: 'all values together', ...mistake }))
  return [...collectorMistakes(values), ...jaegerSettingsMistakes(jaegerSettingsOf(values))].map((mistake) => ({
    source: 'configuration',
    ...mistake,
  }))
}

/** Linkerd meshes nothing in those of the system, and none of them can be deleted by `uninstall`. */
function namespaceMistakes({ namespace }: InstallValues): Mistake[] {
  if (![...SYSTEM_NAMESPACES, 'default'].includes(namespace)) return []
  return [{ path: 'namespace', value: namespace, rule: 'is one of Kubernetes itself, which must not be ours' }]
}

function layoutMistakes(values: InstallValues): Mistake[] {
  const rule = layoutFault(values)
  return rule === undefined ? [] : [{ path: 'certs', value: values.certs, rule }]
}

function hostNetworkMistakes(values: InstallValues): Mistake[] {
  if (!values.linkerdCni || !values.injector.hostNetwork || isSeedLayout(values)) return []
  const rule = 'cannot be together with linkerdCni: the Pod Security level restricted forbids the host’s network'
  return [{ path: 'injector.hostNetwork', value: true, rule }]
}

function backendMistakes({ jaeger, backends }: InstallValues): Mistake[] {
  if (jaeger.storage === 'none' && backends.length === 0) {
    return [{ path: 'backends', value: backends, rule: 'must have an endpoint where jaeger.storage is none' }]
  }
  // Jaeger is a backend of this name
  const names = ['jaeger', ...backends.map(backendName)]
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: `backends.${index - 1}.name`, value: name, rule: 'is the name of another backend already' }],
  )
}

function samplingMistakes({ collector }: InstallValues): Mistake[] {
  if (!collector.tailSampling.enabled || collector.replicas === 1) return []
  const rule = 'must be 1 with collector.tailSampling: a trace is judged by the one collector that has all of its spans'
  return [{ path: 'collector.replicas', value: collector.replicas, rule }]
}

/** A Pod that lost one of our labels would be no part of its Deployment or of its Service. */
function labelMistakes(values: InstallValues): Mistake[] {
  return ownMistakes(values, { field: 'labels', own: OWN_POD_LABELS, what: 'a label' })
}

/** Ours would win: whether a proxy is injected is not to be had otherwise, and who says it must not believe so. */
function annotationMistakes(values: InstallValues): Mistake[] {
  return ownMistakes(values, { field: 'annotations', own: OWN_POD_ANNOTATIONS, what: 'an annotation' })
}

interface OwnKeys {
  readonly field: 'labels' | 'annotations'
  readonly own: readonly string[]
  readonly what: string
}

function ownMistakes({ pods, injector, collector, jaeger }: InstallValues, { field, own, what }: OwnKeys): Mistake[] {
  return Object.entries({ pods, injector, collector, jaeger }).flatMap(([place, said]) =>
    Object.entries(said[field])
      .filter(([key]) => own.includes(key))
      .map(([key, value]) => ({
        path: `${place}.${field}.${key.replaceAll('.', '\\.')}`,
        value,
        rule: `is ${what} of ours, which cannot be changed`,
      })),
  )
}
