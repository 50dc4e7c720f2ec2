import { indexesByName, isJsonObject, type JsonObject, listOf, objectOf, textOf } from './json.ts'
import { escapeDollars } from './kubelet-expansion.ts'
import { absolutePath, isPathTaken } from './mount-paths.ts'
import type { PodinfoChanges } from './pod-changes.ts'
import type { RawPod } from './raw-pod.ts'

/** Where the Pod's labels are put for the proxy: Linkerd's own place first, ours when that is somebody else's. */
const PLACES = [
  { name: 'linkerd-podinfo', path: '/var/run/linkerd/podinfo' },
  { name: 'linkerd-tracing-podinfo', path: '/var/run/linkerd-tracing/podinfo' },
] as const

const LABELS_FIELD = 'metadata.labels'
const LABELS_FILE = 'labels'

export interface Podinfo {
  /** Value of the variable with the file's path; absent when there is no room for such a file. */
  readonly labelsPath?: string
  readonly changes: PodinfoChanges
  readonly warnings: readonly string[]
}

/** Finds or makes the downward-API volume with the Pod's labels, mounted in the proxy. */
export function podinfoVolume(pod: RawPod, proxy: JsonObject): Podinfo {
  const volumes = labelsVolumes(pod)
  return mountedAlready(volumes, proxy) ?? mountedNow(volumes, proxy) ?? addedVolume(pod, proxy) ?? noRoom()
}

interface LabelsVolume {
  readonly name: string
  /** Path of the labels' file within the volume. */
  readonly file: string
}

/** Every downward-API volume of the Pod that has its labels. */
function labelsVolumes(pod: RawPod): LabelsVolume[] {
  return pod.volumes.flatMap((volume) => {
    if (!isJsonObject(volume)) return []
    const name = textOf(volume, 'name')
    const item = listOf(objectOf(volume, 'downwardAPI'), 'items').find(hasLabels)
    const file = isJsonObject(item) ? textOf(item, 'path') : undefined
    return name === undefined || !file ? [] : [{ name, file }]
  })
}

function hasLabels(item: unknown): boolean {
  return isJsonObject(item) && textOf(objectOf(item, 'fieldRef'), 'fieldPath') === LABELS_FIELD
}

function mountedAlready(volumes: readonly LabelsVolume[], proxy: JsonObject): Podinfo | undefined {
  if (volumes.length === 0) return undefined
  const mounts = Map.groupBy(listOf(proxy, 'volumeMounts').filter(isJsonObject), (mount) => textOf(mount, 'name'))
  for (const { name, file } of volumes) {
    const path = mounts
      .get(name)
      ?.map((mount) => pathInMount(mount, file))
      .find((found) => found !== undefined)
    if (path !== undefined) return podinfo(path, {})
  }
  return undefined
}

/** The file's path in the container, when the mount shows it; a mount may show a part of the volume only. */
function pathInMount(mount: JsonObject, file: string): string | undefined {
  const mountPath = textOf(mount, 'mountPath')
  if (!mountPath || textOf(mount, 'subPathExpr')) return undefined
  const subPath = textOf(mount, 'subPath') || '.'
  const inVolume = absolutePath(file)
  const shown = absolutePath(subPath)
  if (shown === '/') return absolutePath(`${mountPath}/${file}`)
  if (shown === inVolume) return absolutePath(mountPath)
  return inVolume.startsWith(`${shown}/`) ? absolutePath(mountPath + inVolume.slice(shown.length)) : undefined
}

function mountedNow([volume]: readonly LabelsVolume[], proxy: JsonObject): Podinfo | undefined {
  if (volume === undefined) return undefined
  const place = PLACES.find(({ path }) => !isPathTaken(proxy, path))
  if (place === undefined) return undefined
  // Written as mountedAlready will find it when we are asked again.
  return podinfo(absolutePath(`${place.path}/${volume.file}`), { mount: { name: volume.name, mountPath: place.path } })
}

function addedVolume(pod: RawPod, proxy: JsonObject): Podinfo | undefined {
  const place = PLACES.find(({ name, path }) => !isNameTaken(name, pod, proxy) && !isPathTaken(proxy, path))
  if (place === undefined) return undefined
  const items = [{ path: LABELS_FILE, fieldRef: { fieldPath: LABELS_FIELD } }]
  return podinfo(`${place.path}/${LABELS_FILE}`, {
    volume: { name: place.name, downwardAPI: { items } },
    mount: { name: place.name, mountPath: place.path },
  })
}

/** A mount whose volume is still to come, from another webhook perhaps, has taken the name as well. */
function isNameTaken(name: string, pod: RawPod, proxy: JsonObject): boolean {
  return indexesByName(pod.volumes, name).length + indexesByName(listOf(proxy, 'volumeMounts'), name).length > 0
}

function podinfo(path: string, changes: PodinfoChanges): Podinfo {
  return { labelsPath: escapeDollars(path), changes, warnings: [] }
}

function noRoom(): Podinfo {
  const names = PLACES.map(({ name }) => name).join(' and ')
  return { changes: {}, warnings: [`the Pod's labels are left out of its spans: ${names}, or their paths, are taken`] }
}
