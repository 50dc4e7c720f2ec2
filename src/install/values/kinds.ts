// The kinds of single values, each with Kubernetes' own rule for it.

/** Name of a Namespace or Service (RFC 1123 label). */
export const LABEL_NAME = {
  type: 'string',
  pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
  'x-rule': 'must be 1 to 63 lower-case letters, digits and dashes, with no dash at either end',
} as const

/** Name of a Secret, ServiceAccount or StorageClass (RFC 1123 subdomain). */
export const OBJECT_NAME = {
  type: 'string',
  pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$',
  maxLength: 253,
  'x-rule': 'must be a name of Kubernetes: lower-case letters, digits, dashes and dots',
} as const

/** The same, or nothing. */
export const OPTIONAL_NAME = {
  ...OBJECT_NAME,
  pattern: '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*)?$',
} as const

/** k8s.io/apimachinery/pkg/api/resource: plain numbers, decimal and binary suffixes; no exponents, which nobody types. */
export const QUANTITY = {
  type: 'string',
  pattern: '^([0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?)?$',
  'x-rule': 'must be a quantity of Kubernetes in quotes, such as "100m" or "128Mi"; "" leaves it out',
} as const

/** An exact image: a tag that is not `latest`, or a digest, or both. Without look-ahead, which Helm's validator does not know. */
export const IMAGE = {
  type: 'string',
  pattern:
    '^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$',
  not: { pattern: ':latest(@|$)' },
  'x-rule': 'must be an image with an exact tag (not latest) or a digest, such as registry.example.com/collector:1.2.3',
} as const

const QUALIFIED_NAME =
  '^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$'
const LABEL_VALUE = {
  type: 'string',
  pattern: '^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$',
  'x-rule':
    'must be the value of a label: at most 63 letters, digits, "-", "_" and ".", a letter or digit at either end',
} as const

/** Labels, and what selects by them. */
export const LABELS = {
  type: 'object',
  additionalProperties: LABEL_VALUE,
  propertyNames: { pattern: QUALIFIED_NAME },
  'x-rule': 'must be a name, or prefix/name, of letters, digits, "-", "_" and "."',
  default: {},
} as const

/** Annotations: keys as labels have them, any text. */
export const ANNOTATIONS = { ...LABELS, additionalProperties: { type: 'string' } } as const

/** A domain's name, or nothing: what is found in the cluster holds then. */
export const DOMAIN = {
  type: 'string',
  pattern: '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*)?$',
  maxLength: 253,
  'x-rule': 'must be a DNS name in lower case, without a dot at the end',
  default: '',
} as const
