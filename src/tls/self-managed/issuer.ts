import { randomBytes, X509Certificate } from 'node:crypto'
import type { Issuer } from './make-change.ts'
import { caOf, factsOf } from './parse-pem.ts'
import type { RotationSettings } from './rotation-settings.ts'

export interface IssuerParts {
  readonly settings: RotationSettings
  /** DNS names of the Service. */
  readonly names: readonly string[]
  readonly now: () => number
}

/**
 * Takes a Service and the cluster's domain, gives the DNS names that a serving certificate is for. API servers ask for the third.
 */
export function serviceNames(service: { name: string; namespace: string }, clusterDomain: string): string[] {
  const { name, namespace } = service
  return [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.${clusterDomain}`]
}

/** Takes settings and names, gives what makes certificates by them. */
export function createIssuer({ settings, names, now }: IssuerParts): Issuer {
  const { caLifetimeMs, servingLifetimeMs, skewMs } = settings
  // Loaded when the first one is made: a start that finds all in the Secret does without.
  const load = () => import('../issue-certificate.ts')
  return {
    issueCa: async () => {
      const { issueCa } = await load()
      const { certPem, keyPem } = await issueCa({
        commonName: `linkerd-tracing CA ${randomBytes(6).toString('hex')}`,
        notBefore: new Date(now() - skewMs),
        notAfter: new Date(now() + caLifetimeMs),
      })
      return { ...caOf(new X509Certificate(certPem)), keyPem }
    },
    issueServing: async (ca) => {
      const { issueServing } = await load()
      const { certPem, keyPem } = await issueServing(
        { certPem: ca.pem, keyPem: ca.keyPem },
        {
          names,
          // Within the CA's own dates: a chain is good for no longer than each of its certificates.
          notBefore: new Date(Math.max(ca.notBefore, now() - skewMs)),
          notAfter: new Date(Math.min(ca.notAfter, now() + servingLifetimeMs)),
        },
      )
      return { ...factsOf(new X509Certificate(certPem)), issuer: ca.id, pem: certPem, keyPem }
    },
  }
}
