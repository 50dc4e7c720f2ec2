/** What a user may write for a host: a name or an IP address, IPv6 in brackets. */
const HOST = '(?:\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\\.?)'
const HOST_PORT = new RegExp(`^${HOST}:([0-9]{1,5})$`)
const MAX_PORT = 65_535

/** Takes an endpoint of gRPC, gives the rule that it breaks, if any. */
export function grpcEndpointFault(endpoint: string): string | undefined {
  if (endpoint.includes('${env:')) return undefined
  const port = Number(HOST_PORT.exec(endpoint)?.[1])
  return port >= 1 && port <= MAX_PORT ? undefined : 'must be host:port (IPv6 in brackets), without scheme or path'
}

/** Takes an endpoint of HTTP, gives the rule that it breaks, if any. */
export function httpEndpointFault(endpoint: string): string | undefined {
  if (endpoint.includes('${env:')) return undefined
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return 'must be a URL that begins with http:// or https://'
  if (url.username !== '' || url.password !== '') return 'must not hold user and password; use a header from a Secret'
  return url.search === '' && url.hash === '' ? undefined : 'must not have a query or fragment'
}
