import { posix } from 'node:path'
import { isJsonObject, type JsonObject, listOf, textOf } from './json.ts'

/** A mount path as the runtime sees it; Linkerd's own templates write it without the leading slash. */
export function absolutePath(path: string): string {
  return PLAIN.test(path) ? path : posix.resolve('/', path)
}

/** Nothing to resolve: as almost every path is written. */
const PLAIN = /^(?:\/[^/.][^/]*)+$/

/**
 * Whether something else is mounted where a new volume would be. The same path twice makes the Pod invalid; a mount
 * above or below it would need a directory in a volume that may be read-only, so that the container cannot start.
 */
export function isPathTaken(container: JsonObject, path: string): boolean {
  return occupiedPaths(container).some((taken) => contains(taken, path) || contains(path, taken))
}

function occupiedPaths(container: JsonObject): string[] {
  const mounts = listOf(container, 'volumeMounts').map((mount) => pathOf(mount, 'mountPath'))
  const devices = listOf(container, 'volumeDevices').map((device) => pathOf(device, 'devicePath'))
  return [...mounts, ...devices].flatMap((path) => (path === undefined ? [] : [absolutePath(path)]))
}

function pathOf(entry: unknown, key: string): string | undefined {
  return isJsonObject(entry) ? textOf(entry, key) : undefined
}

function contains(parent: string, path: string): boolean {
  return path === parent || path.startsWith(`${parent}/`)
}
