import { BACKENDS, COLLECTOR_FIELDS } from './collector-fields.ts'
import { IMAGES } from './images.ts'
import { INJECTOR_FIELDS } from './injector-fields.ts'
import { JAEGER_FIELDS } from './jaeger-fields.ts'
import { DOMAIN, IMAGE, LABEL_NAME, OBJECT_NAME } from './kinds.ts'
import { PLACEMENT_FIELDS, POD_FIELDS, REPLICA_FIELDS, replicasSchema, resourcesSchema } from './pod-schema.ts'
import type { FieldsSchema, ValueOf } from './schema-node.ts'

/**
 * Everything that can be said of an installation, once: flags, `--values` files, docs/install.md and the JSON Schema for
 * editors are made from this.
 */
export const VALUES_SCHEMA = {
  type: 'object',
  properties: {
    namespace: {
      ...LABEL_NAME,
      default: 'linkerd-tracing',
      description: 'Namespace of linkerd-tracing. The control plane’s own gives the layout of Linkerd 2.7.',
    },
    linkerdNamespace: { ...LABEL_NAME, default: 'linkerd', description: 'Namespace of Linkerd’s control plane.' },
    clusterDomain: {
      ...DOMAIN,
      description: 'Domain of the cluster’s DNS names; found in `linkerd-config` when empty.',
    },
    trustDomain: { ...DOMAIN, description: 'Trust domain of the mesh; found in `linkerd-config` when empty.' },
    ha: { type: 'boolean', default: false, description: 'Highly available: more replicas, on different nodes.' },
    certs: {
      type: 'string',
      enum: ['self-managed', 'cert-manager', 'files'],
      default: 'self-managed',
      description:
        'Where the injector’s certificate comes from: its own making, cert-manager, or a Secret that you bring.',
    },
    allNamespaces: {
      type: 'boolean',
      default: false,
      description: 'Trace every Namespace but those labelled `tracing.linkerd.io/inject=disabled`.',
    },
    controlPlane: { type: 'boolean', default: true, description: 'Trace Linkerd’s control plane.' },
    allowCollectorAnnotations: {
      type: 'boolean',
      default: true,
      description: 'Let annotations name another collector. Switch off in multi-tenant clusters.',
    },
    protocol: {
      type: 'string',
      enum: ['opentelemetry', 'opencensus'],
      default: 'opentelemetry',
      description: 'What a proxy that speaks both protocols, or whose version is unknown, is given.',
    },
    serviceName: {
      type: 'string',
      maxLength: 256,
      default: '',
      description: 'The proxies’ `service.name`; from each Pod’s labels when empty.',
    },
    policy: {
      type: 'string',
      enum: ['auto', 'on', 'off'],
      default: 'auto',
      description: 'Whether Linkerd’s policy objects are printed, which refuse plaintext; `auto` asks the cluster.',
    },
    networkPolicy: { type: 'boolean', default: true, description: 'Whether NetworkPolicies are printed.' },
    linkerdCni: {
      type: 'boolean',
      default: false,
      description: 'Linkerd’s CNI plugin is there: the namespace then enforces the Pod Security level `restricted`.',
    },
    registry: {
      type: 'string',
      pattern: '^([a-z0-9]([a-z0-9._-]*[a-z0-9])?(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*/?)?$',
      'x-rule': 'must be a registry, such as registry.example.com or registry.example.com:5000/mirror',
      default: '',
      description: 'Registry of all images, in place of each one’s own.',
    },
    imagePullSecrets: {
      type: 'array',
      items: OBJECT_NAME,
      default: [],
      description: 'Names of Secrets to pull images with.',
    },
    logLevel: {
      type: 'string',
      enum: ['debug', 'info', 'warn', 'error'],
      default: 'info',
      description: 'Least level that injector and bridge log.',
    },
    pods: { type: 'object', properties: PLACEMENT_FIELDS, additionalProperties: false, description: 'All Pods.' },
    injector: {
      type: 'object',
      description: 'The webhook.',
      properties: {
        image: { ...IMAGE, default: IMAGES.own, description: 'Image.' },
        replicas: replicasSchema(2),
        hostNetwork: {
          type: 'boolean',
          default: false,
          description: 'Run in the nodes’ network, where API servers cannot reach Pods (ports 10260 and 10261).',
        },
        certificateSecret: {
          ...OBJECT_NAME,
          default: 'linkerd-tracing-injector-tls',
          description: 'With `certs: files`: your Secret, with `tls.crt` and `tls.key`.',
        },
        ...INJECTOR_FIELDS,
        resources: resourcesSchema({ cpu: '50m', memory: '96Mi', cpuLimit: '1', memoryLimit: '384Mi' }),
        ...REPLICA_FIELDS,
        ...POD_FIELDS,
      },
      additionalProperties: false,
    },
    collector: {
      type: 'object',
      description: 'The OpenTelemetry Collector.',
      properties: {
        image: { ...IMAGE, default: IMAGES.collector, description: 'Image.' },
        replicas: replicasSchema(1),
        ...COLLECTOR_FIELDS,
        resources: resourcesSchema({ cpu: '100m', memory: '256Mi', cpuLimit: '2', memoryLimit: '512Mi' }),
        ...REPLICA_FIELDS,
        ...POD_FIELDS,
      },
      additionalProperties: false,
    },
    backends: BACKENDS,
    bridge: {
      type: 'object',
      description: 'The bridge for the OpenCensus of Linkerd’s control plane, in the collector’s Pods.',
      properties: {
        enabled: { type: 'boolean', default: true, description: 'Whether there is one.' },
        image: { ...IMAGE, default: IMAGES.own, description: 'Image.' },
        resources: resourcesSchema({ cpu: '20m', memory: '96Mi', cpuLimit: '1', memoryLimit: '256Mi' }),
      },
      additionalProperties: false,
    },
    jaeger: {
      type: 'object',
      description: 'Jaeger.',
      properties: {
        ...JAEGER_FIELDS,
        resources: resourcesSchema({ cpu: '50m', memory: '256Mi', cpuLimit: '2', memoryLimit: '1Gi' }),
        ...POD_FIELDS,
      },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
} as const satisfies FieldsSchema

/** An installation's values, complete. */
export type InstallValues = ValueOf<typeof VALUES_SCHEMA>
