import { DEFAULT_TAIL_SAMPLING } from '../collector/collector-settings.ts'
import { DEFAULT_REDACTION } from '../collector/redaction-settings.ts'
import { LABEL_NAME, OBJECT_NAME } from './kinds.ts'

const TEXTS = { type: 'array', items: { type: 'string' } } as const

const REDACTION = {
  type: 'object',
  description: 'What is taken out of spans.',
  properties: {
    enabled: { type: 'boolean', default: DEFAULT_REDACTION.enabled, description: 'Whether anything is.' },
    secretNames: {
      ...TEXTS,
      default: DEFAULT_REDACTION.secretNames,
      description: 'Words; what has one in its name is masked. A list of yours replaces ours.',
    },
    moreSecretNames: { ...TEXTS, default: [], description: 'Further such words, beside ours.' },
    keptNames: {
      ...TEXTS,
      default: DEFAULT_REDACTION.keptNames,
      description: 'Attributes that stay although they have such a word in their name.',
    },
    urlAttributes: {
      ...TEXTS,
      default: DEFAULT_REDACTION.urlAttributes,
      description: 'Attributes whose query, fragment, parameters and user info are cut off.',
    },
    queryAttributes: {
      ...TEXTS,
      default: DEFAULT_REDACTION.queryAttributes,
      description: 'Attributes that are removed, as they are nothing but a query.',
    },
    secretValues: {
      ...TEXTS,
      default: DEFAULT_REDACTION.secretValues,
      description: 'Regular expressions (RE2) of values that are masked whatever their name is.',
    },
    links: {
      type: 'string',
      enum: ['remove', 'keep'],
      default: DEFAULT_REDACTION.links,
      description: 'Links between spans: their attributes cannot be redacted.',
    },
  },
  additionalProperties: false,
} as const

const TAIL_SAMPLING = {
  type: 'object',
  description: 'Which traces are kept, decided when they are complete.',
  properties: {
    enabled: { type: 'boolean', default: false, description: 'Whether any are dropped at all.' },
    errors: { type: 'boolean', default: DEFAULT_TAIL_SAMPLING.errors, description: 'Keep those with a failed span.' },
    slowerThanMs: {
      type: 'integer',
      minimum: 0,
      default: DEFAULT_TAIL_SAMPLING.slowerThanMs ?? 0,
      description: 'Keep those that took longer, in milliseconds; 0: how long does not matter.',
    },
    percent: {
      type: 'number',
      minimum: 0,
      maximum: 100,
      default: DEFAULT_TAIL_SAMPLING.percent,
      description: 'Share of all others that is kept.',
    },
    waitSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 600,
      default: DEFAULT_TAIL_SAMPLING.waitSeconds,
      description: 'How long a trace is waited for.',
    },
  },
  additionalProperties: false,
} as const

/** What the collector does with spans. */
export const COLLECTOR_FIELDS = {
  kubernetesAttributes: {
    type: 'boolean',
    default: true,
    description: 'Add names of Deployment, node and the like to spans; asks the API server for Pods.',
  },
  redaction: REDACTION,
  tailSampling: TAIL_SAMPLING,
  config: {
    type: 'object',
    default: {},
    description: 'Pieces of your own, laid over the collector’s configuration and checked with it.',
  },
} as const

const SECRET_KEY = {
  type: 'object',
  properties: { name: OBJECT_NAME, key: { type: 'string', pattern: '^[-._a-zA-Z0-9]+$', maxLength: 253 } },
  additionalProperties: false,
  required: ['name', 'key'],
} as const

/** OTLP endpoints beside Jaeger, or in its place. */
export const BACKENDS = {
  type: 'array',
  default: [],
  description: 'OTLP endpoints that spans are exported to, beside Jaeger or in its place.',
  items: {
    type: 'object',
    properties: {
      name: { ...LABEL_NAME, maxLength: 40 },
      endpoint: {
        type: 'string',
        pattern: '^(https?://[^\\s/]+(/\\S*)?|[^\\s/:]+:[0-9]{1,5}|\\[[0-9a-fA-F:.]+\\]:[0-9]{1,5})$',
        'x-rule': 'must be host:port (OTLP over gRPC) or a URL such as https://host/path (OTLP over HTTP)',
      },
      /** Plaintext only for meshed endpoints, on request. */
      tls: { type: 'boolean' },
      caSecret: SECRET_KEY,
      serverName: { type: 'string', maxLength: 253 },
      insecureSkipVerify: { type: 'boolean' },
      headers: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: {
              type: 'string',
              pattern: '^[a-z0-9][a-z0-9-]*$',
              'x-rule': 'must be a header’s name in lower case: letters, digits and dashes',
            },
            secret: SECRET_KEY,
          },
          additionalProperties: false,
          required: ['name', 'secret'],
        },
      },
    },
    additionalProperties: false,
    required: ['endpoint'],
  },
} as const
