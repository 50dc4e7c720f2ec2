import { parseImageReference } from '../../injection/image-reference.ts'
import { textOf } from '../../injection/json.ts'
import { parseLinkerdVersion } from '../../injection/linkerd-version.ts'
import { isSupported } from './linkerd.ts'
import { decideLivePod, type LivePod, proxyOfPod } from './live-pod.ts'
import { outdatedSentence } from './outdated-settings.ts'
import { proxyVerdict } from './proxy-verdict.ts'

/** Takes a meshed Pod, gives a sentence when its proxy is older than what is supported; a version that is not known is not judged. Pure. */
export function versionProblem({ pod }: LivePod): string | undefined {
  const image = textOf(proxyOfPod(pod)?.container, 'image') ?? ''
  const { tag } = parseImageReference(image)
  const version = tag === undefined ? undefined : parseLinkerdVersion(tag)
  if (tag === undefined || version === undefined || version.line === 'proxy' || isSupported(version)) return undefined
  return `its proxy is of ${tag}; 2.14 or newer is supported`
}

/** Takes a meshed Pod, gives a sentence when its settings cannot be used, or its proxy has others that it refuses. Pure. */
export function settingProblem(live: LivePod): string | undefined {
  const verdict = proxyVerdict(proxyOfPod(live.pod)?.container ?? {})
  if (verdict.kind === 'refused') return `its proxy refuses what it has: ${verdict.because}`
  const decision = decideLivePod(live)
  if (decision.outcome !== 'skipped') return undefined
  if (decision.reason !== 'invalid-setting' && decision.reason !== 'unsupported-proxy') return undefined
  return decision.warnings[0] ?? decision.reason
}

/** Takes a meshed Pod, gives a sentence when a new one in its place would get other trace settings. Pure. */
export function outdatedProblem(live: LivePod): string | undefined {
  const decision = decideLivePod(live)
  const verdict = proxyVerdict(proxyOfPod(live.pod)?.container ?? {})
  if (verdict.kind === 'off' && decision.outcome === 'traced')
    return 'it is older than the opt-in, or the webhook was not reached when it was made: it is not traced'
  return outdatedSentence(live.pod, decision)
}
