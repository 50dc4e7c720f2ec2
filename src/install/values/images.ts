import manifest from '../../../package.json' with { type: 'json' }
import digests from './image-digests.json' with { type: 'json' }

/** Every image that is installed, once, with its exact tag. */
const TAGGED = {
  /** Injector, bridge and command line are one image. */
  own: `ghcr.io/linkerd-tracing/linkerd-tracing:${manifest.version}`,
  collector: 'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib:0.159.0',
  jaeger: 'docker.io/jaegertracing/jaeger:2.20.0',
} as const

/** The same, with the digests (`…@sha256:…`) that a release has filled in. */
export const IMAGES = imagesOf(digests)

/** Takes digests by image, gives all images, with the digest of those that have one. Pure. */
export function imagesOf(known: Readonly<Record<string, string>>): Readonly<Record<keyof typeof TAGGED, string>> {
  const pinned = (name: keyof typeof TAGGED) =>
    known[name] === undefined ? TAGGED[name] : `${TAGGED[name]}@${known[name]}`
  return { own: pinned('own'), collector: pinned('collector'), jaeger: pinned('jaeger') }
}

/**
 * Takes an image and a registry (`registry.example.com:5000/mirror`; empty: none), gives the image at that registry: its
 * path stays, as mirrors keep it.
 */
export function imageAt(image: string, registry: string): string {
  if (registry === '') return image
  const [host = '', ...path] = image.split('/')
  // as in Docker's reference grammar: a first part without dot, colon or being localhost is no host
  const hasHost = path.length > 0 && (/[.:]/.test(host) || host === 'localhost')
  return [registry.replace(/\/+$/, ''), ...(hasHost ? path : [host, ...path])].join('/')
}
