import { parseFraction } from '../../config/parse-duration.ts'
import type { InstallLayout } from '../../install/layout.ts'
import { isSeedLayout } from '../../install/layout.ts'
import { INJECTOR } from '../../install/object-names.ts'
import { reportCertificate } from '../../tls/certificate-report.ts'
import { parseSecretData } from '../../tls/self-managed/secret-data.ts'
import { BUNDLE_CHECKS } from './bundle-checks.ts'
import { type AgedCertificate, ageOutcome } from './certificate-age.ts'
import {
  certificatesOf,
  describeSecret,
  type FoundSecret,
  readCertificateSecret,
  servingPairOf,
} from './certificate-secret.ts'
import { type CheckCategory, type CheckOutcome, failure, failureForNow, failureUnlessEmpty, success } from './check.ts'
import type { CheckContext } from './check-context.ts'
import { injectorArguments } from './injector-arguments.ts'
import { demandLayout } from './installed-layout.ts'
import { APPLY_AGAIN } from './wanted-objects.ts'

/** CA, serving certificate and bundles, whoever makes them. */
export const CERTIFICATES: CheckCategory<CheckContext> = {
  name: 'linkerd-tracing-certificates',
  checks: [
    {
      description: 'certificate Secret exists',
      hint: 'certificate-secret-exists',
      run: async (context) => {
        const layout = await demandLayout(context)
        const secret = await readCertificateSecret(context, layout)
        return secret.data === undefined ? missingOutcome(secret, layout) : success(describeSecret(secret))
      },
    },
    {
      description: 'certificate Secret holds what it should',
      hint: 'certificate-secret-holds-what-it-should',
      run: async (context) => {
        const layout = await demandLayout(context)
        const secret = await demandSecret(context, layout)
        return layout.certs === 'self-managed' ? storedOutcome(secret) : pairOutcome(secret)
      },
    },
    {
      description: 'serving certificate is for the injector’s Service, and valid now',
      hint: 'serving-certificate-is-for-the-injectors-service-and-valid-now',
      run: async (context) => {
        const layout = await demandLayout(context)
        const secret = await demandSecret(context, layout)
        const wantedNames = [`${INJECTOR}.${layout.namespace}.svc`]
        const source = describeSecret(secret)
        const report = reportCertificate({
          ...servingPairOf(secret),
          source,
          bundles: [],
          wantedNames,
          now: context.now,
        })
        return failureUnlessEmpty(report.problems.map((problem) => `tls.crt of ${source}: ${problem}`))
      },
    },
    {
      description: 'certificates are renewed in time',
      hint: 'certificates-are-renewed-in-time',
      run: async (context) => {
        const layout = await demandLayout(context)
        return ageOutcome(await agedCertificates(context, layout), context.now, RENEWERS[layout.certs])
      },
    },
    ...BUNDLE_CHECKS,
  ],
}

const RENEWERS: Readonly<Record<InstallLayout['certs'], string>> = {
  'self-managed':
    'the injectors renew it: do they run? their log and linkerd_tracing_certificate_changes_total say why not',
  'cert-manager': 'cert-manager renews it: kubectl describe certificate says why not',
  files: 'whoever brings the files renews it: certs-scripts/rotate does',
}

/** In the seed layout the injector has no right to make Secrets: the namespace is Linkerd's. */
function missingOutcome(secret: FoundSecret, layout: InstallLayout): CheckOutcome {
  const gone = `${describeSecret(secret)} is not there`
  if (layout.certs === 'cert-manager')
    return failureForNow(`${gone}; cert-manager makes it: is it installed, and does it run?`)
  if (layout.certs === 'files') return failure(`${gone}; whoever brings the certificates has to make it`)
  if (!isSeedLayout(layout)) return failureForNow(`${gone}; the injectors make it again: do they run?`)
  return failure(
    `${gone}, and in Linkerd’s own namespace the injectors may not make it; they serve what they have in memory, and renew nothing\n${APPLY_AGAIN}`,
  )
}

async function demandSecret(context: CheckContext, layout: InstallLayout): Promise<FoundSecret> {
  const secret = await readCertificateSecret(context, layout)
  if (secret.data === undefined) throw new Error(`${describeSecret(secret)} is not there`)
  return secret
}

/** Of the names all but that with the cluster's domain: the API server asks for none with it. */
function storedOutcome(secret: FoundSecret): CheckOutcome {
  const { namespace, data = {} } = secret
  const { ca, serving, damage } = parseSecretData(data, [
    INJECTOR,
    `${INJECTOR}.${namespace}`,
    `${INJECTOR}.${namespace}.svc`,
  ])
  if (damage.length > 0) {
    return failureForNow([...damage.map((one) => `${describeSecret(secret)}: ${one}`), REPAIR].join('\n'))
  }
  if (ca !== undefined && serving !== undefined) return success()
  return failureForNow(
    `${describeSecret(secret)} has no ${ca === undefined ? 'CA' : 'serving certificate'} in it; ${REPAIR}`,
  )
}

const REPAIR = 'the injectors put it right: do they run?'

function pairOutcome(secret: FoundSecret): CheckOutcome {
  const { key } = servingPairOf(secret)
  return key === undefined
    ? failure(`${describeSecret(secret)}: tls.key is not unencrypted PEM that can be read`)
    : success()
}

/** The CA is in another Secret with cert-manager, and its own copy beside the certificate does as well. */
async function agedCertificates(context: CheckContext, layout: InstallLayout): Promise<AgedCertificate[]> {
  const secret = await demandSecret(context, layout)
  const renewAt = await renewals(context, layout)
  const { chain } = servingPairOf(secret)
  const [leaf, [ca]] = [chain[0], certificatesOf(secret, 'ca.crt')]
  return [
    ...(leaf === undefined ? [] : [{ what: 'serving certificate', certificate: leaf, renewAt: renewAt.serving }]),
    ...(ca === undefined ? [] : [{ what: 'CA', certificate: ca, renewAt: renewAt.ca }]),
  ]
}

interface Renewals {
  readonly serving: number | undefined
  readonly ca: number | undefined
}

async function renewals({ cluster }: CheckContext, { certs, namespace }: InstallLayout): Promise<Renewals> {
  if (certs === 'files') return { serving: undefined, ca: undefined }
  // renewBefore by duration, as the Certificates of src/install/issuer-chain.ts have them
  if (certs === 'cert-manager') return { serving: 2 / 3, ca: 9 / 10 }
  const said = await injectorArguments(cluster, namespace)
  return { serving: fraction(said('serving-renew-at') ?? '1/2'), ca: fraction(said('ca-renew-at') ?? '2/3') }
}

function fraction(text: string): number | undefined {
  const parsed = parseFraction(text)
  return 'value' in parsed ? parsed.value : undefined
}
