import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { installSettings } from '../../src/config/install-settings-of.ts'
import { resolveSettings } from '../../src/config/resolve-settings.ts'
import type { InstallSettings } from '../../src/injection/install-settings.ts'
import type { NamespaceMeta } from '../../src/injection/pod-request.ts'

export const GOLDEN = join(import.meta.dirname, '..', 'golden')

/** The files that may stand in a case's folder; the last two are generated. */
export const CASE_FILES = [
  'pod.yaml',
  'namespace.yaml',
  'request.yaml',
  'settings.yaml',
  'discovered.yaml',
  'expected.yaml',
  'patched.yaml',
  'answer.yaml',
]

export interface Flag {
  value: string
  index: number
  others: string[]
}

/** What a person wrote down from the specification. A text or list of texts under `warnings` stands in one warning. */
export interface Expected {
  rule: string
  outcome: 'traced' | 'already-traced' | 'marked' | 'skipped'
  reason?: string
  warnings: Array<string | string[]>
  warningsWithout?: string[]
  summary?: string[]
  env?: Record<string, string | null>
  /** Entries of the proxy's env that have no value, beside their name. */
  entries?: Record<string, object>
  attributes?: string[]
  attributesStart?: string
  /** As `attributes`, with empty lines left out of account. */
  attributeLines?: string[]
  order?: Array<[string, string]>
  first?: string
  labels?: { volume: string; file: string } | null
  volumes?: string[]
  mounts?: string[]
  args?: Record<string, string[] | null>
  flag?: Record<string, Flag>
  argsWithout?: Record<string, string[]>
  annotations?: Record<string, string | null>
}

export interface GoldenCase {
  name: string
  folder: string
  pod: unknown
  namespaceObject: unknown
  /** Undefined: the Namespace is not known. */
  namespace: NamespaceMeta | undefined
  /** Overrides of the AdmissionRequest, and nothing else. */
  overrides: Record<string, unknown>
  /** Flag without dashes to text. */
  flags: Record<string, string>
  discovered: { linkerdVersion?: string }
  expected: Expected
}

export function caseNames(): string[] {
  return readdirSync(GOLDEN).sort()
}

export function readCase(name: string): GoldenCase {
  const folder = join(GOLDEN, name)
  const read = (file: string): unknown =>
    existsSync(join(folder, file)) ? parse(readFileSync(join(folder, file), 'utf8')) : undefined
  const namespaceObject = read('namespace.yaml') as { metadata: Partial<NamespaceMeta> } | undefined
  return {
    name,
    folder,
    pod: read('pod.yaml'),
    namespaceObject,
    namespace: namespaceObject && {
      labels: namespaceObject.metadata.labels ?? {},
      annotations: namespaceObject.metadata.annotations ?? {},
    },
    overrides: (read('request.yaml') ?? {}) as Record<string, unknown>,
    flags: (read('settings.yaml') ?? {}) as Record<string, string>,
    discovered: (read('discovered.yaml') ?? {}) as { linkerdVersion?: string },
    expected: read('expected.yaml') as Expected,
  }
}

/** Flags by property name, as the command line hands them on. */
export function flagProperties(flags: Record<string, string>): Record<string, string> {
  const property = (flag: string): string => flag.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase())
  return Object.fromEntries(Object.entries(flags).map(([flag, text]) => [property(flag), text]))
}

/** The install settings of a case, read as `serve` reads its flags. */
export function settingsOfCase(golden: Pick<GoldenCase, 'flags' | 'discovered'>): InstallSettings {
  const { values } = resolveSettings({ command: 'serve', flags: flagProperties(golden.flags), env: {} })
  return installSettings(values, golden.discovered)
}

/** An AdmissionReview as an API server sends it, with the case's overrides. */
export function reviewOf(object: unknown, overrides: Record<string, unknown> = {}): object {
  const pod = object as { metadata?: { namespace?: string; name?: string } } | null
  const name = pod?.metadata?.name
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '7d4f6a4e-6f3b-4a36-9d0b-2f3c1d1a9b10',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      requestKind: { group: '', version: 'v1', kind: 'Pod' },
      requestResource: { group: '', version: 'v1', resource: 'pods' },
      ...(name === undefined ? {} : { name }),
      namespace: pod?.metadata?.namespace ?? 'default',
      operation: 'CREATE',
      userInfo: {
        username: 'system:serviceaccount:kube-system:replicaset-controller',
        groups: ['system:authenticated'],
      },
      object,
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
      ...overrides,
    },
  }
}
