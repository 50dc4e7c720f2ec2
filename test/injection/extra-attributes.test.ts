import { describe, expect, test } from 'vitest'
import { decide, EXTRA_ATTRIBUTES, envOf, meshedPod, proxyOf, type Raw } from './samples.ts'

const field = (name: string) => ({ name, valueFrom: { fieldRef: { fieldPath: 'x' } } })
const extra = (value: string) => ({ name: EXTRA_ATTRIBUTES, value })

function linesOf(env: Raw[] | null, annotations: Record<string, string> = {}): string[] | undefined {
  return envOf(decide(meshedPod({ annotations, proxy: { env } })).patched)[EXTRA_ATTRIBUTES]?.split('\n')
}

describe('resource attributes of the Pod', () => {
  test('refer to the variables that Linkerd’s injector has made', () => {
    const env = ['_pod_name', '_pod_ns', '_pod_uid', '_pod_ip', '_pod_nodeName', '_pod_sa'].map(field)
    expect(linesOf(env)).toEqual([
      'k8s.pod.uid=$(_pod_uid)',
      'k8s.pod.ip=$(_pod_ip)',
      'k8s.pod.name=$(_pod_name)',
      'k8s.namespace.name=$(_pod_ns)',
      'k8s.node.name=$(_pod_nodeName)',
      'k8s.container.name=linkerd-proxy',
    ])
  })
  test('leave out what an older injector lacks, and add no variable for it', () => {
    expect(linesOf(null)).toEqual(['k8s.container.name=linkerd-proxy'])
    const { patched } = decide(meshedPod({ proxy: { env: [field('_pod_ns')] } }))
    expect(proxyOf(patched).env.filter(({ name }: Raw) => name.startsWith('_pod'))).toHaveLength(1)
  })
  test('keep what is there, with or without a newline at its end', () => {
    const env = [field('_pod_uid'), extra('a=1\nk8s.pod.uid=$(_pod_uid)\n')]
    expect(linesOf(env)).toEqual(['a=1', 'k8s.pod.uid=$(_pod_uid)', 'k8s.container.name=linkerd-proxy'])
    expect(linesOf([extra('a=1')])).toEqual(['a=1', 'k8s.container.name=linkerd-proxy'])
    expect(linesOf([{ name: EXTRA_ATTRIBUTES }])).toEqual(['k8s.container.name=linkerd-proxy'])
  })
  test('an annotation does not replace a key that is there', () => {
    expect(linesOf([extra(' team =x')], { 'resource.opentelemetry.io/team': 'y' })).toEqual([
      ' team =x',
      'k8s.container.name=linkerd-proxy',
    ])
  })
  test('join the lines of duplicates, of which one stays', () => {
    expect(linesOf([extra('a=1'), extra('b=2')])).toEqual(['a=1', 'b=2', 'k8s.container.name=linkerd-proxy'])
  })
  test('come before a reference that is never closed: behind it the kubelet would take them for its name', () => {
    const env = [field('_pod_uid'), extra('c=1'), extra('a=$(b')]
    const lines = ['c=1', 'k8s.pod.uid=$(_pod_uid)', 'k8s.container.name=linkerd-proxy', 'a=$(b']
    expect(linesOf(env)).toEqual(lines)
    expect(linesOf([field('_pod_uid'), extra(lines.join('\n'))])).toEqual(lines)
  })
  test('come behind one of a duplicate, which is closed', () => {
    const ours = ['k8s.pod.uid=$(_pod_uid)', 'k8s.container.name=linkerd-proxy']
    const linesFor = (...texts: string[]) => linesOf([field('_pod_uid'), ...texts.map(extra)])
    expect(linesFor('a=$(b', 'c=1')).toEqual(['a=$$(b', 'c=1', ...ours])
    expect(linesFor('a=$(b', 'c=$(_pod_uid)\nd=$(e')).toEqual(['a=$$(b', ...ours, 'c=$(_pod_uid)', 'd=$(e'])
  })
  test('move behind the variables that they refer to', () => {
    const { patched } = decide(meshedPod({ proxy: { env: [extra('a=1'), field('_pod_uid')] } }))
    const names = proxyOf(patched).env.map(({ name }: Raw) => name)
    expect(names[0]).toBe('_pod_uid')
    expect(names.at(-1)).toBe(EXTRA_ATTRIBUTES)
    expect(decide(patched).patch).toEqual([])
  })
  test('stay where they are when the variables stand before', () => {
    const { patched } = decide(meshedPod({ proxy: { env: [field('_pod_uid'), extra('a=1'), field('_pod_ip')] } }))
    expect(
      proxyOf(patched)
        .env.map(({ name }: Raw) => name)
        .indexOf(EXTRA_ATTRIBUTES),
    ).not.toBe(1)
    const inPlace = decide(meshedPod({ proxy: { env: [field('_pod_uid'), extra('a=1'), field('other')] } })).patched
    expect(proxyOf(inPlace).env[1].name).toBe(EXTRA_ATTRIBUTES)
  })
  test('may refer to variables of ours, and to themselves, without moving for ever', () => {
    const env = [extra('x=$(LINKERD2_PROXY_TRACE_SERVICE_NAME)$(LINKERD2_PROXY_TRACE_EXTRA_ATTRIBUTES)$(none)')]
    const { patched } = decide(meshedPod({ proxy: { env } }))
    expect(proxyOf(patched).env.at(-1).name).toBe(EXTRA_ATTRIBUTES)
    expect(decide(patched).patch).toEqual([])
  })
  test('given by reference they stay as they are, with a warning, also behind a duplicate', () => {
    const reference = { name: EXTRA_ATTRIBUTES, valueFrom: { configMapKeyRef: { name: 'a', key: 'b' } } }
    for (const env of [[reference], [{ name: EXTRA_ATTRIBUTES }, reference]]) {
      const { decision, patched } = decide(meshedPod({ proxy: { env } }))
      expect(proxyOf(patched).env.filter(({ name }: Raw) => name === EXTRA_ATTRIBUTES)).toEqual([reference])
      expect(decision.warnings).toEqual([expect.stringContaining('is given by reference')])
      expect(decide(patched).patch).toEqual([])
    }
  })
})

