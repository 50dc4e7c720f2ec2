import { IMAGES } from './images.ts'
import { IMAGE, LABEL_NAME, OBJECT_NAME, OPTIONAL_NAME } from './kinds.ts'

/** Where traces are kept, how many and how long, and who may look at them. */
export const JAEGER_FIELDS = {
  storage: {
    type: 'string',
    enum: ['memory', 'badger', 'none'],
    default: 'memory',
    description: 'Where traces are kept: in memory, on a volume, or not at all, as there is a backend of your own.',
  },
  image: { ...IMAGE, default: IMAGES.jaeger, description: 'Image.' },
  maxTraces: {
    type: 'integer',
    minimum: 1,
    default: 20_000,
    description: 'With `storage: memory`: how many traces; some 30 KiB each.',
  },
  keepHours: {
    type: 'integer',
    minimum: 1,
    maximum: 87_600,
    default: 72,
    description: 'With `storage: badger`: how long traces are kept.',
  },
  basePath: {
    type: 'string',
    pattern: '^(/[a-zA-Z0-9._-]+)*$',
    'x-rule': 'must be a path such as /jaeger, or empty',
    default: '/jaeger',
    description: 'Path of its page and API; Linkerd’s dashboard links to `/jaeger`.',
  },
  volumeSize: {
    type: 'string',
    pattern: '^[0-9]+(\\.[0-9]+)?(k|M|G|T|Ki|Mi|Gi|Ti)?$',
    'x-rule': 'must be a quantity of Kubernetes, such as "10Gi"',
    default: '10Gi',
    description: 'With `storage: badger`: size of the volume.',
  },
  storageClassName: {
    ...OPTIONAL_NAME,
    default: '',
    description: 'With `storage: badger`: StorageClass; the cluster’s default when empty.',
  },
  uiClients: {
    type: 'array',
    items: {
      type: 'object',
      properties: { name: OBJECT_NAME, namespace: LABEL_NAME },
      additionalProperties: false,
    },
    default: [{ name: 'web', namespace: 'linkerd-viz' }],
    description: 'ServiceAccounts whose Pods may read Jaeger’s page and API through the mesh; port-forward always may.',
  },
} as const
