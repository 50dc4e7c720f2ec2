import { TRACE_PROTOCOLS, type TraceProtocol } from './install-settings.ts'

/** A version in one of the forms that Linkerd's images carry. */
export type LinkerdVersion =
  | { readonly line: 'edge'; readonly year: number; readonly month: number; readonly number: number }
  | { readonly line: 'release'; readonly minor: number }
  | { readonly line: 'proxy'; readonly minor: number }

const EDGE = /^edge-(\d{2})\.(\d{1,2})\.(\d{1,3})$/
const RELEASE = /^(?:(?:stable|enterprise)-2\.(\d{1,3})\.\d{1,3}|version-2\.(\d{1,3}))$/
const PROXY = /^v2\.(\d{1,4})\.\d{1,4}$/

/** Reads a version; undefined for text in no known form, whatever it says (`latest`, a build of one's own). */
export function parseLinkerdVersion(text: string): LinkerdVersion | undefined {
  const edge = EDGE.exec(text)
  if (edge) return { line: 'edge', year: Number(edge[1]), month: Number(edge[2]), number: Number(edge[3]) }
  const release = RELEASE.exec(text)
  if (release) return { line: 'release', minor: Number(release[1] ?? release[2]) }
  const proxy = PROXY.exec(text)
  return proxy ? { line: 'proxy', minor: Number(proxy[1]) } : undefined
}

/** First versions that speak OTLP, and first ones that speak nothing else (linkerd2#13937 and edge-25.10.2's notes). */
const FIRST_WITH_OTLP = { edge: [24, 10, 1], release: 17, proxy: 256 } as const
const FIRST_WITHOUT_OPENCENSUS = { edge: [25, 10, 2], release: 19, proxy: 323 } as const

/** The protocols that a proxy of this version speaks; all of them when the version is not known. */
export function protocolsOf(version: LinkerdVersion | undefined): readonly [TraceProtocol, ...TraceProtocol[]] {
  if (version === undefined) return TRACE_PROTOCOLS
  if (isBefore(version, FIRST_WITH_OTLP)) return ['opencensus']
  return isBefore(version, FIRST_WITHOUT_OPENCENSUS) ? TRACE_PROTOCOLS : ['opentelemetry']
}

type Milestone = typeof FIRST_WITH_OTLP | typeof FIRST_WITHOUT_OPENCENSUS

function isBefore(version: LinkerdVersion, milestone: Milestone): boolean {
  if (version.line !== 'edge') return version.minor < milestone[version.line]
  const [year, month, number] = milestone.edge
  if (version.year !== year) return version.year < year
  return version.month === month ? version.number < number : version.month < month
}

/** Up to 2.9 the programs public-api, tap and web were part of the control plane; every edge tag counts as newer. */
export function isUpTo29(version: LinkerdVersion | undefined): boolean {
  return version?.line === 'release' && version.minor <= 9
}
