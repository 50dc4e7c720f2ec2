import { SettingsError } from '../config/setting-mistake.ts'
import type { SettingValues } from '../config/setting-values.ts'
import {
  CERTIFICATE_SECRET,
  ENTRIES,
  INJECTOR,
  INJECTOR_LABELS,
  MARK_CONFIGURATION,
  TRACE_CONFIGURATION,
} from '../install/object-names.ts'
import { isClusterChosen } from '../kubernetes/cluster-choice.ts'
import { createIssuer, serviceNames } from '../tls/self-managed/issuer.ts'
import { createCertificateKeeper } from '../tls/self-managed/keep-certificates.ts'
import type { CertificateStore } from '../tls/self-managed/ports.ts'
import type { RotationSettings } from '../tls/self-managed/rotation-settings.ts'
import { type RunningKeeper, runKeeper } from '../tls/self-managed/run-keeper.ts'
import type { ServingCertificate } from '../tls/serving-certificate.ts'
import { certificateReports } from './certificate-reports.ts'
import type { CertificateSource, CertificateSourceParts } from './certificate-source.ts'

const CONFIGURATIONS = [MARK_CONFIGURATION, TRACE_CONFIGURATION]
/** All entries that call us; `forward` calls Linkerd's injector. */
const OWN_ENTRIES = [ENTRIES.mark, ENTRIES.controlPlane, ENTRIES.workloads]

/**
 * What somebody else undoes is done again after 1, 2, 4 … 30 s: while a caBundle is wrong Pods are not traced, so the
 * pause stays short; two writes a minute wear nothing out.
 */
const REPAIR_PACE = { firstMs: 1_000, maxMs: 30_000 }

/**
 * Takes what `serve` was told, starts to keep CA and serving certificate in the one Secret and to have our entries trust
 * them. Throws SettingsError without a cluster, ClusterConfigError where it cannot be used.
 */
export async function keepOwnCertificate({
  values,
  env,
  log,
  metrics,
}: CertificateSourceParts): Promise<CertificateSource> {
  const choice = { kubeconfig: values.kubeconfig, context: values.context, env }
  if (!isClusterChosen(choice)) throw withoutCluster()
  const kubernetes = await loadKubernetes()
  const client = kubernetes.createApiClient(kubernetes.findCluster(choice))
  const stopped = new AbortController()
  const { signal } = stopped
  const common = { client, timing: kubernetes.CLUSTER_TIMING, signal, log }
  const namespace = values.collectorNamespace
  const about = { kind: 'Secret', namespace, name: CERTIFICATE_SECRET }
  const writeEvent = kubernetes.createEventWriter({ ...common, about })
  const settings = rotationSettings(values)
  const names = serviceNames({ name: INJECTOR, namespace }, values.clusterDomain ?? 'cluster.local')
  let use: (certificate: ServingCertificate) => void = () => {}
  const reports = certificateReports({ log, metrics, writeEvent, use: (certificate) => use(certificate) })
  // What is seen goes to the keeper, what it decides to the store: each needs the other.
  const seen: Partial<RunningKeeper> = {}
  const secret = kubernetes.startCertificateSecret({
    ...common,
    namespace,
    name: CERTIFICATE_SECRET,
    labels: INJECTOR_LABELS,
    onSeen: (contents) => seen.observeSecret?.(contents),
  })
  const bundles = kubernetes.startOwnBundles({
    ...common,
    configurations: CONFIGURATIONS,
    entries: OWN_ENTRIES,
    onSeen: (configuration, live) => seen.observeConfiguration?.(configuration, live),
  })
  const store: CertificateStore = {
    writeSecret: secret.write,
    createSecret: secret.create,
    readSecret: secret.read,
    writeBundle: bundles.write,
  }
  const keeper = createCertificateKeeper({
    settings,
    names: names.filter((name) => name.endsWith('.svc')),
    configurations: CONFIGURATIONS,
    store,
    issuer: createIssuer({ settings, names, now: Date.now }),
    reports,
    createPace: () => kubernetes.createPatchPace(REPAIR_PACE),
    jitter: Math.random(),
    now: Date.now,
    clock: () => performance.now(),
  })
  const running = runKeeper(keeper, { signal, tickMs: tickMs(settings), onFault: reports.onFault })
  Object.assign(seen, running)
  return {
    first: running.first,
    trusted: running.trusted,
    follow: (take) => {
      use = take
      // What changed between the first one and now was taken by nobody.
      const serving = keeper.serving()
      if (serving !== undefined) take(serving)
    },
    stop: () => {
      stopped.abort(new Error('stopped'))
      client.close()
    },
  }
}

/** Kubernetes' client costs some 40 MB and 100 ms, which nobody pays who has no cluster. */
async function loadKubernetes() {
  const parts = await Promise.all([
    import('../kubernetes/find-cluster.ts'),
    import('../kubernetes/api-client.ts'),
    import('../kubernetes/cluster-timing.ts'),
    import('../kubernetes/certificate-secret.ts'),
    import('../kubernetes/own-bundles.ts'),
    import('../kubernetes/patch-pace.ts'),
    import('../kubernetes/write-event.ts'),
  ])
  const [cluster, client, timing, secret, bundles, pace, event] = parts
  return { ...cluster, ...client, ...timing, ...secret, ...bundles, ...pace, ...event }
}

function rotationSettings(values: SettingValues<'serve'>): RotationSettings {
  return {
    caLifetimeMs: values.caLifetime,
    caRenewAt: values.caRenewAt,
    servingLifetimeMs: values.servingLifetime,
    servingRenewAt: values.servingRenewAt,
    settleMs: values.bundleSettleSeconds * 1000,
    skewMs: values.clockSkew,
  }
}

/** A twentieth of the shortest time that matters, and not more often than is of use: one look costs microseconds. */
function tickMs({ settleMs, servingLifetimeMs, servingRenewAt }: RotationSettings): number {
  const shortest = Math.min(settleMs, servingLifetimeMs * (1 - servingRenewAt))
  return Math.min(1_000, Math.max(50, shortest / 20))
}

function withoutCluster(): SettingsError {
  const rule = 'needs a cluster: run it in a Pod, or name a cluster by --kubeconfig or --context'
  return new SettingsError([
    { flag: 'certs', variable: 'LINKERD_TRACING_CERTS', source: 'flag', value: 'self-managed', rule },
  ])
}
