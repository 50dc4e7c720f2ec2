import { isIPv4, isIPv6 } from 'node:net'

/** Takes a text, says whether it is an IP address or a host name. Pure. */
export function isHost(text: string): boolean {
  // In this order: the pattern of IPv6 takes milliseconds to be compiled, which a start can do without.
  return isIPv4(text) || isHostName(text) || isIPv6(text)
}

/** Takes an address that this program connects to, gives it as it is, or the rule that it breaks. Pure. */
export function parseAddress(text: string): { readonly value: string } | { readonly rule: string } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? []
  const isReachable = bracketed === undefined ? plain !== undefined && isHost(plain) : isIPv6(bracketed)
  const isPort = Number(port) >= 1 && Number(port) <= 65_535
  if (isReachable && isPort) return { value: text }
  return { rule: 'must be host:port or ip:port (IPv6 in brackets), with a port from 1 to 65535 and without a scheme' }
}

function isHostName(text: string): boolean {
  // The last label has a letter: "127.0.0.256" is a mistyped address, no name.
  return text.length <= 253 && /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z]([-a-z0-9]{0,61}[a-z0-9])?\.?$/i.test(text)
}
