import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Watchdog } from './watchdog.ts'

export interface ServerCommand {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Where its stdout and stderr are appended. */
  readonly logFile: string
  readonly watchdog: Watchdog
}

export interface ServerProcess {
  readonly name: string
  readonly pid: number
  hasExited(): boolean
  /** Sends the signal and waits for the end; SIGKILL follows when it takes longer than `limitMs`. */
  end(signal: NodeJS.Signals, limitMs?: number): Promise<void>
  /** The end of its log, for an error message. */
  logTail(): string
}

const TAIL_LINES = 25

/** Starts a server in a session of its own: Ctrl-C is for this process, which then ends its servers in order. */
export function startServer({ name, command, args, env, logFile, watchdog }: ServerCommand): ServerProcess {
  const log = openSync(logFile, 'a')
  const child = spawn(command, args, { env: env ?? process.env, detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  const { pid } = child
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  const hasExited = () => child.exitCode !== null || child.signalCode !== null || pid === undefined
  if (pid === undefined) throw new Error(`${name} could not be started: ${command}`)
  watchdog.watch(pid, [command, ...args])
  child.once('exit', () => watchdog.forget(pid))
  return {
    name,
    pid,
    hasExited,
    end: async (signal, limitMs = 20_000) => {
      if (hasExited()) return
      child.kill(signal)
      const force = setTimeout(() => child.kill('SIGKILL'), limitMs)
      await exited
      clearTimeout(force)
    },
    logTail: () =>
      `The end of ${logFile}:\n${readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n')}`,
  }
}
