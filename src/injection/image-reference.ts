/** The parts of a container image's reference that say what it is. */
export interface ImageReference {
  /** Last part of the path: `proxy` of `cr.l5d.io/linkerd/proxy:edge-26.8.3`. */
  readonly name: string
  /** Absent for an image given by digest or without any tag. */
  readonly tag?: string
}

/** Reads an image reference; registry, port, mirror path and digest do not matter. */
export function parseImageReference(image: string): ImageReference {
  const [withoutDigest = ''] = image.split('@', 1)
  // a colon before the last slash belongs to a registry's port
  const last = withoutDigest.slice(withoutDigest.lastIndexOf('/') + 1)
  const colon = last.indexOf(':')
  if (colon < 0) return { name: last }
  const tag = last.slice(colon + 1)
  return tag === '' ? { name: last.slice(0, colon) } : { name: last.slice(0, colon), tag }
}
