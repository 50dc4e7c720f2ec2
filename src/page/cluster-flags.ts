import { createContext } from 'preact'

/** What commands need to mean the cluster that the page is about; linkerd-tracing and kubectl have the same flags for it. */
export const ClusterFlags = createContext('')
