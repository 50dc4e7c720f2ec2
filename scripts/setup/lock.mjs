import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'

const HEARTBEAT_MS = 2_000
// Ten missed heartbeats: a paused machine is forgiven, a killed run on another host is not waited for long.
const STALE_MS = 10 * HEARTBEAT_MS

/** Runs `work` while holding the lock file; a second run waits for the first, and takes over from a dead one. */
export async function withLock(file, say, work) {
  await acquire(file, say)
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS)
  const release = () => rmSync(file, { force: true })
  const abort = (signal) => {
    release()
    process.kill(process.pid, signal)
  }
  process.once('SIGINT', abort).once('SIGTERM', abort)
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    process.off('SIGINT', abort).off('SIGTERM', abort)
    release()
  }
}

async function acquire(file, say) {
  for (let told = false; !take(file); ) {
    if (isStale(file)) {
      breakLock(file)
      continue
    }
    if (!told) say('another run is installing, waiting for it…')
    told = true
    await wait(200)
  }
}

function take(file) {
  try {
    const fd = openSync(file, 'wx')
    writeSync(fd, JSON.stringify({ pid: process.pid, host: hostname() }))
    closeSync(fd)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isStale(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true
    const { pid, host } = JSON.parse(readFileSync(file, 'utf8'))
    return host === hostname() && !isAlive(pid)
  } catch {
    return false // just released, or not yet written: look again
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

// Renamed away first: of two runs that find the same dead lock only one succeeds, and none deletes the other's new one
// unless it appears within the same instant.
function breakLock(file) {
  const grave = `${file}.${process.pid}`
  try {
    renameSync(file, grave)
  } catch {
    return
  }
  rmSync(grave, { force: true })
}

function touch(file) {
  const now = new Date()
  try {
    utimesSync(file, now, now)
  } catch {
    // the lock was broken by a run that took us for dead; npm ci is safe to finish
  }
}
