import { isJsonObject, listOf, textOf } from '../../injection/json.ts'
import { type LinkerdVersion, parseLinkerdVersion } from '../../injection/linkerd-version.ts'
import { parseLinkerdConfig } from '../../kubernetes/linkerd-config.ts'
import { type CheckCategory, failure, success, unchecked, warning } from './check.ts'
import { type CheckContext, CONFIGURATIONS } from './check-context.ts'
import { entriesOf } from './entries.ts'
import { leadsToService } from './injector-service.ts'

/** Linkerd itself, as far as an installation needs it. */
export const LINKERD: CheckCategory<CheckContext> = {
  name: 'pre-linkerd',
  checks: [
    {
      description: 'Linkerd is installed',
      hint: 'linkerd-is-installed',
      run: async (context) => {
        const config = await readConfig(context)
        return config === undefined
          ? failure(
              `ConfigMap ${context.linkerdNamespace}/linkerd-config is not there: -L names the namespace of Linkerd`,
            )
          : success()
      },
    },
    {
      description: 'Linkerd’s version is supported',
      hint: 'linkerds-version-is-supported',
      run: async (context) => {
        const text = parseLinkerdConfig(await readConfig(context)).facts.linkerdVersion
        const version = text === undefined ? undefined : parseLinkerdVersion(text)
        if (text === undefined || version === undefined)
          return unchecked('linkerd-config names no version that is known')
        return isSupported(version)
          ? success(text)
          : warning(`this is ${text}; 2.14 or newer is supported, others as far as they go`)
      },
    },
    {
      description: 'Linkerd’s injector is configured',
      hint: 'linkerds-injector-is-configured',
      run: async ({ cluster }) => {
        const all = (await cluster.list(CONFIGURATIONS)) ?? []
        const isThere = all.some((one) =>
          entriesOf(one).some((entry) => leadsToService(entry, 'linkerd-proxy-injector')),
        )
        return isThere
          ? success()
          : failure('no webhook configuration leads to a Service linkerd-proxy-injector: no Pod gets a proxy')
      },
    },
    {
      description: 'Linkerd’s policy resources are served',
      hint: 'linkerds-policy-resources-are-served',
      run: async ({ cluster }) => {
        const kinds = listOf(await cluster.read('apis/policy.linkerd.io/v1beta1'), 'resources').filter(isJsonObject)
        const isServed = kinds.some((kind) => textOf(kind, 'name') === 'serverauthorizations')
        return isServed
          ? success()
          : warning('policy.linkerd.io/v1beta1 has no ServerAuthorization: plaintext cannot be refused')
      },
    },
  ],
}

async function readConfig({ cluster, linkerdNamespace }: CheckContext) {
  return cluster.get({ root: '/api/v1', plural: 'configmaps', namespace: linkerdNamespace }, 'linkerd-config')
}

/** Takes a version of Linkerd, gives whether it is 2.14 or newer; a proxy's own version is none of these. Pure. */
export function isSupported(version: LinkerdVersion): boolean {
  // stable-2.14 came in August 2023
  if (version.line === 'edge') return version.year * 12 + version.month >= 23 * 12 + 8
  return version.line === 'release' && version.minor >= 14
}
