/** Pods, Namespaces and settings of odd shapes, for property tests: nulls, absent parents, wrong types, duplicates. */
import fc, { type Arbitrary } from 'fast-check'
import type { InstallSettings } from '../../src/injection/install-settings.ts'
import type { NamespaceMeta } from '../../src/injection/pod-request.ts'
import { validateInstallSettings } from '../../src/injection/validate-install-settings.ts'
import { EXTRA_ATTRIBUTES, OURS } from './pod-rules.ts'

const ADDRESSES = [
  'otel.obs:4317',
  'otel:4317',
  'otel.obs.svc.cluster.local.:4317',
  'otel.obs.svc.acme.mesh:4317',
  'otel.example.com:4317',
  '10.0.0.5:4317',
  '[fd00::5]:4317',
  '127.0.0.1:4317',
  '[::1]:4317',
  'localhost.:4317',
  'LOCALHOST.:4317',
  '[::ffff:127.0.0.1]:4317',
  'localhost:4317',
  '0.0.0.0:4317',
  'otel.obs:0',
  'http://otel.obs:4317',
  'otel.obs',
  '',
  ' ',
  '$(X):4317',
  `${'a'.repeat(63)}.${'b'.repeat(63)}:4317`,
]

const VERSIONS = [
  'edge-26.8.3',
  'edge-25.4.4',
  'edge-24.9.5',
  'stable-2.14.10',
  'stable-2.9.5',
  'stable-2.7.1',
  'version-2.18',
  'enterprise-2.19.1',
  'v2.366.0',
  'v2.255.0',
  'latest',
  'edge-99999999999999999999.1.1',
  'stable-2.',
  '',
]

const POD_VARIABLES = ['_pod_name', '_pod_ns', '_pod_uid', '_pod_ip', '_pod_nodeName', '_pod_containerName', '_pod_sa']
const FACTS = [
  '_l5d_ns',
  '_l5d_trustdomain',
  'LINKERD2_PROXY_DESTINATION_SVC_NAME',
  'LINKERD2_PROXY_IDENTITY_SVC_NAME',
  'LINKERD2_PROXY_DESTINATION_SVC_ADDR',
  'LINKERD2_PROXY_IDENTITY_SVC_ADDR',
]

const often = <A, B>(arbitrary: Arbitrary<A>, seldom: Arbitrary<B>): Arbitrary<A | B> =>
  fc.oneof({ weight: 12, arbitrary }, { weight: 1, arbitrary: seldom })

const nothing = fc.constantFrom(undefined, null)
const wrongType = fc.constantFrom<unknown>(null, 0, '', 'text', true, [], {}, [null], { a: 1 })

const text = fc.oneof(
  fc.constantFrom(...ADDRESSES, ...VERSIONS, 'enabled', 'disabled', 'web', '$', '$$', '$(X)', '$$(X)', '$$$(_pod_ip)'),
  fc.constantFrom('$(_pod_uid)', 'a\nb=c', '\u0000', '\u007f', '\u001b[31m', 'é✓', '\ud800', '__proto__', 'a=b', '"\\'),
  fc.constantFrom(
    'x'.repeat(255),
    'x'.repeat(257),
    'é'.repeat(128),
    'x'.repeat(1025),
    '$'.repeat(700),
    'y'.repeat(9000),
  ),
  fc.constantFrom('linkerd', 'cluster.local', 'acme.mesh', 'collector.obs', 'collector', 'a.b.c', '-a', 'A_b.C'),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

const harmless = fc.constantFrom('shop', 'a b', '$(X)', '$$(_pod_ip)$', 'é✓', 'a=b', '"\\', '')

const RESOURCE = 'resource.opentelemetry.io/'
// What an API server refuses as a key; it does so only after the webhooks.
const seldomOdd = fc.oneof(
  { weight: 9, arbitrary: fc.constant('example.com/other') },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.string({ maxLength: 12 }).map((key) => RESOURCE + key),
      fc
        .constantFrom('k8s.pod.ip ', 'x\nk8s.pod.uid', 'service.name=x', 'k8s.pod.uid=forged', '')
        .map((key) => RESOURCE + key),
    ),
  },
)
const annotationKey = fc.oneof(
  fc.constantFrom(
    'config.linkerd.io/trace-collector',
    'config.alpha.linkerd.io/trace-collector-service-account',
    'config.linkerd.io/trace-collector-protocol',
    'config.linkerd.io/trace-collector-name',
    'linkerd.io/proxy-version',
    'linkerd.io/inject',
    'tracing.linkerd.io/inject',
    'tracing.linkerd.io/status',
    `${RESOURCE}service.name`,
    `${RESOURCE}k8s.pod.uid`,
    `${RESOURCE}team`,
    `${RESOURCE}__proto__`,
    '__proto__',
    'constructor',
  ),
  fc.stringMatching(/^[a-z][a-zA-Z0-9._-]{0,8}[a-z]$/).map((key) => RESOURCE + key),
  fc.stringMatching(/^[a-z][a-zA-Z0-9._-]{0,8}[a-z]$/).map((key) => RESOURCE + key),
  seldomOdd,
  fc.string({ maxLength: 12 }),
)

