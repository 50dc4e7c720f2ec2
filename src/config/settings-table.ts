import type { Setting } from './setting.ts'

const INJECTION = ['serve', 'inject'] as const

/**
 * Every setting, once. Flags, variables, `--help` and docs/settings.md are made from this table.
 * Names and defaults: product.md, "Names and defaults".
 */
export const SETTINGS = [
  {
    flag: 'host',
    kind: 'host',
    placeholder: 'address',
    default: '127.0.0.1',
    sentence:
      'Address that both servers listen on. `::` means all addresses, of IPv4 too; where IPv6 is off, `0.0.0.0` is taken.',
    commands: ['serve'],
  },
  {
    flag: 'port',
    kind: 'port',
    placeholder: 'port',
    default: '8443',
    sentence: 'Port of the webhook (HTTPS). 0 takes any free one.',
    commands: ['serve'],
  },
  {
    flag: 'admin-port',
    kind: 'port',
    placeholder: 'port',
    default: '9990',
    sentence: 'Port of `/live`, `/ready` and `/metrics` (plain HTTP). 0 takes any free one.',
    commands: ['serve'],
  },
  {
    flag: 'cert-dir',
    kind: 'path',
    placeholder: 'directory',
    default: '.linkerd-tracing',
    sentence:
      'Directory of `tls.crt` and `tls.key`. With a `ca.crt` beside them, or empty, it is ours: the certificate is made and remade there. Without a `ca.crt` the pair is used as it is.',
    commands: ['serve'],
  },
  {
    flag: 'drain-seconds',
    kind: 'seconds',
    placeholder: 'seconds',
    // Endpoints and kube-proxies learn of an ending Pod within seconds; 20 s leaves room below the grace period of 40 s.
    default: '20',
    sentence: 'How long SIGTERM keeps serving, unready, while endpoints catch up. 0 closes at once.',
    commands: ['serve'],
  },
  {
    flag: 'log-level',
    kind: 'log-level',
    placeholder: 'level',
    default: 'info',
    sentence: 'Least level that is logged: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
    commands: ['serve'],
  },
  {
    flag: 'namespaces-file',
    kind: 'path',
    placeholder: 'file',
    shownDefault: 'none: every Namespace is unknown, hence opted in',
    sentence: 'YAML file with Namespaces (documents of kind `Namespace`, or a `List` of them), in place of a cluster.',
    commands: INJECTION,
  },
  {
    flag: 'collector-address',
    kind: 'text',
    placeholder: 'host:port',
    shownDefault: 'linkerd-collector.<collector namespace>.svc.<cluster domain>:4317',
    sentence: 'Address of the collector for OpenTelemetry (OTLP over gRPC).',
    commands: INJECTION,
  },
  {
    flag: 'opencensus-address',
    kind: 'text',
    placeholder: 'host:port',
    shownDefault: 'linkerd-collector.<collector namespace>.svc.<cluster domain>:55678',
    sentence: 'Address of the OpenCensus bridge. Empty: there is no bridge.',
    commands: INJECTION,
  },
  {
    flag: 'collector-service-account',
    kind: 'text',
    placeholder: 'name',
    default: 'linkerd-collector',
    sentence:
      'ServiceAccount of the collector, `name` or `name.namespace`; its mesh identity is demanded by the proxies.',
    commands: INJECTION,
  },
  {
    flag: 'collector-namespace',
    kind: 'namespace',
    placeholder: 'namespace',
    default: 'linkerd-tracing',
    sentence: 'Namespace of linkerd-tracing itself, where the collector is.',
    commands: INJECTION,
  },
  {
    flag: 'all-namespaces',
    kind: 'boolean',
    placeholder: 'true|false',
    default: 'false',
    sentence: 'Trace every Namespace but those labelled `tracing.linkerd.io/inject=disabled`.',
    commands: INJECTION,
  },
  {
    flag: 'control-plane',
    kind: 'boolean',
    placeholder: 'true|false',
    default: 'true',
    sentence: 'Trace Linkerd’s control plane.',
    commands: INJECTION,
  },
  {
    flag: 'allow-collector-annotations',
    kind: 'boolean',
    placeholder: 'true|false',
    default: 'true',
    sentence: 'Let annotations name another collector address and ServiceAccount. Switch off in multi-tenant clusters.',
    commands: INJECTION,
  },
  {
    flag: 'linkerd-namespace',
    short: 'L',
    kind: 'namespace',
    placeholder: 'namespace',
    default: 'linkerd',
    sentence: 'Namespace of Linkerd’s control plane.',
    commands: INJECTION,
  },
  {
    flag: 'trust-domain',
    kind: 'text',
    placeholder: 'domain',
    shownDefault: 'that of `linkerd-config`, else the cluster domain',
    sentence: 'Trust domain of the mesh, for Pods whose proxy does not tell it.',
    commands: INJECTION,
  },
  {
    flag: 'cluster-domain',
    kind: 'text',
    placeholder: 'domain',
    shownDefault: 'that of `linkerd-config`, else cluster.local',
    sentence: 'Domain of the cluster’s DNS names, for Pods whose proxy does not tell it.',
    commands: INJECTION,
  },
  {
    flag: 'service-name',
    kind: 'text',
    placeholder: 'name',
    shownDefault: 'the Pod’s label `app.kubernetes.io/instance`, else `app.kubernetes.io/name`, else linkerd-proxy',
    sentence: 'The proxies’ `service.name`, where no annotation names one.',
    commands: INJECTION,
  },
  {
    flag: 'protocol',
    kind: 'protocol',
    placeholder: 'protocol',
    default: 'opentelemetry',
    sentence:
      'What a proxy that speaks both protocols, or whose version is unknown, is given: `opentelemetry` or `opencensus`.',
    commands: INJECTION,
  },
  {
    flag: 'url',
    kind: 'url',
    placeholder: 'url',
    default: 'https://127.0.0.1:8443/mutate',
    sentence: 'Where the webhook is.',
    commands: ['try'],
  },
  {
    flag: 'ca-file',
    kind: 'path',
    placeholder: 'file',
    default: '.linkerd-tracing/ca.crt',
    sentence: 'CA certificate that the webhook’s certificate is checked against.',
    commands: ['try'],
  },
] as const satisfies readonly Setting[]

/** Takes a command, gives the settings that it uses, in the table's order. */
export function settingsOf(command: Setting['commands'][number]): readonly Setting[] {
  const rows: readonly Setting[] = SETTINGS
  return rows.filter((setting) => setting.commands.includes(command))
}
