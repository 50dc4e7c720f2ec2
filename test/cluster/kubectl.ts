import { spawn } from 'node:child_process'

export interface KubectlAnswer {
  readonly stdout: string
  readonly stderr: string
}

export interface KubectlCall {
  readonly program: string
  readonly kubeconfig: string
  /** kubectl keeps what it discovers of an API server under HOME, by host and port: a used port must not bring back old facts. */
  readonly home: string
  readonly args: readonly string[]
  /** Given to `-f -`. */
  readonly stdin?: string | undefined
}

/** kubectl ended with another code than 0 (`kubectl diff` does so when there is a difference). */
export class KubectlError extends Error {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string

  constructor(args: readonly string[], answer: KubectlAnswer & { exitCode: number | null }) {
    super(`kubectl ${args.join(' ')} ended with ${answer.exitCode}: ${answer.stderr.trim()}`)
    this.name = 'KubectlError'
    this.exitCode = answer.exitCode
    this.stdout = answer.stdout
    this.stderr = answer.stderr
  }
}

/** Runs kubectl and gives what it printed. Throws KubectlError when it ends with another code than 0. */
export async function runKubectl({ program, kubeconfig, home, args, stdin }: KubectlCall): Promise<KubectlAnswer> {
  const env = { ...process.env, KUBECONFIG: kubeconfig, HOME: home }
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => {}) // kubectl refused its flags before it read: its exit code tells
  child.stdin.end(stdin ?? '')
  const exited = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject))
  const [stdout, stderr, exitCode] = await Promise.all([read(child.stdout), read(child.stderr), exited])
  if (exitCode !== 0) throw new KubectlError(args, { stdout, stderr, exitCode })
  return { stdout, stderr }
}

async function read(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
