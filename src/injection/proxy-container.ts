import { type EnvIndex, indexEnv } from './env-index.ts'
import { parseImageReference } from './image-reference.ts'
import { isJsonObject, type JsonObject, listOf, textOf } from './json.ts'
import { type LinkerdVersion, parseLinkerdVersion } from './linkerd-version.ts'
import { LINKERD_PROXY_VERSION } from './metadata-names.ts'
import type { ContainerPosition } from './pod-changes.ts'
import type { RawPod } from './raw-pod.ts'

/** The name that Linkerd's injector gives its proxy, as container and as native sidecar. */
export const PROXY_NAME = 'linkerd-proxy'

/** The Linkerd proxy of a Pod. */
export interface ProxyContainer {
  readonly position: ContainerPosition
  readonly container: JsonObject
  readonly env: EnvIndex
}

/** Finds the Pod's proxy, as a container or as a native sidecar; undefined when the Pod is not meshed. */
export function findProxy(pod: RawPod): ProxyContainer | undefined {
  return findIn('containers', pod.containers) ?? findIn('initContainers', pod.initContainers)
}

function findIn(list: ContainerPosition['list'], containers: readonly unknown[]): ProxyContainer | undefined {
  for (const [index, container] of containers.entries()) {
    if (!isJsonObject(container) || textOf(container, 'name') !== PROXY_NAME) continue
    return { position: { list, index }, container, env: indexEnv(listOf(container, 'env')) }
  }
  return undefined
}

/**
 * The version of the Pod's proxy: the first that parses of its image's tag, the annotation of Linkerd's injector and,
 * for an image without a tag only, the version of the control plane.
 */
export function proxyVersion({ pod, proxy, linkerdVersion }: ProxyVersionSources): LinkerdVersion | undefined {
  const { tag } = parseImageReference(textOf(proxy?.container, 'image') ?? '')
  const texts = [tag, textOf(pod.annotations, LINKERD_PROXY_VERSION), tag === undefined ? linkerdVersion : undefined]
  for (const text of texts) {
    const version = text === undefined ? undefined : parseLinkerdVersion(text)
    if (version !== undefined) return version
  }
  return undefined
}

export interface ProxyVersionSources {
  readonly pod: RawPod
  readonly proxy: ProxyContainer | undefined
  readonly linkerdVersion: string | undefined
}
