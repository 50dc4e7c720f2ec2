import { execFile } from 'node:child_process'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { rawConnection, reviewText } from '../http/tls-client.ts'
import { newFolder, runInProcess, type SpawnedServer, spawnServe } from './cli-run.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const connectTo = async (server: SpawnedServer) =>
  rawConnection(server.port, { ca: await readFile(join(server.certDir, 'ca.crt')) })
const headOf = (body: string) =>
  `POST /mutate?timeout=3s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
const readyStatus = async (server: SpawnedServer) => (await fetch(`http://127.0.0.1:${server.adminPort}/ready`)).status

describe('a process', () => {
  test('stdout is JSON lines only; stderr has the URLs and a curl that works as pasted', async () => {
    const server = await spawnServe([])
    await expect.poll(server.stderr).toContain('npm run try')
    const command = server.stderr().match(/^ {2}(curl --cacert .*)$/m)?.[1] ?? 'false'
    const { stdout } = await promisify(execFile)('sh', ['-c', command.replace('curl', 'curl --silent --show-error')], {
      cwd: ROOT,
    })
    expect(JSON.parse(stdout)).toMatchObject({ response: { allowed: true, patchType: 'JSONPatch' } })
    expect(server.stderr()).toContain(`https://127.0.0.1:${server.port}/mutate`)
    expect(server.stderr()).toContain(`http://127.0.0.1:${server.adminPort}`)
    expect(server.stderr()).toContain(process.version)
    // Lines are written some at once.
    await expect.poll(() => server.stdout()).toContain('"decision"')
    const lines = server
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map((line) => line['msg'])).toEqual(['certificate', 'serving', 'decision'])
    expect(lines[2]).toMatchObject({ namespace: 'emojivoto', owner: 'ReplicaSet/web-6d8f5c9b7d', outcome: 'traced' })
    server.child.kill('SIGINT')
    expect(await server.exited).toBe(0)
  })

  test('SIGTERM: unready, serving on with Connection: close, what is in flight is finished, exit 0', async () => {
    const server = await spawnServe(['--drain-seconds', '2'])
    const [idle, slow] = [await connectTo(server), await connectTo(server)]
    const body = reviewText('idle')
    idle.send(headOf(body) + body)
    expect(await idle.until('"uid":"idle"')).not.toMatch(/connection: close/i)
    const slowBody = reviewText('slow')
    slow.send(headOf(slowBody) + slowBody.slice(0, 50))

    const signalled = performance.now()
    server.child.kill('SIGTERM')
    await expect.poll(() => readyStatus(server)).toBe(503)
    // Old and new connections are served while endpoints catch up, and told to go elsewhere.
    idle.send(headOf(body) + body)
    expect((await idle.closed).match(/connection: close/gi)).toHaveLength(1)
    const fresh = await connectTo(server)
    fresh.send(headOf(body) + body)
    expect(await fresh.closed).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*connection: close/i)

    // The drain is over, no new connection is taken, and the request in flight still gets its answer.
    await expect.poll(() => readyStatus(server).catch(() => 0), { timeout: 5000 }).toBe(503)
    await new Promise((resolve) => setTimeout(resolve, 2300 - (performance.now() - signalled)))
    await expect(connectTo(server)).rejects.toThrowError(/ECONNREFUSED/)
    slow.send(slowBody.slice(50))
    expect(await slow.closed).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"uid":"slow"/)
    expect(await server.exited).toBe(0)
    const afterMs = performance.now() - signalled
    expect(afterMs).toBeGreaterThan(2000)
    // Once the last answer is out nothing is waited for.
    expect(afterMs).toBeLessThan(6000)
  })

  test.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
  ] as const)('%s, then %s: aborts at once with 1', async (first, second) => {
    const server = await spawnServe([])
    server.child.kill(first)
    await expect.poll(() => readyStatus(server)).toBe(503)
    const start = performance.now()
    server.child.kill(second)
    expect(await server.exited).toBe(1)
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('a reader of the log that goes away does not end it', async () => {
    const server = await spawnServe([])
    server.child.stdout?.destroy()
    const body = reviewText('unread')
    for (let count = 0; count < 3; count += 1) {
      const connection = await connectTo(server)
      connection.send(headOf(body) + body)
      expect(await connection.until('"uid":"unread"')).toMatch(/^HTTP\/1\.1 200/)
      connection.socket.destroy()
    }
    server.child.kill('SIGINT')
    expect(await server.exited).toBe(0)
  })
})

