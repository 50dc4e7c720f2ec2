import { createContext } from 'preact'
import type { PlaceReport } from './reports/place-report.ts'

/** What commands need to mean the cluster that the page is about. */
export type PlaceFlags = Pick<PlaceReport, 'clusterFlags' | 'linkerdFlags'>
export const NO_FLAGS: PlaceFlags = { clusterFlags: '', linkerdFlags: '' }
export const ClusterFlags = createContext(NO_FLAGS)

/**
 * Takes a command that means any cluster, gives it so that it means the one with these flags; of a pipe each of its commands
 * is told. Pure.
 */
export function commandOf(ofAnyCluster: string, { clusterFlags, linkerdFlags }: PlaceFlags): string {
  const parts = ofAnyCluster.split(PIPE).map((command) => {
    // kubectl has another flag -L.
    const isOurs = command.startsWith('linkerd-tracing ')
    return [command, isOurs ? linkerdFlags : '', clusterFlags].filter(Boolean).join(' ')
  })
  return parts.join(PIPE)
}

const PIPE = ' | '
