import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const stampFile = (root) => join(root, 'node_modules/.linkerd-tracing-setup.json')
const lockHash = (root) =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
const platform = `${process.platform}-${process.arch}`

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined // absent or cut off: the same as never written
  }
}

/** What the last install noted: the lock file's hash, the platform and the Node that npm scripts will find. */
export function readInstallStamp(root) {
  return readJson(stampFile(root))
}

/** Whether what is installed is what package-lock.json asks for on this platform. */
export function installedIsFresh(root) {
  const stamp = readInstallStamp(root)
  return stamp !== undefined && stamp.lock === lockHash(root) && stamp.platform === platform
}

/** Whether somebody has installed by hand and completely: npm's own record then agrees with package-lock.json. */
export function installedByHand(root) {
  const record = readJson(join(root, 'node_modules/.package-lock.json'))
  const wanted = readJson(join(root, 'package-lock.json'))
  if (!record || !wanted) return false
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '') return true
    const installed = record.packages[path]
    return installed ? installed.integrity === entry.integrity : !neededHere(entry)
  })
}

function neededHere(entry) {
  if (entry.optional)
    return fits(entry.os, process.platform) && fits(entry.cpu, process.arch) && !entry.peer && !entry.libc
  return !entry.devOptional
}

const fits = (list, own) => (list ? [list].flat().includes(own) : false)

/** Notes that the install is complete; the next start then asks npm nothing. */
export function rememberInstall(root, node) {
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(stampFile(root), JSON.stringify({ lock: lockHash(root), platform, node }))
}
