import type { Say } from './chromium.ts'
import { runApt } from './run-apt.ts'

// Another apt-get may be at work on the same machine.
const OPTIONS = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300']

/** Installs Debian's package, as root. */
export async function installChromium(say: Say): Promise<void> {
  say('installing Chromium by apt-get, about half a minute…')
  const install = () => runApt('apt-get', ['install', ...OPTIONS, '--no-install-recommends', 'chromium'])
  try {
    await install()
  } catch {
    // A clean machine has no lists of packages, or old ones.
    await runApt('apt-get', ['update', ...OPTIONS])
    await install()
  }
}
