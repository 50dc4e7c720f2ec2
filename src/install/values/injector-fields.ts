import { OPTIONAL_NAME } from './kinds.ts'
import type { SchemaNode } from './schema-node.ts'

/** Flags of `serve` that an installation leaves to the user; every other one follows from the values. */
const FLAGS = [
  'ca-lifetime',
  'ca-renew-at',
  'serving-lifetime',
  'serving-renew-at',
  'bundle-settle-seconds',
  'clock-skew',
  'client-allowed-names',
  'drain-seconds',
]

/** What can be said of the injector's certificates and callers. */
export const INJECTOR_FIELDS = {
  clientCaConfigMap: {
    ...OPTIONAL_NAME,
    default: '',
    description: 'ConfigMap with `ca.crt`: only API servers that show a certificate of this CA are answered.',
  },
  moreArguments: {
    type: 'array',
    items: {
      type: 'string',
      pattern: `^--(${FLAGS.join('|')})=[ -~]+$`,
      'x-rule': `must be one of ${FLAGS.map((flag) => `--${flag}=…`).join(', ')}`,
    },
    default: [],
    description:
      'Further settings of `serve`, such as `--serving-lifetime=3d`: of certificates, callers and the drain.',
  },
} as const satisfies Readonly<Record<string, SchemaNode>>
