import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { withLock } from '../../../scripts/setup/lock.mjs'
import { isExecutable } from '../../go-programs/find-programs.ts'
import { installChromium } from './apt-install.ts'
import { findUnpacked, unpackChromium } from './apt-unpack.ts'
import type { Chromium, Say } from './chromium.ts'

/**
 * Gives a Chromium: the one that LINKERD_TRACING_CHROMIUM names, one that is installed, else Debian's, which is installed (by
 * root) or unpacked into the cache that programs of other tests are in. Throws with one sentence that says what is missing.
 */
export async function findChromium(say: Say): Promise<Chromium> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'linkerd-tracing')
  const found = findInstalled() ?? findUnpacked(cache)
  if (found !== undefined) return found
  mkdirSync(cache, { recursive: true })
  const waiting = () => say('another run is getting Chromium, waiting for it…')
  return withLock(join(cache, '.chromium.lock'), waiting, async () => {
    const meanwhile = findInstalled() ?? findUnpacked(cache)
    if (meanwhile !== undefined) return meanwhile
    try {
      await getChromium(cache, say)
    } catch (error) {
      throw new Error(`${(error as Error).message}. ${MISSING}`, { cause: error })
    }
    const got = findInstalled() ?? findUnpacked(cache)
    if (got === undefined) throw new Error(`apt-get gave no Chromium. ${MISSING}`)
    return got
  })
}

const MISSING =
  'The page is tested in Chromium, and there is none: install it (Debian: apt-get install chromium), or name one by LINKERD_TRACING_CHROMIUM.'

async function getChromium(cache: string, say: Say): Promise<void> {
  const start = performance.now()
  if (process.getuid?.() === 0) await installChromium(say)
  else await unpackChromium(cache, say)
  say(`got Chromium in ${((performance.now() - start) / 1000).toFixed(0)} s`)
}

// Not chromium-browser: on Ubuntu that is a script which says that there is a snap.
const NAMES = ['chromium', 'google-chrome-stable', 'google-chrome']
const OF_MACOS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

function findInstalled(): Chromium | undefined {
  const named = process.env['LINKERD_TRACING_CHROMIUM']
  if (named !== undefined) return { executable: named, env: {} }
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), OF_MACOS]
  const executable = candidates.find(isExecutable)
  return executable === undefined ? undefined : { executable, env: {} }
}
