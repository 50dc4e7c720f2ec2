import { describe, expect, test } from 'vitest'
import { decide, EXTRA_ATTRIBUTES, envOf, meshedPod, SERVICE_NAME } from './samples.ts'

const NAME_ANNOTATION = 'config.linkerd.io/trace-collector-name'
const ATTRIBUTE = 'resource.opentelemetry.io/service.name'
const SOURCES = [
  'pod-name',
  'pod-attribute',
  'namespace-name',
  'namespace-attribute',
  'install',
  'instance',
  'name',
] as const
type Source = (typeof SOURCES)[number]

/** A Pod with a service name in each of the sources, which is the source's own word. */
function nameFrom(
  sources: readonly Source[],
  text: (source: Source) => string = (source) => source,
): string | undefined {
  const entry = (source: Source, key: string) => (sources.includes(source) ? { [key]: text(source) } : {})
  const pod = meshedPod({
    annotations: { ...entry('pod-name', NAME_ANNOTATION), ...entry('pod-attribute', ATTRIBUTE) },
    labels: { ...entry('instance', 'app.kubernetes.io/instance'), ...entry('name', 'app.kubernetes.io/name') },
  })
  const annotations = { ...entry('namespace-name', NAME_ANNOTATION), ...entry('namespace-attribute', ATTRIBUTE) }
  const namespace = {
    labels: { 'tracing.linkerd.io/inject': 'enabled' },
    annotations: annotations as Record<string, string>,
  }
  const { patched } = decide(pod, { namespace, settings: entry('install', 'serviceName') })
  expect(envOf(patched)[EXTRA_ATTRIBUTES]).not.toContain('service.name')
  return envOf(patched)[SERVICE_NAME]
}

describe('service.name', () => {
  test.each(SOURCES.map((source, index) => [source, SOURCES.slice(index)] as const))(
    '%s wins over all after it',
    (source, rest) => {
      expect(nameFrom(rest)).toBe(source)
    },
  )
  test('the last resort is the proxy’s own name', () => {
    expect(nameFrom([])).toBe('linkerd-proxy')
  })
  test('an empty name counts as absent, wherever it stands', () => {
    expect(nameFrom(SOURCES, (source) => (source === 'name' ? 'last' : ''))).toBe('last')
  })
  test('reaches the proxy as it was written', () => {
    expect(nameFrom(['pod-name'], () => "Joe's <shop>&co a+b\\n $(X) $$(Y)")).toBe(
      "Joe's <shop>&co a+b\\n $$(X) $$$$(Y)",
    )
  })
  test.each([
    ['a newline', 'a\nb', 'control characters'],
    ['DEL', 'a\u007fb', 'control characters'],
    ['257 bytes', `${'é'.repeat(128)}x`, 'above the limit of 256'],
  ])('%s is refused', (_, text, rule) => {
    const { decision } = decide(meshedPod({ annotations: { [NAME_ANNOTATION]: text } }))
    expect(decision).toMatchObject({ reason: 'invalid-setting', warnings: [expect.stringContaining(rule)] })
    expect(decision.warnings[0]).toContain(`Pod annotation ${NAME_ANNOTATION}`)
  })
  test('256 bytes are taken', () => {
    expect(nameFrom(['pod-name'], () => 'é'.repeat(128))).toBe('é'.repeat(128))
  })
})
