import { ANNOTATIONS, LABELS, OPTIONAL_NAME, QUANTITY } from './kinds.ts'

const TOLERATION = {
  type: 'object',
  properties: {
    key: { type: 'string' },
    operator: { type: 'string', enum: ['Equal', 'Exists'] },
    value: { type: 'string' },
    effect: { type: 'string', enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] },
    tolerationSeconds: { type: 'integer', minimum: 0 },
  },
  additionalProperties: false,
} as const

const TOLERATIONS = { type: 'array', items: TOLERATION, default: [] } as const

/** Where Pods run and what they carry; the same fields for all Pods and for those of one component. */
export const PLACEMENT_FIELDS = {
  nodeSelector: { ...LABELS, description: 'Labels of the nodes to run on.' },
  tolerations: { ...TOLERATIONS, description: 'Taints of nodes to put up with.' },
  priorityClassName: { ...OPTIONAL_NAME, default: '', description: 'PriorityClass.' },
  annotations: { ...ANNOTATIONS, description: 'Further annotations of the Pods; ours cannot be changed.' },
  labels: { ...LABELS, description: 'Further labels of the Pods; ours cannot be changed.' },
} as const

/** One component's Pods beyond that. */
export const POD_FIELDS = {
  ...PLACEMENT_FIELDS,
  affinity: {
    type: 'object',
    default: {},
    description: 'Affinity, in place of ours, which keeps replicas on different nodes.',
  },
} as const

/** How many Pods, and how strictly they are kept apart. */
export const REPLICA_FIELDS = {
  antiAffinity: {
    type: 'string',
    enum: ['preferred', 'required'],
    default: 'preferred',
    description: 'Whether two replicas may be on one node when there is no other.',
  },
} as const

interface ResourceDefaults {
  readonly cpu: string
  readonly memory: string
  readonly cpuLimit: string
  readonly memoryLimit: string
}

/** Takes the defaults, gives the schema of a container's requests and limits. */
export function resourcesSchema({ cpu, memory, cpuLimit, memoryLimit }: ResourceDefaults) {
  const amounts = (cpuAmount: string, memoryAmount: string, what: string) =>
    ({
      type: 'object',
      properties: {
        cpu: { ...QUANTITY, default: cpuAmount, description: `CPU ${what}.` },
        memory: { ...QUANTITY, default: memoryAmount, description: `Memory ${what}.` },
      },
      additionalProperties: false,
    }) as const
  return {
    type: 'object',
    properties: {
      requests: amounts(cpu, memory, 'that is set aside'),
      limits: amounts(cpuLimit, memoryLimit, 'at most'),
    },
    additionalProperties: false,
  } as const
}

/** Takes the default, gives the schema of a number of replicas. */
export function replicasSchema<const Count extends number>(count: Count) {
  return { type: 'integer', minimum: 1, maximum: 100, default: count, description: 'Pods.' } as const
}