describe('resource attributes from annotations', () => {
  const attribute = (key: string, value: string) => ({ [`resource.opentelemetry.io/${key}`]: value })
  test('Pod over Namespace, in order of the keys, with every dollar doubled', () => {
    const namespace = {
      labels: { 'tracing.linkerd.io/inject': 'enabled' },
      annotations: { ...attribute('team', 'ns'), ...attribute('a.zone', '$(X)') },
    }
    const pod = meshedPod({
      annotations: { ...attribute('team', 'a=b'), ...attribute('empty', '') },
      proxy: { env: [] },
    })
    expect(envOf(decide(pod, { namespace }).patched)[EXTRA_ATTRIBUTES]).toBe(
      'k8s.container.name=linkerd-proxy\na.zone=$$(X)\nempty=\nteam=a=b',
    )
  })
  test.each(['k8s.pod.uid', 'k8s.pod.ip', 'k8s.pod.name', 'k8s.namespace.name', 'k8s.node.name', 'k8s.container.name'])(
    '%s is the proxy’s own, also where its variable is lacking',
    (key) => {
      const { decision, patched } = decide(meshedPod({ annotations: attribute(key, 'forged'), proxy: { env: [] } }))
      expect(envOf(patched)[EXTRA_ATTRIBUTES]).toBe('k8s.container.name=linkerd-proxy')
      expect(decision.warnings).toEqual([expect.stringContaining(`${key} is ignored`)])
    },
  )
  test.each<[string, Record<string, string>, string]>([
    ['a newline in the value', attribute('team', 'a\nk8s.pod.uid=x'), 'control characters'],
    ['1025 bytes', attribute('team', 'x'.repeat(1025)), 'above the limit of 1024'],
    ['a key that would end early', attribute('a=b', 'x'), 'no attribute name'],
    ['an empty key', attribute('', 'x'), 'no attribute name'],
    [
      'over 8 KiB together',
      Object.assign({}, ...Array.from({ length: 9 }, (_, i) => attribute(`k${i}`, 'x'.repeat(1000)))),
      'limit of 8192',
    ],
  ])('%s is refused', (_, annotations, rule) => {
    const { decision } = decide(meshedPod({ annotations }))
    expect(decision).toMatchObject({ reason: 'invalid-setting', warnings: [expect.stringContaining(rule)] })
  })
  test('1024 bytes, and 8 KiB together, are taken', () => {
    const annotations = Object.assign(
      {},
      ...Array.from({ length: 8 }, (_, i) => attribute(`k${i}`, 'x'.repeat(i === 0 ? 1024 : 1016))),
    )
    expect(decide(meshedPod({ annotations })).decision.outcome).toBe('traced')
  })
  test('an annotation that is no text is none', () => {
    const { decision } = decide(meshedPod({ annotations: { 'resource.opentelemetry.io/team': 5 } }))
    expect(decision).toMatchObject({ outcome: 'traced', warnings: [] })
  })
})
