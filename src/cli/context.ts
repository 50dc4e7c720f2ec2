import type { Readable, Writable } from 'node:stream'

/** What a command may touch of its process; main.ts gives the real one, tests give their own. */
export interface CliContext {
  readonly stdout: Writable
  readonly stderr: Writable
  readonly stdin: Readable
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signals: SignalSource
  /** `v26.10.0`: what the program runs on. */
  readonly nodeVersion: string
  /** Sets the code for when the process ends by itself. */
  readonly setExitCode: (code: number) => void
  /** Ends the process now, whatever is still open. */
  readonly exit: (code: number) => void
}

export interface SignalSource {
  /** `exit`: the process ends now, whatever is still open. */
  on(signal: 'SIGTERM' | 'SIGINT' | 'exit', listener: () => void): unknown
}
