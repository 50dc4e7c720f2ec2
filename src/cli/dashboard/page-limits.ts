import type { ServerLimits } from '../../http/limits.ts'

/** What the page's server bears from a client. */
export type PageLimits = Pick<ServerLimits, 'connections' | 'headersMs' | 'requestMs' | 'checkEveryMs'>

/** Other users of the machine reach the port too, and need no token to connect. */
export const PAGE_LIMITS: PageLimits = {
  // A browser opens six at a time to one address: some browsers with some tabs, and far below the 1,024 files that a process
  // may have open by default.
  connections: 100,
  // Headers fit one packet, which never leaves the machine. A connection that a browser opens ahead is closed then, and opened again
  // when it is needed.
  headersMs: 5_000,
  // Nothing but GET is asked, without a body. How long an answer takes is not limited by it.
  requestMs: 10_000,
  // How often Node looks for connections past their time: the limits above hold to the second.
  checkEveryMs: 1_000,
}
