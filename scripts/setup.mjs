// What `npm start` and `npm test` call first, so that each works as the first command typed on a fresh clone.
// Plain JavaScript without dependencies: it runs on the Node of the machine (20 or newer), before anything is installed.
// All its text goes to stderr: stdout belongs to the program that is started after it.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleIsFresh, rememberBundle } from './setup/bundle-stamp.mjs'
import { installedByHand, installedIsFresh, readInstallStamp, rememberInstall } from './setup/install-stamp.mjs'

// The oldest Node that may install and bundle.
const MACHINE_MINIMUM = 20
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (text) => process.stderr.write(`setup: ${text}\n`)

// What is only needed when there is something to do is loaded only then: the usual call must cost next to nothing.
async function install() {
  if (installedIsFresh(root)) return
  const [{ npmCi }, { findProgramNode }] = await Promise.all([
    import('./setup/npm-ci.mjs'),
    import('./setup/node-version.mjs'),
  ])
  if (!installedByHand(root)) {
    say('installing dependencies (npm ci), about ten seconds…')
    await npmCi(root)
  }
  rememberInstall(root, findProgramNode(root))
}

async function build() {
  if (bundleIsFresh(root)) return
  say('bundling src → dist…')
  const { bundle } = await import('./bundle.mjs')
  await bundle(root)
  rememberBundle(root)
}

function nodeLine() {
  const { node } = readInstallStamp(root)
  // process.version may already be that of node_modules/.bin; npm tells the one that it runs on itself.
  const machine = /\bnode\/(v[\d.]+)/.exec(process.env.npm_config_user_agent ?? '')?.[1] ?? process.version
  const other = node.version === machine ? '' : `; this machine's own is ${machine}`
  return `ready, on Node ${node.version}${node.line} from ${node.from}${other}`
}

async function main() {
  if (Number(process.versions.node.split('.')[0]) < MACHINE_MINIMUM) {
    throw new Error(
      `Node ${process.version} is too old: Node ${MACHINE_MINIMUM} or newer is needed to install and start. The current LTS is at nodejs.org.`,
    )
  }
  const wantsBundle = process.argv.includes('--build')
  const ready = () => installedIsFresh(root) && (!wantsBundle || bundleIsFresh(root))
  if (!ready()) {
    const { withLock } = await import('./setup/lock.mjs')
    await withLock(join(root, '.setup.lock'), say, async () => {
      await install()
      if (wantsBundle) await build()
    })
  }
  say(nodeLine())
}

try {
  await main()
} catch (error) {
  say(error.message)
  process.exitCode = 1
}
