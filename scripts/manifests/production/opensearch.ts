import { type ConfigMap, mapOf } from '../../../src/install/component-config.ts'
import { overlayConfig } from '../../../src/install/config-overlay.ts'
import { jaegerConfig } from '../../../src/install/jaeger/jaeger-config.ts'
import { JAEGER, JAEGER_CONFIG } from '../../../src/install/object-names.ts'
import { configAnnotation, configMap } from '../../../src/install/objects/config-map.ts'
import { rollingStrategy } from '../../../src/install/objects/deployment.ts'
import { disruptionBudget } from '../../../src/install/objects/disruption.ts'
import { jaegerSettingsOf } from '../../../src/install/values/jaeger-settings-of.ts'
import type { InstallValues } from '../../../src/install/values/values-schema.ts'
import type { Manifest } from '../../../src/install/webhook-configurations.ts'
import { identityOf } from '../object-identity.ts'

const CA_DIRECTORY = '/etc/linkerd-tracing-opensearch'
const CREDENTIALS = 'opensearch-credentials'
const variable = (name: string) => `\${env:OPENSEARCH_${name}}`

/** In place of memory: an OpenSearch that somebody runs, by TLS, with a name and password from a Secret. */
const STORAGE: ConfigMap = {
  extensions: {
    jaeger_storage: {
      backends: {
        traces: {
          $remove: ['memory'],
          opensearch: {
            server_urls: ['https://opensearch.example.com:9200'],
            auth: { basic: { username: variable('USERNAME'), password: variable('PASSWORD') } },
            tls: { ca_file: `${CA_DIRECTORY}/ca.crt` },
            indices: { index_prefix: 'linkerd-tracing' },
          },
        },
      },
    },
  },
}

/** Takes all objects, gives them with a Jaeger that keeps nothing itself, hence two of it. */
export function withOpenSearch(objects: readonly Manifest[], values: InstallValues): Manifest[] {
  const config = openSearchConfig(values)
  const { namespace } = values
  const changes: Readonly<Record<string, (object: Manifest) => Manifest>> = {
    [`ConfigMap/${JAEGER_CONFIG}`]: () => configMap({ component: 'jaeger', name: JAEGER_CONFIG, namespace, config }),
    [`Deployment/${JAEGER}`]: (object) => deploymentWith(object, config),
  }
  const changed = objects.map((object) => {
    const { kind, name } = identityOf(object)
    return changes[`${kind}/${name}`]?.(object) ?? object
  })
  return [...changed, disruptionBudget({ component: 'jaeger', name: JAEGER, namespace })]
}

/** Takes the values, gives Jaeger's configuration. */
export function openSearchConfig(values: InstallValues): ConfigMap {
  const memory = jaegerConfig(jaegerSettingsOf(values))
  if (memory === undefined) throw new Error('The overlay production needs a Jaeger.')
  return overlayConfig(mapOf(memory), STORAGE).config
}

// biome-ignore lint/suspicious/noExplicitAny: the Deployment that the builder made
type Raw = any

function deploymentWith(object: Raw, config: ConfigMap): Manifest {
  const deployment = structuredClone(object)
  const { template } = deployment.spec
  const [container] = template.spec.containers
  deployment.spec.replicas = 2
  deployment.spec.strategy = rollingStrategy(false)
  Object.assign(template.metadata.annotations, configAnnotation(config))
  container.env = ['username', 'password'].map((key) => ({
    name: `OPENSEARCH_${key.toUpperCase()}`,
    valueFrom: { secretKeyRef: { name: CREDENTIALS, key } },
  }))
  container.volumeMounts.push({ name: 'opensearch-ca', mountPath: CA_DIRECTORY, readOnly: true })
  template.spec.volumes.push({ name: 'opensearch-ca', secret: { secretName: 'opensearch-ca' } })
  return deployment
}
