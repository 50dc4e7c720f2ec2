import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chromium, Say } from './chromium.ts'
import { runApt } from './run-apt.ts'

const PREFIX = 'chromium-'
const EXECUTABLE = 'usr/lib/chromium/chromium'

/** Takes the cache, gives the newest Chromium that was unpacked there; undefined: there is none. */
export function findUnpacked(cache: string): Chromium | undefined {
  if (!existsSync(cache)) return undefined
  const folders = readdirSync(cache)
    .filter((name) => name.startsWith(PREFIX))
    .toSorted((one, other) => other.localeCompare(one, 'en', { numeric: true }))
    .map((name) => join(cache, name))
  const folder = folders.find((path) => existsSync(join(path, EXECUTABLE)))
  return folder === undefined ? undefined : { executable: join(folder, EXECUTABLE), env: environmentIn(folder) }
}

/** Downloads Debian's package with what of its dependencies is not installed, and unpacks all that: no right is needed for it. */
export async function unpackChromium(cache: string, say: Say): Promise<void> {
  say('getting Chromium by apt-get into the cache, about a minute…')
  const work = join(cache, `.chromium.${process.pid}.part`)
  const [root, debs] = [join(work, 'root'), join(work, 'debs')]
  const own = ownLists(work)
  try {
    for (const folder of [root, debs]) mkdirSync(folder, { recursive: true })
    await runApt('apt-get', ['update', '-q', ...own])
    const version = await findVersion(own)
    const packages = await missingPackages(own)
    await runApt('apt-get', ['download', '-q', ...own, ...packages], debs)
    for (const name of readdirSync(debs)) await runApt('dpkg-deb', ['-x', join(debs, name), root])
    const folder = join(cache, `${PREFIX}${version}`)
    writeFileSync(join(root, FONTS), fontsOf(folder))
    rmSync(folder, { recursive: true, force: true })
    renameSync(root, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** apt's own lists and caches may be written by root only. */
function ownLists(work: string): string[] {
  const [lists, cache] = [join(work, 'lists'), join(work, 'cache')]
  for (const folder of [lists, cache]) mkdirSync(join(folder, 'partial'), { recursive: true })
  return ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`, '-o', 'Debug::NoLocking=true']
}

async function findVersion(own: readonly string[]): Promise<string> {
  const [, version] = /Candidate: (\S+)/.exec(await runApt('apt-cache', ['policy', ...own, 'chromium'])) ?? []
  if (version === undefined || version === '(none)') throw new Error('apt-cache knows no package chromium')
  return version
}

async function missingPackages(own: readonly string[]): Promise<string[]> {
  const simulated = await runApt('apt-get', ['install', '-s', '--no-install-recommends', ...own, 'chromium'])
  return [...simulated.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name)
}

const FONTS = 'fonts.conf'

function fontsOf(folder: string): string {
  const folders = [join(folder, 'usr/share/fonts'), '/usr/share/fonts']
  const lines = [...folders.map((path) => `<dir>${path}</dir>`), `<cachedir>${join(folder, 'fonts-cache')}</cachedir>`]
  return `<?xml version="1.0"?>\n<fontconfig>\n${lines.join('\n')}\n</fontconfig>\n`
}

function environmentIn(folder: string): Readonly<Record<string, string>> {
  const libraries = ['usr/lib', 'lib'].flatMap((path) =>
    existsSync(join(folder, path))
      ? readdirSync(join(folder, path)).flatMap((name) =>
          name.endsWith('-linux-gnu') ? [join(folder, path, name), join(folder, path, name, 'pulseaudio')] : [],
        )
      : [],
  )
  return { LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_FILE: join(folder, FONTS) }
}