/** Values that the settings take, so that some Pods get past them. */
const PLAUSIBLE: Record<string, readonly string[]> = {
  'config.linkerd.io/trace-collector': ADDRESSES.slice(0, 11),
  'config.alpha.linkerd.io/trace-collector-service-account': ['collector', 'collector.obs', 'my.own.sa.obs'],
  'config.linkerd.io/trace-collector-protocol': ['opentelemetry', 'opencensus'],
  'config.linkerd.io/trace-collector-name': ['web', 'pay$(X)', '$$', 'é'],
  'linkerd.io/proxy-version': VERSIONS,
}

const annotation = annotationKey.chain((key) => {
  const plausible = Object.hasOwn(PLAUSIBLE, key) ? PLAUSIBLE[key] : undefined
  if (plausible === undefined)
    return fc.tuple(
      fc.constant(key),
      fc.oneof({ weight: 20, arbitrary: harmless }, { weight: 2, arbitrary: text }, wrongType),
    )
  return fc.tuple(
    fc.constant(key),
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...plausible) }, { weight: 1, arbitrary: text }),
  )
})
// defineProperty by fromEntries: a key `__proto__` becomes an own property, as JSON.parse makes it
const annotations = fc.array(annotation, { maxLength: 4 }).map((entries) => Object.fromEntries(entries))

const label = fc.tuple(
  fc.constantFrom(
    'app',
    'app.kubernetes.io/instance',
    'app.kubernetes.io/name',
    'linkerd.io/control-plane-component',
    'linkerd.io/control-plane-component',
  ),
  fc.constantFrom('web', 'destination', 'identity', '', 'shop$x'),
)
const oursByLabel = fc.tuple(
  fc.constantFrom('tracing.linkerd.io/inject', 'tracing.linkerd.io/component'),
  fc.constantFrom('enabled', 'disabled', 'collector', 'jaeger', 'x'),
)
const labels = fc
  .tuple(fc.array(label, { maxLength: 3 }), often(fc.constant([]), fc.tuple(oursByLabel)))
  .map(([some, ours]) => Object.fromEntries([...some, ...ours]) as Record<string, unknown>)

