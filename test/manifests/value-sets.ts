import { OVERLAYS } from '../../scripts/manifests/overlays.ts'

/** Values, as a file says them. */
export type SaidValues = Readonly<Record<string, unknown>>

const HEADER = { name: 'x-api-key', secret: { name: 'keys', key: 'api' } }

/** Settings that are rendered by all ways: those of the overlays, and every switch and list in at least one more. */
export const VALUE_SETS: Readonly<Record<string, SaidValues>> = {
  'nothing said': {},
  ...Object.fromEntries(OVERLAYS.map(({ name, values }) => [`the overlay ${name}`, values])),
  'without policy, NetworkPolicies, bridge and control plane': {
    policy: 'off',
    networkPolicy: false,
    bridge: { enabled: false },
    controlPlane: false,
    allNamespaces: true,
    allowCollectorAnnotations: false,
  },
  'files in Linkerd’s own namespace': { namespace: 'mesh', linkerdNamespace: 'mesh', certs: 'files' },
  'files, in the nodes’ network': {
    certs: 'files',
    injector: { hostNetwork: true, certificateSecret: 'brought' },
    policy: 'on',
  },
  'certificates and callers by settings of serve': {
    injector: {
      clientCaConfigMap: 'api-servers',
      moreArguments: ['--serving-lifetime=3d', '--client-allowed-names=kube-apiserver, "front"'],
    },
  },
  'badger, with Linkerd’s CNI plugin': {
    linkerdCni: true,
    jaeger: {
      storage: 'badger',
      keepHours: 12,
      volumeSize: '1.5Gi',
      storageClassName: 'fast',
      basePath: '',
      uiClients: [],
    },
  },
  'tail sampling by all rules': {
    collector: { tailSampling: { enabled: true, percent: 12.5, slowerThanMs: 1_500_000 } },
  },
  'tail sampling by share alone': {
    collector: { tailSampling: { enabled: true, errors: false, slowerThanMs: 0, percent: 100, waitSeconds: 5 } },
    jaeger: { maxTraces: 3_000_000 },
  },
  'no redaction, no attributes of Kubernetes': {
    collector: { redaction: { enabled: false }, kubernetesAttributes: false },
  },
  'redaction of one’s own': {
    collector: {
      redaction: {
        secretNames: ['card-number', 'pin', '_x'],
        moreSecretNames: ['größe', 'server.address'],
        keptNames: ['cost$'],
        urlAttributes: ['a"b', 'my.url$'],
        queryAttributes: [],
        secretValues: ['^[0-9]{16}$', 'a<b>&"c\\d'],
        links: 'keep',
      },
    },
  },
  'redaction without words': { collector: { redaction: { secretNames: [], secretValues: ['^x'], links: 'keep' } } },
  'redaction without expressions': {
    collector: { redaction: { secretValues: [], keptNames: [], moreSecretNames: ['method'] } },
  },
  'backends of every kind': {
    jaeger: { storage: 'none' },
    backends: [
      { endpoint: 'plain.example.com:4317', tls: false },
      { endpoint: '[::1]:4317', caSecret: { name: 'ca', key: 'ca.crt' }, headers: [HEADER, { ...HEADER, name: 'b' }] },
      { name: 'vendor', endpoint: 'https://otel.example.com/v1', serverName: 'x$y', insecureSkipVerify: true },
      { name: 'near', endpoint: 'http://near:4318' },
      { endpoint: 'https://last.example.com', insecureSkipVerify: false, caSecret: { name: 'ca2', key: 'k' } },
    ],
  },
  'Jaeger and a backend': { backends: [{ endpoint: 'otel.example.com:4317' }], ha: true, injector: { replicas: 5 } },
  'domains and names': {
    clusterDomain: 'corp.example',
    trustDomain: 'trust.example',
    serviceName: 'it’s "quoted" {{ .Values.ha }} $HOME \\ # é',
    protocol: 'opencensus',
    logLevel: 'debug',
    namespace: 'tracing-2',
    linkerdNamespace: '123',
  },
  'images, a registry, pull secrets': {
    registry: 'registry.example.com:5000/mirror/',
    imagePullSecrets: ['one', 'two'],
    injector: { image: 'localhost/own:1' },
    bridge: { image: 'own:1.0' },
    collector: { image: `library/collector@sha256:${'a'.repeat(64)}` },
    jaeger: { image: `host:5000/a/b:2@sha256:${'0'.repeat(64)}` },
  },
  'amounts left out, and odd ones': {
    injector: { resources: { limits: { cpu: '', memory: '' } } },
    collector: { resources: { requests: { memory: '0.5Gi', cpu: '' }, limits: { memory: '' } } },
    bridge: { resources: { requests: { cpu: '', memory: '' }, limits: { cpu: '', memory: '' } } },
  },
  'memory that nobody says': {
    collector: { resources: { requests: { memory: '' }, limits: { memory: '', cpu: '' } } },
    jaeger: { resources: { limits: { memory: '3G', cpu: '1.5' } } },
  },
  'where Pods run': {
    pods: {
      nodeSelector: { 'kubernetes.io/os': 'linux', size: '1' },
      tolerations: [{ key: 'all', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }],
      priorityClassName: 'all',
      annotations: { note: 'yes: "no"' },
      labels: { team: 'a', other: 'true' },
    },
    injector: {
      nodeSelector: { size: '2' },
      priorityClassName: 'injector',
      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
      antiAffinity: 'required',
    },
    collector: {
      replicas: 3,
      antiAffinity: 'required',
      tolerations: [{ key: 'own', value: 'x' }],
      labels: { team: 'b' },
      annotations: { note: 'c' },
      resources: { limits: { memory: '300000Ki' } },
    },
    jaeger: { labels: { 'example.com/x': '' }, tolerations: [{ operator: 'Exists' }] },
  },
}
