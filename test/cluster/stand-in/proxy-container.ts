/** What the stand-in's proxies look like. */
export interface ProxyLook {
  /** The image's tag: Linkerd's version. */
  readonly version: string
  readonly linkerdNamespace: string
  readonly trustDomain: string
  readonly clusterDomain: string
}

// Written by hand after what Linkerd edge-26.8 puts there: all that this product reads (the `_pod_*` and `_l5d_*`
// variables and their places, the names and addresses of the control plane) and as much around it as makes the list real.
function proxyEnvironment({ linkerdNamespace, trustDomain, clusterDomain }: ProxyLook): object[] {
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } })
  const service = (name: string, port: number) => `${name}.${linkerdNamespace}.svc.${clusterDomain}.:${port}`
  const identity = (account: string, namespace: string) =>
    `${account}.${namespace}.serviceaccount.identity.${linkerdNamespace}.${trustDomain}`
  return [
    field('_pod_name', 'metadata.name'),
    field('_pod_ns', 'metadata.namespace'),
    field('_pod_uid', 'metadata.uid'),
    field('_pod_ip', 'status.podIP'),
    field('_pod_nodeName', 'spec.nodeName'),
    { name: '_pod_containerName', value: 'linkerd-proxy' },
    { name: 'LINKERD2_PROXY_CORES', value: '1' },
    { name: 'LINKERD2_PROXY_LOG', value: 'warn,linkerd=info' },
    { name: 'LINKERD2_PROXY_DESTINATION_SVC_ADDR', value: service('linkerd-dst-headless', 8086) },
    { name: 'LINKERD2_PROXY_POLICY_SVC_ADDR', value: service('linkerd-policy', 8090) },
    { name: 'LINKERD2_PROXY_POLICY_WORKLOAD', value: '{"ns":"$(_pod_ns)", "pod":"$(_pod_name)"}\n' },
    { name: 'LINKERD2_PROXY_CONTROL_LISTEN_ADDR', value: '0.0.0.0:4190' },
    { name: 'LINKERD2_PROXY_ADMIN_LISTEN_ADDR', value: '0.0.0.0:4191' },
    { name: 'LINKERD2_PROXY_OUTBOUND_LISTEN_ADDR', value: '127.0.0.1:4140' },
    { name: 'LINKERD2_PROXY_INBOUND_LISTEN_ADDR', value: '0.0.0.0:4143' },
    field('LINKERD2_PROXY_INBOUND_IPS', 'status.podIPs'),
    {
      name: 'LINKERD2_PROXY_DESTINATION_CONTEXT',
      value: '{"ns":"$(_pod_ns)", "nodeName":"$(_pod_nodeName)", "pod":"$(_pod_name)"}\n',
    },
    field('_pod_sa', 'spec.serviceAccountName'),
    { name: '_l5d_ns', value: linkerdNamespace },
    { name: '_l5d_trustdomain', value: trustDomain },
    { name: 'LINKERD2_PROXY_IDENTITY_DIR', value: '/var/run/linkerd/identity/end-entity' },
    { name: 'LINKERD2_PROXY_IDENTITY_TOKEN_FILE', value: '/var/run/secrets/tokens/linkerd-identity-token' },
    { name: 'LINKERD2_PROXY_IDENTITY_SVC_ADDR', value: service('linkerd-identity-headless', 8080) },
    { name: 'LINKERD2_PROXY_IDENTITY_LOCAL_NAME', value: identity('$(_pod_sa)', '$(_pod_ns)') },
    { name: 'LINKERD2_PROXY_IDENTITY_SVC_NAME', value: identity('linkerd-identity', linkerdNamespace) },
    { name: 'LINKERD2_PROXY_DESTINATION_SVC_NAME', value: identity('linkerd-destination', linkerdNamespace) },
    { name: 'LINKERD2_PROXY_POLICY_SVC_NAME', value: identity('linkerd-destination', linkerdNamespace) },
  ]
}

export interface MountingContainer {
  readonly name: string
  readonly volumeMounts: readonly object[]
  readonly [field: string]: unknown
}

/** The container `linkerd-proxy`; as a native sidecar it restarts always, and a startup probe holds the others back. */
export function proxyContainer(look: ProxyLook, native: boolean): MountingContainer {
  const ready = { httpGet: { path: '/ready', port: 4191 } }
  const sidecar = { restartPolicy: 'Always', startupProbe: { ...ready, failureThreshold: 120, periodSeconds: 1 } }
  return {
    name: 'linkerd-proxy',
    image: `cr.l5d.io/linkerd/proxy:${look.version}`,
    imagePullPolicy: 'IfNotPresent',
    env: proxyEnvironment(look),
    ports: [
      { containerPort: 4143, name: 'linkerd-proxy' },
      { containerPort: 4191, name: 'linkerd-admin' },
    ],
    livenessProbe: { httpGet: { path: '/live', port: 4191 }, initialDelaySeconds: 10 },
    readinessProbe: { ...ready, initialDelaySeconds: 2 },
    ...(native ? sidecar : {}),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 2102,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { mountPath: '/var/run/linkerd/identity/end-entity', name: 'linkerd-identity-end-entity' },
      { mountPath: '/var/run/secrets/tokens', name: 'linkerd-identity-token' },
    ],
  }
}

/** The init container that sends the Pod's traffic through the proxy. */
export function initContainer({ version }: ProxyLook): MountingContainer {
  return {
    name: 'linkerd-init',
    image: `cr.l5d.io/linkerd/proxy:${version}`,
    command: ['/usr/lib/linkerd/linkerd2-proxy-init'],
    args: ['--incoming-proxy-port', '4143', '--outgoing-proxy-port', '4140', '--proxy-uid', '2102'],
    securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] }, runAsNonRoot: true, runAsUser: 65534 },
    volumeMounts: [{ mountPath: '/run', name: 'linkerd-proxy-init-xtables-lock' }],
  }
}

/** What the two containers mount. */
export function proxyVolumes(): object[] {
  const token = { audience: 'identity.l5d.io', expirationSeconds: 86_400, path: 'linkerd-identity-token' }
  return [
    { name: 'linkerd-proxy-init-xtables-lock', emptyDir: {} },
    { name: 'linkerd-identity-end-entity', emptyDir: { medium: 'Memory' } },
    { name: 'linkerd-identity-token', projected: { sources: [{ serviceAccountToken: token }] } },
  ]
}