const variableName = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...OURS) },
  { weight: 4, arbitrary: fc.constantFrom(...POD_VARIABLES) },
  { weight: 3, arbitrary: fc.constantFrom(...FACTS) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>('X', '', null, 7, 'OTEL_RESOURCE_ATTRIBUTES', '__proto__') },
)
const variableValue = fc.oneof(
  text,
  fc.constantFrom(
    'linkerd-destination.linkerd.serviceaccount.identity.linkerd.acme.mesh',
    'linkerd-identity.$(_l5d_ns).serviceaccount.identity.$(_l5d_ns).$(_l5d_trustdomain)',
    'linkerd-dst-headless.linkerd.svc.acme.mesh.:8086',
    'localhost.:8086',
    'team=shop\nk8s.pod.uid=$(_pod_uid)',
    'k8s.pod.ip=$(_pod_ip)\n',
    '/var/run/linkerd/podinfo/labels',
  ),
)
/** A reference that is never closed: a `)` of whatever comes behind it would do that. */
const unclosed = fc.constantFrom('a=$(b', 'team=$(_pod_ip)\na=$(', '$(')
const variable = often(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ name: variableName, value: variableValue }) },
    {
      weight: 8,
      arbitrary: fc.record({
        name: variableName,
        valueFrom: fc.constant({ fieldRef: { fieldPath: 'metadata.uid' } }),
      }),
    },
    { weight: 8, arbitrary: fc.record({ name: variableName }) },
    { weight: 1, arbitrary: fc.record({ name: fc.constant(EXTRA_ATTRIBUTES), value: unclosed }) },
  ),
  wrongType,
)
const ORDINARY = [...POD_VARIABLES.map((name) => ({ name, valueFrom: { fieldRef: { fieldPath: 'x' } } }))]
const env = fc.oneof(
  fc.array(variable, { maxLength: 9 }),
  fc.array(variable, { maxLength: 4 }).map((some) => [...ORDINARY, ...some]),
  fc.array(variable, { maxLength: 4 }).map((some) => [...some, ...ORDINARY]),
  nothing,
)

const PATHS = [
  '/var/run/linkerd/podinfo',
  'var/run/linkerd/podinfo',
  '/var/run/linkerd/podinfo/',
  '/var/run/linkerd-tracing/podinfo',
  '/data',
  '',
  '/',
]
const VOLUMES = ['linkerd-podinfo', 'linkerd-tracing-podinfo', 'podinfo', 'data']
const mount = often(
  fc.record({
    name: fc.constantFrom<unknown>(...VOLUMES, 'gone', null),
    mountPath: fc.constantFrom<unknown>(...PATHS, null),
    subPath: fc.constantFrom(undefined, undefined, undefined, 'labels'),
  }),
  wrongType,
)
const mounts = fc.oneof(fc.array(mount, { maxLength: 4 }), nothing)
const item = often(
  fc.record({
    path: fc.constantFrom<unknown>('labels', 'a/b', '', null),
    fieldRef: fc.constantFrom<unknown>(
      { fieldPath: 'metadata.labels' },
      { fieldPath: 'metadata.annotations' },
      { fieldPath: "metadata.labels['app']" },
      null,
    ),
  }),
  wrongType,
)
const volume = often(
  fc.oneof(
    fc.record({ name: fc.constantFrom<unknown>(...VOLUMES, null), emptyDir: fc.constant({}) }),
    fc.record({
      name: fc.constantFrom<unknown>(...VOLUMES),
      downwardAPI: often(fc.record({ items: often(fc.array(item, { maxLength: 3 }), nothing) }), wrongType),
    }),
  ),
  wrongType,
)
const volumes = fc.oneof(fc.array(volume, { maxLength: 4 }), nothing)

const image = fc.oneof(
  fc.constantFrom(...VERSIONS).map((version) => `cr.l5d.io/linkerd/proxy:${version}`),
  fc.constantFrom<unknown>('proxy', 'registry:5000/proxy', 'proxy@sha256:abc', ':', '', null, undefined, 7),
)
const proxy = fc.record({ name: fc.constant('linkerd-proxy'), image, env, volumeMounts: mounts })
const argument = fc.constantFrom<unknown>(
  'destination',
  'identity',
  'tap',
  '-trace-collector=old:1',
  '--trace-collector=old:1',
  '-trace-collector',
  '--trace-collector',
  '-trace-collector=linkerd-collector.linkerd-tracing.svc.cluster.local:55678',
  'linkerd-collector.linkerd-tracing.svc.cluster.local:55678',
  '-x',
  '--',
  '',
  null,
  7,
)
const controllerImage = fc
  .tuple(fc.constantFrom('controller', 'web', 'policy-controller', 'proxy'), fc.constantFrom(...VERSIONS))
  .map(([name, version]) => `cr.l5d.io/linkerd/${name}:${version}`)
