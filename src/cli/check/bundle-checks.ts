import type { X509Certificate } from 'node:crypto'
import { type JsonObject, objectOf, textOf } from '../../injection/json.ts'
import { type InstallLayout, isSeedLayout } from '../../install/layout.ts'
import {
  CERT_MANAGER,
  ENTRIES,
  LINKERD_CONFIGURATION,
  MARK_CONFIGURATION,
  TRACE_CONFIGURATION,
} from '../../install/object-names.ts'
import { forwardBundlePatch } from '../../kubernetes/forward-bundle-patch.ts'
import { isTrusted } from '../../tls/certificate-report.ts'
import { parsePemBundle } from '../../tls/pem-bundle.ts'
import { readCertificateSecret, servingPairOf } from './certificate-secret.ts'
import {
  type Check,
  type CheckOutcome,
  failure,
  failureForNow,
  failureUnlessEmpty,
  omitted,
  success,
  warning,
} from './check.ts'
import { type CheckContext, CONFIGURATIONS } from './check-context.ts'
import { bundleOf, entriesOf, entryNamed, nameOf } from './entries.ts'
import { leadsToService } from './injector-service.ts'
import { demandLayout } from './installed-layout.ts'

const LINKERD_SERVICE = 'linkerd-proxy-injector'

/** Whom the API servers trust: what stands in the caBundles. */
export const BUNDLE_CHECKS: readonly Check<CheckContext>[] = [
  {
    description: 'API servers trust the serving certificate',
    hint: 'api-servers-trust-the-serving-certificate',
    run: async (context) => {
      const layout = await demandLayout(context)
      const { chain } = servingPairOf(await readCertificateSecret(context, layout))
      const entries = (await ownConfigurations(context)).flatMap(entriesOf)
      // Linkerd's own bundle belongs into this one, and its CA has not signed ours.
      const own = entries.filter((entry) => textOf(entry, 'name') !== ENTRIES.forward)
      const problems = own.flatMap((entry) => trustProblem(entry, chain, context.now))
      return problems.length === 0 ? success() : failureForNow([...problems, WRITERS[layout.certs]].join('\n'))
    },
  },
  {
    description: 'the entry forward has Linkerd’s CA bundle',
    hint: 'the-entry-forward-has-linkerds-ca-bundle',
    run: async (context) => (isSeedLayout(await demandLayout(context)) ? forwardOutcome(context) : omitted()),
  },
  {
    description: 'cert-manager writes the CA bundles, and nobody else',
    hint: 'cert-manager-writes-the-ca-bundles-and-nobody-else',
    run: async (context) => {
      const layout = await demandLayout(context)
      return annotationOutcome(layout, await ownConfigurations(context))
    },
  },
]

const WRITERS: Readonly<Record<InstallLayout['certs'], string>> = {
  'self-managed': 'the injectors write it: do they run, and may they (their log says so)?',
  'cert-manager': 'cert-manager’s CA injector writes it: does it run?',
  files: 'whoever brings the certificates writes it: certs-scripts/set-ca-bundle does',
}

async function ownConfigurations({ cluster }: CheckContext): Promise<JsonObject[]> {
  const found = await Promise.all(
    [MARK_CONFIGURATION, TRACE_CONFIGURATION].map((name) => cluster.get(CONFIGURATIONS, name)),
  )
  return found.filter((one) => one !== undefined)
}

function trustProblem(entry: JsonObject, chain: readonly X509Certificate[], now: Date): string[] {
  const name = textOf(entry, 'name')
  const pem = bundleOf(entry)
  if (pem === '') return [`${name} has no caBundle: API servers call it in vain`]
  try {
    return isTrusted(chain, parsePemBundle(pem), now)
      ? []
      : [`caBundle of ${name} does not trust the serving certificate`]
  } catch (error) {
    return [`caBundle of ${name}: ${(error as Error).message}`]
  }
}

/** The injector copies Linkerd's bundle into our entry, where there is one to copy. */
async function forwardOutcome({ cluster }: CheckContext): Promise<CheckOutcome> {
  const linkerds = await cluster.get(CONFIGURATIONS, LINKERD_CONFIGURATION)
  const ours = await cluster.get(CONFIGURATIONS, MARK_CONFIGURATION)
  if (entryNamed(ours, ENTRIES.forward) === undefined)
    return failure(`${MARK_CONFIGURATION} has no entry ${ENTRIES.forward}`)
  const linkerdEntry = entriesOf(linkerds).find((entry) => leadsToService(entry, LINKERD_SERVICE))
  if (bundleOf(linkerdEntry) === '') {
    const what =
      linkerds === undefined ? `${LINKERD_CONFIGURATION} is not there` : `${LINKERD_CONFIGURATION} has no caBundle`
    return warning(`${what}, so there is no bundle to copy: the collector and Jaeger get no proxy until there is one`)
  }
  if (forwardBundlePatch(linkerds, ours) === undefined) return success()
  return failureForNow(
    `caBundle of ${ENTRIES.forward} is not Linkerd’s: the collector and Jaeger get no proxy\nthe injectors copy it from ${LINKERD_CONFIGURATION}: do they run?`,
  )
}

const ANNOTATION = 'cert-manager.io/inject-ca-from'

function annotationOutcome({ certs, namespace }: InstallLayout, configurations: readonly JsonObject[]): CheckOutcome {
  const found = configurations.map((one) => ({
    name: nameOf(one),
    from: textOf(objectOf(objectOf(one, 'metadata'), 'annotations'), ANNOTATION),
  }))
  if (certs === 'cert-manager') {
    const wanted = `${namespace}/${CERT_MANAGER.serving}`
    const others = found.filter(({ from }) => from !== wanted)
    return failureUnlessEmpty(
      others.map(
        ({ name, from }) => `${name}: annotation ${ANNOTATION} is ${from ?? 'absent'}, and should be ${wanted}`,
      ),
    )
  }
  const annotated = found.filter(({ from }) => from !== undefined)
  if (annotated.length === 0) return omitted()
  return failureUnlessEmpty(
    annotated.map(
      ({ name }) => `${name} has the annotation ${ANNOTATION}: cert-manager writes over the bundles of mode ${certs}`,
    ),
  )
}
