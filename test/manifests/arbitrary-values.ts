import fc from 'fast-check'
import { chartFields } from '../../scripts/manifests/helm-schema.ts'
import type { SchemaNode } from '../../src/install/values/schema-node.ts'
import { VALUES_SCHEMA } from '../../src/install/values/values-schema.ts'
import type { SaidValues } from './value-sets.ts'

/** Texts for all kinds of values; each value is given those that its pattern takes. */
const TEXTS = [
  ...['', 'a', 'b-c', 'x.y', '12', 'true', 'linkerd', 'linkerd-tracing', 'ca.crt', 'corp.example', '/traces', '/a/b'],
  ...[
    '100m',
    '1.5',
    '200Mi',
    '0.7Gi',
    '1G',
    '131072Ki',
    'r.example:5000/m',
    'own:1',
    `h.io/own@sha256:${'1'.repeat(64)}`,
  ],
  ...[
    'otel:4317',
    '[::1]:1',
    'https://o.example/p',
    'http://near:4318',
    'x-key',
    '--ca-lifetime=30d',
    'it’s "so" $HOME\\ {{ }}',
    'eyJ[A-Z]+$',
  ],
] as const

/** Keys of labels and the like. */
const KEYS = ['team', 'example.com/part', 'kubernetes.io/os', 'config.linkerd.io/proxy-log-level']

/** Gives values at random of all that can be said to the chart and to `install`; together they may well be wrong. */
export function arbitraryValues(): fc.Arbitrary<SaidValues> {
  const { createNamespace: _, ...fields } = chartFields()
  const { namespace } = VALUES_SCHEMA.properties
  return arbitraryOf({ type: 'object', properties: { namespace, ...fields }, additionalProperties: false }) as never
}

function arbitraryOf(node: SchemaNode): fc.Arbitrary<unknown> {
  if (node.type === 'boolean') return fc.boolean()
  if (node.type === 'string') return fc.constantFrom(...(node.enum ?? TEXTS.filter(fits(node.pattern))))
  if (node.type === 'array') return fc.array(arbitraryOf(node.items), { maxLength: 2 })
  if (node.type !== 'object') return numberOf(node)
  if ('properties' in node) return fieldsOf(node.properties, node.required)
  if (!('additionalProperties' in node)) return fc.constantFrom({}, { nodeAffinity: {} })
  return fc.dictionary(fc.constantFrom(...KEYS), arbitraryOf(node.additionalProperties), { maxKeys: 2 })
}

/** Few of the fields at once: among many values one is nearly always wrong. */
function fieldsOf(properties: Readonly<Record<string, SchemaNode>>, required: readonly string[] = []) {
  const absent = fc.constant(undefined)
  const fields = Object.entries(properties).map(([name, field]) => {
    const value = arbitraryOf(field)
    return [
      name,
      required.includes(name) ? value : fc.oneof({ weight: 3, arbitrary: absent }, { weight: 2, arbitrary: value }),
    ]
  })
  const record = fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>)
  return record.map((values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)))
}

function numberOf({ type, minimum = 0, maximum = 5_000_000 }: Extract<SchemaNode, { type: 'integer' | 'number' }>) {
  const whole = fc.oneof(
    fc.integer({ min: minimum, max: Math.min(maximum, minimum + 2) }),
    fc.integer({ min: minimum, max: maximum }),
  )
  return type === 'integer' ? whole : fc.oneof(whole, fc.constant(12.5))
}

function fits(pattern = '') {
  return (text: string) => new RegExp(pattern).test(text)
}
