import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Sees to it that processes and a folder do not outlive this process, however it ends. */
export interface Watchdog {
  /** Has the process killed when this process dies; `command` is its whole command line. */
  watch(pid: number, command: readonly string[]): void
  /** The process has ended: its id may soon be somebody else's. */
  forget(pid: number): void
  /** Ends the watchdog, which kills what is still watched and removes the folder. */
  end(): Promise<void>
}

/**
 * Starts the watchdog: a process of its own, in a session of its own so that Ctrl-C does not reach it. The pipe to
 * its stdin is all that it goes by: the kernel closes it when this process ends, SIGKILL included.
 */
export function startWatchdog(folder: string): Watchdog {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'watchdog-process.ts'), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // It must not keep this process alive: this process's end is what it waits for.
  child.unref()
  ;(child.stdin as unknown as { unref(): void }).unref()
  child.stdin.on('error', () => {}) // it was killed: then nothing is watched, and nothing else is harmed
  const tell = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`)
  return {
    watch: (pid, command) => tell({ watch: pid, command: command.join(' ') }),
    forget: (pid) => tell({ forget: pid }),
    end: () => {
      child.ref()
      child.stdin.end()
      return ended
    },
  }
}
