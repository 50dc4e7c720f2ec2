import type { Span } from './span.ts'

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
/** Of eight digits or more, one of them none of the letters: `facade` and `deadbeef` are words. */
const HEX = /^(?=.*\d)[\da-f]{8,}$/i
/** Sixteen letters and digits in one piece, both of them: ULIDs, tokens, keys of databases. */
const TOKEN = /^(?=.*\d)(?=.*[a-z])[\da-z]{16,}$/i

/**
 * Takes a request’s span, gives its route: the method, and what the application calls the route (`http.route`), else the path
 * without its query, in which each part that is a number, a UUID, hexadecimal (8 digits and more) or a token (16 letters and
 * digits and more) is `{id}`. A path of gRPC has nothing of it, and stays. Pure.
 */
export function routeOf({ tags, operation }: Pick<Span, 'tags' | 'operation'>): string {
  const method = tags['http.request.method'] ?? tags['http.method']
  const path = tags['http.route'] ?? tags['url.path'] ?? tags['http.path'] ?? pathIn(operation)
  // The name of a method of gRPC, or what else is no path.
  if (path === undefined) return operation
  const route = collapsed(path)
  return method === undefined ? route : `${method} ${route}`
}

/** Proxies name a span by the path, older ones with its query. */
function pathIn(operation: string): string | undefined {
  return operation.startsWith('/') ? operation : undefined
}

function collapsed(path: string): string {
  const [withoutQuery = ''] = path.split(/[?#]/, 1)
  return withoutQuery.split('/').map(collapsedPart).join('/')
}

function collapsedPart(part: string): string {
  return /^\d+$/.test(part) || UUID.test(part) || HEX.test(part) || TOKEN.test(part) ? '{id}' : part
}