describe('in this process', () => {
  const serve = async (words: readonly string[], env = {}) =>
    runInProcess(['serve', '--port', '0', '--admin-port', '0', ...words], env)
  const end = async (run: Awaited<ReturnType<typeof serve>>) => {
    run.signals.emit('SIGINT')
    expect(await run.exited).toBe(0)
  }

  test('a second start takes the certificate again', async () => {
    const certDir = join(await newFolder(), 'certs')
    const origins: unknown[] = []
    const cas: string[] = []
    for (let count = 0; count < 2; count += 1) {
      const run = await serve(['--cert-dir', certDir])
      expect(await run.returned).toBe(0)
      origins.push((JSON.parse(run.stdout().split('\n')[0] ?? '') as Record<string, unknown>)['origin'])
      cas.push(await readFile(join(certDir, 'ca.crt'), 'utf8'))
      await end(run)
    }
    expect(origins).toEqual(['made', 'reused'])
    expect(cas[1]).toBe(cas[0])
  })

  test('a foreign certificate is served, without a curl that would not trust it; a broken one stops the start', async () => {
    const certDir = join(await newFolder(), 'certs')
    const first = await serve(['--cert-dir', certDir])
    await first.returned
    await end(first)
    await rm(join(certDir, 'ca.crt'))
    const foreign = await serve(['--cert-dir', certDir])
    expect(await foreign.returned).toBe(0)
    expect(foreign.stderr()).not.toContain('curl')
    await end(foreign)
    await writeFile(join(certDir, 'tls.key'), 'SECRET')
    const broken = await serve(['--cert-dir', certDir])
    expect(await broken.returned).toBe(1)
    expect(broken.stderr()).toMatch(
      /^error: .*tls\.crt and .*tls\.key cannot be served with: the key is not unencrypted PEM/,
    )
    expect(broken.stderr() + broken.stdout()).not.toContain('SECRET')
  })

  test('a folder that every user may write into is warned of; one that cannot be is named, with the reason', async () => {
    const certDir = await newFolder()
    await chmod(certDir, 0o777)
    const run = await serve(['--cert-dir', certDir])
    expect(await run.returned).toBe(0)
    expect(run.stdout()).toMatch(/"level":"warn".*every user of this machine can put another certificate there/)
    await end(run)
    const file = join(certDir, 'ca.crt')
    const refused = await serve(['--cert-dir', file])
    expect(await refused.returned).toBe(1)
    expect(refused.stderr()).toBe(
      `error: --cert-dir "${file}" cannot be used: it, or a part of its path, is not a directory\n`,
    )
  })

  test.each(['--port', '--admin-port'])('%s in use: one sentence, exit code 1', async (flag) => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as { port: number }
    const run = await serve(['--cert-dir', join(await newFolder(), 'c'), flag, String(port)])
    expect(await run.returned).toBe(1)
    expect(run.stderr()).toBe(
      `error: port ${port} of 127.0.0.1 is in use: choose another with ${flag}, or stop what uses it\n`,
    )
    taken.close()
  })

  test('all mistakes of settings at once, exit code 1, and nothing is written', async () => {
    const folder = await newFolder()
    const run = await serve(['--cert-dir', join(folder, 'c'), '--drain-seconds', 'x'], {
      LINKERD_TRACING_COLLECTOR_ADDRESS: 'http://otel:4317',
    })
    expect(await run.returned).toBe(1)
    expect(run.stderr()).toMatch(
      /^error: 2 settings are wrong:\n {2}--drain-seconds .*\n {2}LINKERD_TRACING_COLLECTOR_ADDRESS .*\n$/,
    )
    await expect(readFile(join(folder, 'c', 'tls.crt'))).rejects.toThrowError(/ENOENT/)
  })

  test('the Namespaces file is asked; a broken one stops the start', async () => {
    const folder = await newFolder()
    const file = join(folder, 'namespaces.yaml')
    const words = ['--cert-dir', join(folder, 'c'), '--namespaces-file', file]
    await writeFile(file, 'kind: Namespace\nmetadata: { name: emojivoto }\n')
    const run = await serve(words, { LINKERD_TRACING_PROTOCOLL: 'x' })
    expect(await run.returned).toBe(0)
    expect(run.stderr()).toMatch(/^warning: LINKERD_TRACING_PROTOCOLL is no setting .* LINKERD_TRACING_PROTOCOL\n/)
    const url = run.stderr().match(/https:\S+/)?.[0] ?? ''
    const tried = runInProcess(['try', '--url', url, '--ca-file', join(folder, 'c', 'ca.crt')])
    expect(await tried.returned).toBe(0)
    expect(tried.stdout()).toContain('outcome:   skipped (not-opted-in)')
    await end(run)
    await writeFile(file, 'kind: Pod\n')
    const broken = await serve(words)
    expect(await broken.returned).toBe(1)
    expect(broken.stderr()).toContain('namespaces.yaml, document 1: kind must be Namespace or List, not "Pod"')
  })

  test.each([
    ['::', 'https://127.0.0.1:'],
    ['::1', 'https://[::1]:'],
  ])('listening on %s, the URL to paste is %s…', async (host, url) => {
    const run = await serve(['--cert-dir', join(await newFolder(), "it's here"), '--host', host])
    expect(await run.returned).toBe(0)
    expect(run.stderr()).toContain(url)
    expect(run.stderr()).toMatch(/--cacert '[^']*it'\\''s here\/ca\.crt' /)
    const port = /"port":(\d+)/.exec(run.stdout())?.[1]
    expect(run.stderr()).toMatch(
      new RegExp(
        `npm run try -- --url '?${url.replace(/[[\]]/g, '\\$&')}${port}/mutate'? --ca-file '.*here/ca.crt'\n$`,
      ),
    )
    await end(run)
  })
})
