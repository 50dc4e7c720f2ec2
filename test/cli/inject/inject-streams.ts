import { Readable, Writable } from 'node:stream'
import { type InjectOptions, runInject } from '../../../src/cli/inject/run-inject.ts'

export interface InjectRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `inject` in this process, on streams of its own. */
export async function inject(options: Partial<InjectOptions>, stdin: string | Buffer = ''): Promise<InjectRun> {
  const out = { stdout: '', stderr: '' }
  const collect = (name: keyof typeof out) =>
    new Writable({
      write(chunk, _encoding, done) {
        out[name] += String(chunk)
        done()
      },
    })
  const code = await runInject(
    { filenames: ['-'], namespace: 'default', flags: {}, ...options },
    { stdin: Readable.from([Buffer.from(stdin)]), stdout: collect('stdout'), stderr: collect('stderr'), env: {} },
  )
  return { code, ...out }
}
