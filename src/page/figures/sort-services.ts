import type { ServiceReport } from '../reports/figures-report.ts'

/** What services can be sorted by. */
export const SORT_KEYS = ['service', 'requests', 'errors', 'p50', 'p95', 'p99', 'inbound', 'outbound'] as const
export type SortKey = (typeof SORT_KEYS)[number]

export interface ServiceOrder {
  readonly key: SortKey
  readonly isDescending: boolean
  /** Only services and Namespaces that have it in their names; in any case. */
  readonly text: string
}

/** Takes services, gives those that are looked for in the order that is asked for; what has no figure comes last. Pure. */
export function sortServices(services: readonly ServiceReport[], order: ServiceOrder): ServiceReport[] {
  const { key, isDescending, text } = order
  const found = services.filter((service) => nameOf(service).toLowerCase().includes(text.trim().toLowerCase()))
  const sign = isDescending ? -1 : 1
  if (key === 'service') return found.sort((one, other) => sign * nameOf(one).localeCompare(nameOf(other)))
  const figure = (service: ServiceReport): number => FIGURES[key](service) ?? Number.NaN
  const known = found.filter((service) => !Number.isNaN(figure(service)))
  const unknown = found.filter((service) => Number.isNaN(figure(service)))
  known.sort((one, other) => sign * (figure(one) - figure(other)) || byName(one, other))
  return [...known, ...unknown.sort(byName)]
}

/** Takes a service, gives a name that no other one has. Pure. */
export function nameOf({ namespace, service }: ServiceReport): string {
  return namespace === null ? service : `${service}.${namespace}`
}

function byName(one: ServiceReport, other: ServiceReport): number {
  return nameOf(one).localeCompare(nameOf(other))
}

const FIGURES: Readonly<Record<Exclude<SortKey, 'service'>, (service: ServiceReport) => number | null | undefined>> = {
  requests: ({ requests }) => requests,
  errors: ({ errors, requests }) => errors / requests,
  p50: ({ latency }) => latency.p50Us,
  p95: ({ latency }) => latency.p95Us,
  p99: ({ latency }) => latency.p99Us,
  inbound: ({ inbound }) => inbound?.p95Us,
  outbound: ({ outbound }) => outbound?.p95Us,
}
