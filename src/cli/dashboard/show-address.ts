import type { Dashboard } from './dashboard.ts'
import { openBrowser } from './open-browser.ts'

export interface ShownAddress {
  readonly url: string
  /** For stderr. */
  readonly note: string
}

/** Takes where something is served, prints it, and has the browser open it unless only the address is wanted. */
export async function showAddress({ flags, context }: Dashboard, { url, note }: ShownAddress): Promise<void> {
  const { stdout, stderr, env } = context
  stdout.write(`${url}\n`)
  stderr.write(`${note}\n`)
  if (flags.show === 'browser' && !(await openBrowser(url, env))) stderr.write('note: no browser could be started\n')
}
