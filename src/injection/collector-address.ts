import { isIPv4, isIPv6 } from 'node:net'
import { isProxyDnsName, withoutTrailingDot } from './dns-name.ts'

/** A collector address that the proxy takes. */
export interface CollectorAddress {
  /** As the user wrote it; this is what the proxy gets. */
  readonly text: string
  /** Lower case, without brackets and trailing dot. */
  readonly host: string
  readonly kind: 'name' | 'ip'
  /** Reached without TLS; the proxy then demands no identity. */
  readonly loopback: boolean
}

/** Why a text is no collector address, as the end of a sentence that begins with the text. */
export interface AddressFault {
  readonly rule: string
}

const SHAPE = 'must be host:port or ip:port (IPv6 in brackets), without scheme, path or white space'
const PORT = /^[0-9]{1,5}$/
const MAX_PORT = 65_535

/**
 * Reads a collector address by the proxy's own rules, and refuses what it would take but never reach.
 * Source: linkerd2-proxy `parse_addr` (it exits with 64 on the rest); `docs/collector-and-protocol.md` has the rules in words.
 */
export function parseCollectorAddress(text: string): CollectorAddress | AddressFault {
  const colon = text.lastIndexOf(':')
  if (colon < 0) return { rule: `${SHAPE}; the port is missing` }
  const host = text.slice(0, colon)
  const portFault = faultOfPort(text.slice(colon + 1))
  if (portFault !== undefined) return { rule: portFault }
  if (host.startsWith('[') || isIPv4(host)) return ipAddress(text, host)
  if (!isProxyDnsName(host)) return { rule: SHAPE }
  return nameAddress(text, host)
}

function faultOfPort(port: string): string | undefined {
  if (!PORT.test(port)) return `${SHAPE}; the port must be a number from 1 to ${MAX_PORT}`
  const number = Number(port)
  if (number === 0) return 'has port 0, where nothing can listen; OTLP over gRPC is on 4317'
  return number > MAX_PORT ? `has a port above ${MAX_PORT}` : undefined
}

function ipAddress(text: string, host: string): CollectorAddress | AddressFault {
  if (isIPv4(host)) {
    if (host === '0.0.0.0')
      return { rule: 'is the unspecified address; for a collector in the same Pod write 127.0.0.1' }
    return { text, host, kind: 'ip', loopback: host.startsWith('127.') }
  }
  const inner = host.slice(1, -1)
  // the proxy takes no zone (%eth0)
  if (!host.endsWith(']') || !isIPv6(inner) || inner.includes('%')) return { rule: SHAPE }
  const canonical = new URL(`http://${host}`).hostname.slice(1, -1)
  if (canonical === '::') return { rule: 'is the unspecified address; for a collector in the same Pod write [::1]' }
  return { text, host: canonical, kind: 'ip', loopback: canonical === '::1' }
}

function nameAddress(text: string, written: string): CollectorAddress | AddressFault {
  const host = withoutTrailingDot(written.toLowerCase())
  // to the proxy only "localhost." with its dot is loopback: any other form is looked up and asked for an identity
  if (written === 'localhost.') return { text, host, kind: 'name', loopback: true }
  if (host === 'localhost' || host.endsWith('.localhost')) {
    return {
      rule: 'is no loopback address to the proxy; for a collector in the same Pod write 127.0.0.1 or localhost. (with the dot)',
    }
  }
  return { text, host, kind: 'name', loopback: false }
}