const program = fc.record({
  name: fc.constantFrom('destination', 'web', 'linkerd-init'),
  image: controllerImage,
  args: fc.oneof(
    fc.array(argument, { maxLength: 4 }),
    fc.array(argument, { maxLength: 3 }).map((some) => ['destination', ...some]),
    nothing,
  ),
  command: fc.constantFrom<unknown>(undefined, undefined, undefined, null, [], ['/bin/sh']),
})
const containers = fc
  .tuple(
    fc.array(often(program, wrongType), { maxLength: 2 }),
    often(fc.tuple(proxy), fc.array(proxy, { maxLength: 2 })),
  )
  .map(([programs, proxies]) => [...programs, ...proxies])
const spec = fc.record({
  containers: often(containers, wrongType),
  initContainers: fc.oneof({ weight: 8, arbitrary: nothing }, { weight: 1, arbitrary: containers }),
  volumes,
  serviceAccountName: fc.constantFrom<unknown>(undefined, undefined, 'web', 'linkerd-collector', '', null, 7),
  unheardOf: fc.constantFrom<unknown>(undefined, null, { a: [null] }),
})

/** Absent keys are absent, as in JSON. */
const asJson = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)))

const pod = often(
  fc.record({
    apiVersion: fc.constant('v1'),
    kind: fc.constant('Pod'),
    metadata: often(
      fc.record({
        name: fc.constantFrom<unknown>(undefined, 'web', null),
        annotations: often(annotations, fc.oneof(nothing, wrongType)),
        labels: often(labels, fc.oneof(nothing, wrongType)),
      }),
      fc.oneof(nothing, wrongType),
    ),
    spec: often(spec, fc.oneof(nothing, wrongType)),
  }),
  fc.oneof(fc.jsonValue(), wrongType),
).map(asJson)

const namespaceMeta: Arbitrary<NamespaceMeta | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({
    labels: fc.constantFrom<Record<string, string>>(
      { 'tracing.linkerd.io/inject': 'enabled' },
      { 'tracing.linkerd.io/inject': 'enabled' },
      { 'tracing.linkerd.io/inject': 'disabled' },
      { 'tracing.linkerd.io/inject': 'On' },
      {},
    ),
    // a Namespace's metadata is read by us before it gets here: texts only
    annotations: annotations.map((map) =>
      Object.fromEntries(
        Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
    ),
  }),
)

const settings: Arbitrary<InstallSettings> = fc
  .record({
    collectorAddress: fc.constantFrom(undefined, undefined, ...ADDRESSES.slice(0, 11)),
    opencensusAddress: fc.constantFrom(undefined, undefined, '', 'bridge.obs:55678', '127.0.0.1:55678'),
    collectorServiceAccount: fc.constantFrom('linkerd-collector', 'linkerd-collector', 'collector.telemetry', 'web'),
    collectorNamespace: fc.constantFrom('linkerd-tracing', 'obs'),
    allNamespaces: fc.boolean(),
    controlPlane: fc.boolean(),
    allowCollectorAnnotations: often(fc.constant(true), fc.constant(false)),
    linkerdNamespace: fc.constantFrom('linkerd', 'mesh'),
    trustDomain: fc.constantFrom('cluster.local', 'acme.mesh'),
    clusterDomain: fc.constantFrom('cluster.local', 'acme.mesh'),
    linkerdVersion: fc.constantFrom(undefined, ...VERSIONS),
    serviceName: fc.constantFrom(undefined, undefined, 'shop', 'a$b', 'a$(NOWHERE)b', 'a$$(X)'),
    protocol: fc.constantFrom('opentelemetry' as const, 'opencensus' as const),
  })
  // an absent setting is absent, not undefined
  .map((record) => asJson(record) as InstallSettings)
  // invalid install settings stop the start: there is no server that has them
  .filter((valid) => validateInstallSettings(valid).length === 0)

export interface OddCase {
  pod: unknown
  namespaceName: string
  namespace: NamespaceMeta | undefined
  settings: InstallSettings
  dryRun: boolean
}

export const oddCase: Arbitrary<OddCase> = fc.record({
  pod,
  namespaceName: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('emojivoto', 'linkerd', 'mesh') },
    { weight: 1, arbitrary: fc.constantFrom('linkerd-tracing', 'obs', 'kube-system', '', 'default') },
  ),
  namespace: namespaceMeta,
  settings,
  dryRun: fc.boolean(),
})
