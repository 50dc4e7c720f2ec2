// The other end of ./watchdog.ts: reads what to watch from stdin, and when stdin ends kills it and removes the folder.
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'

const folder = process.argv[2]
const watched = new Map<number, string>()

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line)
  if (message.watch) watched.set(message.watch, message.command)
  if (message.forget) watched.delete(message.forget)
}
// The controller manager before the API server before etcd: nobody then logs that somebody else has gone.
for (const [pid, command] of [...watched].reverse()) killWhenStill(pid, command)
if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })

// A process id is used again some time after its process has ended. Only one that still has the same command line is ours.
function killWhenStill(pid: number, command: string): void {
  if (commandOf(pid) !== command) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it ended in between
  }
}

function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, '').replaceAll('\0', ' ')
  } catch {
    return process.platform === 'linux' ? undefined : commandByPs(pid)
  }
}

function commandByPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
