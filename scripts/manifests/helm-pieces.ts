import { caBundlePolicy } from '../../src/install/ca-bundle-policy.ts'
import { kubernetesAttributesProcessor } from '../../src/install/collector/kubernetes-attributes.ts'
import { tailSamplingProcessor } from '../../src/install/collector/tail-sampling.ts'
import type { ConfigMap } from '../../src/install/component-config.ts'
import { configYaml } from '../../src/install/config-yaml.ts'
import { toYaml } from '../../src/install/injector-manifests.ts'
import type { InstallLayout } from '../../src/install/layout.ts'
import { ENTRIES } from '../../src/install/object-names.ts'
import { HA_VALUES } from '../../src/install/values/ha-values.ts'
import { defaultValues } from '../../src/install/values/read-values.ts'
import { type Manifest, webhookConfigurations } from '../../src/install/webhook-configurations.ts'
import { redactionPieces } from './helm-redaction.ts'

/** Gives the templates' pieces that nobody should write twice: expressions, and lists that the builder makes. */
export function chartPieces(): string {
  const usual = presetsOf(defaultValues() as unknown as Values, HA_VALUES)
  const pieces = {
    presets: JSON.stringify({ usual, ha: HA_VALUES }),
    ...redactionPieces(),
    kubernetesAttributes: configYaml(kubernetesAttributesProcessor() as ConfigMap),
    errorPolicies: errorPolicies(),
    validations: validations(SELF_MANAGED),
    forwardValidations: validations({ ...SELF_MANAGED, namespace: 'linkerd', certs: 'files' }),
    notStatic: conditions(ENTRIES.mark),
    meshed: conditions(ENTRIES.workloads),
  }
  const head = '{{/* Written by `npm run manifests` from src/install. */}}\n'
  const defines = Object.entries(pieces).map(
    ([name, text]) => `{{- define "linkerd-tracing.${name}" -}}\n${text.trimEnd()}\n{{- end }}\n`,
  )
  return head + defines.join('\n')
}

type Values = Readonly<Record<string, unknown>>

/** The same fields that the other has. */
function presetsOf(values: Values, like: Values): Values {
  return Object.fromEntries(
    Object.entries(like).map(([name, field]) => {
      const value = values[name]
      return [name, typeof field === 'object' ? presetsOf(value as Values, field as Values) : value]
    }),
  )
}

const SELF_MANAGED: InstallLayout = {
  namespace: 'linkerd-tracing',
  linkerdNamespace: 'linkerd',
  allNamespaces: false,
  controlPlane: true,
  certs: 'self-managed',
}

// biome-ignore lint/suspicious/noExplicitAny: parts of objects that the builder made
type Raw = any

function validations(layout: InstallLayout): string {
  const [policy] = caBundlePolicy(layout) as Raw[]
  return listYaml(policy.spec.validations)
}

function conditions(entry: string): string {
  const entries: Raw[] = (webhookConfigurations(SELF_MANAGED) as Raw[]).flatMap(({ webhooks }) => webhooks)
  return listYaml(entries.find(({ name }) => name === entry).matchConditions)
}

function errorPolicies(): string {
  const { tail_sampling }: Raw = tailSamplingProcessor({ errors: true, percent: 1, waitSeconds: 1 }, 512)
  return listYaml(tail_sampling.policies.filter(({ name }: Raw) => name !== 'share'))
}

function listYaml(list: readonly unknown[]): string {
  return toYaml([list as unknown as Manifest])
}
