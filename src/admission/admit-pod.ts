import { decideInjection } from '../injection/decide-injection.ts'
import type { InjectionDecision } from '../injection/decision.ts'
import type { InstallSettings } from '../injection/install-settings.ts'
import { podPatch } from '../injection/pod-patch.ts'
import type { NamespaceMeta, PodRequest } from '../injection/pod-request.ts'
import type { AdmissionResponse } from './admission-review.ts'
import { toAdmissionResponse } from './to-admission-response.ts'

/** A Namespace that should be known and is not; whoever reviews the Pod is told why. */
export interface UnknownNamespace {
  /** A sentence without its end, such as `Namespace "x" could not be read within 500 ms`. */
  readonly unknownBecause: string
}

type Found = NamespaceMeta | UnknownNamespace | undefined

/** Looks a Namespace up; undefined when it is not known, which counts as opted in. */
export type NamespaceReader = (name: string) => Found | Promise<Found>

export interface AdmitPorts {
  readonly readNamespace: NamespaceReader
  /** The settings of this moment: facts of the mesh may be discovered while we run. */
  readonly settings: () => InstallSettings
}

/** What a decision was taken by, beside its Pod. */
export interface AdmissionFacts {
  readonly found: Found
  readonly settings: InstallSettings
}

/** One answered request. */
export interface Admission {
  readonly decision: InjectionDecision
  readonly response: AdmissionResponse
  /** Absent when there was a fault. */
  readonly facts?: AdmissionFacts
  /** What went wrong with us; the Pod was admitted as it is. */
  readonly fault?: unknown
}

/**
 * Answers one request. Never rejects, never denies: a fault of ours is an admitted Pod, with a warning, and is handed
 * to the caller for metric and log.
 */
export async function admitPod(request: PodRequest, ports: AdmitPorts): Promise<Admission> {
  try {
    // asked for before deciding, as a decision is a pure function; a request without namespace has none to ask for
    const found = request.namespace === '' ? undefined : await ports.readNamespace(request.namespace)
    const { namespace, warnings } = namespaceAndWarnings(found)
    const settings = ports.settings()
    const decided = decideInjection({ request, namespace, settings })
    const decision = { ...decided, warnings: [...warnings, ...decided.warnings] }
    const response = toAdmissionResponse(request, decision, podPatch(request.object, decision))
    return { decision, response, facts: { found, settings } }
  } catch (fault) {
    const decision: InjectionDecision = { outcome: 'skipped', reason: 'internal-error', warnings: [FAULT_WARNING] }
    return { decision, response: toAdmissionResponse(request, decision, []), fault }
  }
}

/**
 * Whether a request in that Namespace would be decided by the same facts now: nothing is newer, and nothing has to be asked for.
 * Throws what the ports throw.
 */
export function areFactsOfNow({ found, settings }: AdmissionFacts, namespace: string, ports: AdmitPorts): boolean {
  if (ports.settings() !== settings) return false
  const now = namespace === '' ? undefined : ports.readNamespace(namespace)
  // Who asks anew gets the answer, or what went wrong.
  if (now instanceof Promise) now.catch(() => {})
  return now === found
}

function namespaceAndWarnings(found: Found): { namespace: NamespaceMeta | undefined; warnings: string[] } {
  if (found === undefined || !('unknownBecause' in found)) return { namespace: found, warnings: [] }
  return { namespace: undefined, warnings: [`${found.unknownBecause}; the install's settings were taken`] }
}

const FAULT_WARNING =
  'internal-error: the Pod was admitted without tracing, through a fault of linkerd-tracing; its log tells more'
