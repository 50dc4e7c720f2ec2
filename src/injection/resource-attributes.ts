import { RESOURCE_ATTRIBUTE_PREFIX } from './metadata-names.ts'
import { RESERVED_ATTRIBUTES } from './pod-attributes.ts'
import { invalidSetting, type SettingFault } from './setting-fault.ts'
import { type AnnotationSources, faultSentence, findAnnotation } from './setting-sources.ts'
import { MAX_ATTRIBUTE_BYTES, MAX_ATTRIBUTES_BYTES, textFault } from './text-limits.ts'

// The name part of a Kubernetes annotation: nothing in it can end the key or start another line.
const KEY = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/

export interface ResourceAttributes {
  /** In order of the keys, so that the same annotations always give the same text. */
  readonly attributes: ReadonlyArray<readonly [key: string, value: string]>
  readonly faults: readonly SettingFault[]
  readonly warnings: readonly string[]
}

/** Resolves the resource attributes that annotations ask for, Pod over Namespace; `service.name` is not one of them. */
export function resolveAttributes(sources: AnnotationSources): ResourceAttributes {
  const attributes: [string, string][] = []
  const faults: SettingFault[] = []
  const warnings: string[] = []
  for (const key of attributeKeys(sources)) {
    const setting = findAnnotation(sources, RESOURCE_ATTRIBUTE_PREFIX + key)
    if (setting === undefined || key === 'service.name') continue
    if (RESERVED_ATTRIBUTES.includes(key)) {
      warnings.push(`${setting.source} is ignored: this attribute is the proxy's own`)
      continue
    }
    const rule = KEY.test(key) ? textFault(setting.text, MAX_ATTRIBUTE_BYTES) : 'has a key that is no attribute name'
    if (rule === undefined) attributes.push([key, setting.text])
    else faults.push(invalidSetting(faultSentence(setting, rule)))
  }
  return { attributes, faults: [...faults, ...totalFault(attributes)], warnings }
}

function attributeKeys({ pod, namespace }: AnnotationSources): string[] {
  const names = new Set([...Object.keys(pod), ...Object.keys(namespace?.annotations ?? {})])
  return [...names]
    .filter((name) => name.startsWith(RESOURCE_ATTRIBUTE_PREFIX))
    .map((name) => name.slice(RESOURCE_ATTRIBUTE_PREFIX.length))
    .sort()
}

function totalFault(attributes: ReadonlyArray<readonly [string, string]>): SettingFault[] {
  const bytes = Buffer.byteLength(attributes.map(([key, value]) => `${key}=${value}`).join('\n'))
  if (bytes <= MAX_ATTRIBUTES_BYTES) return []
  const source = `annotations ${RESOURCE_ATTRIBUTE_PREFIX}*`
  return [invalidSetting(`${source} have ${bytes} bytes together, above the limit of ${MAX_ATTRIBUTES_BYTES}`)]
}
