import { readFileSync } from 'node:fs'
import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerProcess, startServer } from '../../cluster/control-plane/server-process.ts'
import { startWatchdog, type Watchdog } from '../../cluster/control-plane/watchdog.ts'
import { findTracePrograms, type TraceProgram } from '../programs/trace-programs.ts'

/** What the processes of one test file share. */
export interface TraceRun {
  /** Gone with the run. */
  readonly folder: string
  readonly watchdog: Watchdog
  readonly programs: Readonly<Record<TraceProgram, string>>
  /** Starts a process that ends with the run; its log is `NAME.log` in the folder. */
  readonly start: (name: string, command: string, options: StartOptions) => ServerProcess
  /** All that the processes of that name have written so far. */
  readonly logOf: (name: string) => string
  readonly stop: () => Promise<void>
}

export interface StartOptions {
  readonly args: readonly string[]
  /** Beside this process's own. */
  readonly env?: NodeJS.ProcessEnv
}

/** Finds the programs (and builds them the first time), makes a folder; whatever is started does not outlive this process. */
export async function startTraceRun(): Promise<TraceRun> {
  const programs = await findTracePrograms((text) => process.stderr.write(`trace tests: ${text}\n`))
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'linkerd-tracing-traces-')))
  const watchdog = startWatchdog(folder)
  const processes: ServerProcess[] = []
  const logFile = (name: string) => join(folder, `${name}.log`)
  return {
    folder,
    watchdog,
    programs,
    start: (name, command, { args, env = {} }) => {
      const all = { ...process.env, ...env }
      const started = startServer({ name, command, args, env: all, logFile: logFile(name), watchdog })
      processes.push(started)
      return started
    },
    logOf: (name) => readFileSync(logFile(name), 'utf8'),
    stop: async () => {
      // A stopped one hears no SIGTERM; nothing here has anything left to say.
      await Promise.all(processes.map((one) => one.end('SIGKILL')))
      await watchdog.end()
    },
  }
}
