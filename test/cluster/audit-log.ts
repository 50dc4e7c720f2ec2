import { readFileSync } from 'node:fs'

/** One line of the API server's audit log, as far as tests look at it. */
export interface AuditEvent {
  readonly verb: string
  readonly requestURI: string
  readonly user: { readonly username: string }
  readonly userAgent?: string
  readonly objectRef?: {
    readonly resource?: string
    readonly subresource?: string
    readonly namespace?: string
    readonly name?: string
  }
  readonly responseStatus?: { readonly code?: number }
  /** `<webhook name>/<key>` for a webhook's audit annotations, and the API server's own. */
  readonly annotations?: Readonly<Record<string, string>>
}

/** Every finished request so far, in order. A line that is being written just now is left for the next call. */
export function readAuditLog(file: string): AuditEvent[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line))
}
