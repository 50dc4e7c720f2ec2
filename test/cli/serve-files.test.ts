import { rename, symlink, unlink, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { rawConnection, reviewText } from '../http/tls-client.ts'
import { mountSecret } from '../tls/secret-mount.ts'
import { type Pair, testCa, testLeaf } from '../tls/test-certificates.ts'
import { type CliRun, newFolder, runInProcess } from './cli-run.ts'

const ca = await testCa()
const secretOf = ({ certPem, keyPem }: Pair) => ({ 'tls.crt': certPem, 'tls.key': keyPem })
const pairs = await Promise.all(['zero', 'one', 'two'].map((commonName) => testLeaf(ca, { commonName })))
const [zero, one, two] = pairs as [Pair, Pair, Pair]

interface Served {
  readonly run: CliRun
  readonly port: number
  /** The CN of the certificate that a new handshake gets. */
  readonly shownName: () => Promise<string>
  readonly becomes: (commonName: string) => Promise<void>
  readonly logged: (msg: string) => Record<string, unknown>[]
  readonly metric: (series: string) => Promise<number | undefined>
  readonly isReady: () => Promise<boolean>
  readonly end: () => Promise<void>
}

async function serveFiles(folder: string, words: readonly string[] = []): Promise<Served> {
  const all = ['serve', '--port', '0', '--admin-port', '0', '--certs', 'files', '--cert-dir', folder, ...words]
  const run = runInProcess(all)
  if ((await run.returned) !== 0) throw new Error(run.stderr())
  const lines = () => run.stdout().trimEnd().split('\n')
  const logged = (msg: string) =>
    lines()
      .map((line) => JSON.parse(line))
      .filter((line) => line.msg === msg)
  const { port, adminPort } = logged('serving')[0] as { port: number; adminPort: number }
  const shownName = async () => {
    const { socket } = await rawConnection(port, { ca: ca.certPem })
    const { CN } = socket.getPeerCertificate().subject
    socket.destroy()
    return String(CN)
  }
  const admin = (path: string) => fetch(`http://127.0.0.1:${adminPort}${path}`)
  return {
    run,
    port,
    shownName,
    becomes: async (commonName) => {
      await expect.poll(shownName, { timeout: 10_000, interval: 20 }).toBe(commonName)
    },
    logged,
    metric: async (series) => {
      const line = (await (await admin('/metrics')).text()).split('\n').find((one) => one.startsWith(`${series} `))
      return line === undefined ? undefined : Number(line.split(' ').at(-1))
    },
    isReady: async () => (await admin('/ready')).ok,
    end: async () => {
      run.signals.emit('SIGINT')
      expect(await run.exited).toBe(0)
    },
  }
}

const FAILURES = 'linkerd_tracing_certificate_reload_failures_total{files="serving"}'
const FAILED = 'certificate files cannot be used, the last good ones stay'
const HOUR = '1h' // no poll within a test: what is seen, is seen by the watch

describe('a mounted Secret', () => {
  test('another pair is used for new handshakes at once; connections that are there go on', async () => {
    const mount = await mountSecret(secretOf(zero))
    const served = await serveFiles(mount.folder, ['--cert-poll-interval', HOUR])
    const old = await rawConnection(served.port, { ca: ca.certPem })
    await mount.swap(secretOf(one))
    const before = performance.now()
    await served.becomes('one')
    expect(performance.now() - before).toBeLessThan(2_000)
    const body = reviewText('old')
    const head = [
      'POST /mutate HTTP/1.1',
      'Host: x',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ]
    old.send(`${[...head, '', ''].join('\r\n')}${body}`)
    expect(await old.until('"uid":"old"')).toMatch(/^HTTP\/1\.1 200/)
    old.socket.destroy()
    const reloaded = await served.metric('linkerd_tracing_certificate_last_reload_timestamp_seconds{files="serving"}')
    expect(Math.abs(Number(reloaded) - Date.now() / 1000)).toBeLessThan(10)
    expect(await served.metric(FAILURES)).toBe(0)
    await served.end()
  })

  test('is polled too: another folder under the same name is seen', async () => {
    const [first, second] = [await mountSecret(secretOf(zero)), await mountSecret(secretOf(one))]
    const link = join(await newFolder(), 'certs')
    await symlink(first.folder, link)
    const served = await serveFiles(link, ['--cert-poll-interval', '4s'])
    await symlink(second.folder, `${link}.new`)
    await rename(`${link}.new`, link)
    await served.becomes('one')
    // and that one is watched from then on
    await second.swap(secretOf(two))
    const before = performance.now()
    await served.becomes('two')
    expect(performance.now() - before).toBeLessThan(2_500) // the next poll is further away
    await served.end()
  })
})

const expired = await testLeaf(ca, { notAfter: new Date(Date.now() - 60_000) })
const early = await testLeaf(ca, { notBefore: new Date(Date.now() + 60_000) })
const BAD = [
  ['whose key is not its own', { 'tls.crt': one.certPem, 'tls.key': two.keyPem }, /tls\.key cannot .* not the one/],
  ['that has expired', secretOf(expired), /tls\.crt cannot be served with: the certificate expired at 20/],
  ['that is not valid yet', secretOf(early), /tls\.crt cannot be served with: .* valid only from 20/],
  ['with garbage for a certificate', { ...secretOf(one), 'tls.crt': 'GARBAGE' }, /tls\.crt cannot .* not PEM/],
  ['with garbage for a key', { ...secretOf(one), 'tls.key': 'SECRET' }, /tls\.key cannot .* not unencrypted PEM/],
  [
    'with a broken chain',
    { ...secretOf(one), 'tls.crt': `${one.certPem}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n` },
    /tls\.crt cannot .* refused by OpenSSL/,
  ],
  ['without a key', { 'tls.crt': one.certPem }, /tls\.key cannot be read: there is no such file/],
] as const

/** No line of any PEM body of a key, and nothing of what stood in place of one. */
function expectNoKeyIn(...texts: readonly string[]): void {
  const all = texts.join('\n')
  expect(all).not.toMatch(/PRIVATE KEY|SECRET/)
  for (const { keyPem } of [...pairs, expired, early]) {
    for (const line of keyPem.split('\n').slice(1, -2)) expect(all).not.toContain(line)
  }
}

describe('a pair', () => {
  test.each(BAD)('%s: the last good one stays, told by file and reason', async (_what, files, reason) => {
    const mount = await mountSecret(secretOf(zero))
    const served = await serveFiles(mount.folder, ['--cert-poll-interval', '1s'])
    await mount.swap(files)
    await expect.poll(() => served.logged(FAILED).length, { timeout: 10_000 }).toBe(1)
    expect(served.logged(FAILED)[0]).toMatchObject({ level: 'error', reason: expect.stringMatching(reason) })
    expect(await served.shownName()).toBe('zero')
    expect(await served.isReady()).toBe(true)
    expect(await served.metric(FAILURES)).toBe(1)
    await wait(1_200) // the next poll sees the same, and is silent
    expect(served.logged(FAILED)).toHaveLength(1)
    await mount.swap(secretOf(two))
    await served.becomes('two')
    expectNoKeyIn(served.run.stdout(), served.run.stderr())
    await served.end()
  })

  test.each(BAD)('%s at the start: one sentence, exit code 1', async (_what, files, reason) => {
    const mount = await mountSecret(files)
    const run = runInProcess([
      'serve',
      '--port',
      '0',
      '--admin-port',
      '0',
      '--certs',
      'files',
      '--cert-dir',
      mount.folder,
    ])
    expect(await run.returned).toBe(1)
    expect(run.stderr()).toMatch(reason)
    expect(run.stderr()).toMatch(/^error: [^\n]*\n$/)
    expectNoKeyIn(run.stdout(), run.stderr())
  })

  test('written file by file into a plain folder is waited for', async () => {
    const folder = await newFolder()
    const put = async (files: Readonly<Record<string, string>>) => {
      for (const [file, content] of Object.entries(files)) {
        await writeFile(join(folder, file), content)
        await wait(150)
      }
    }
    await put(secretOf(zero))
    const served = await serveFiles(folder, ['--cert-poll-interval', HOUR])
    await put(secretOf(one))
    await served.becomes('one')
    expect(served.logged(FAILED)).toEqual([])
    await unlink(join(folder, 'tls.key'))
    await expect.poll(() => served.logged(FAILED).length, { timeout: 10_000 }).toBe(1)
    await put(secretOf(two))
    await served.becomes('two')
    await served.end()
  })

  test.runIf(process.platform !== 'win32')('whose key everybody may read: a warning, with the file', async () => {
    const closed = await serveFiles((await mountSecret(secretOf(zero), 0o640)).folder)
    const mount = await mountSecret(secretOf(zero), 0o644)
    const open = await serveFiles(mount.folder)
    const warnings = (served: Served) => served.logged('the key may be read by every user (its file mode)')
    expect(warnings(closed)).toEqual([])
    expect(warnings(open)).toMatchObject([{ level: 'warn', file: join(mount.folder, 'tls.key') }])
    await Promise.all([closed.end(), open.end()])
  })
})

test('100 reloads under load lose no request', { timeout: 120_000 }, async () => {
  const mount = await mountSecret(secretOf(zero))
  const served = await serveFiles(mount.folder, ['--cert-poll-interval', HOUR, '--log-level', 'info'])
  let isEnding = false
  let [answered, connections] = [0, 0]
  const failures: unknown[] = []
  const post = (agent: Agent) =>
    new Promise<void>((resolve) => {
      const trust = { ca: ca.certPem, servername: 'localhost' }
      const options = { ...trust, agent, method: 'POST', headers: { 'content-type': 'application/json' } }
      const sent = request(`https://127.0.0.1:${served.port}/mutate`, options, async (answer) => {
        const body = await text(answer)
        if (answer.statusCode === 200 && body.includes('"allowed":true')) answered += 1
        else failures.push(answer.statusCode)
        resolve()
      })
      sent.on('socket', ({ connecting }) => {
        if (connecting) connections += 1
      })
      sent.on('error', (error) => {
        failures.push(error)
        resolve()
      })
      sent.end(reviewText())
    })
  // Some keep their connection, as API servers do, some make a new one each time.
  const callers = [true, true, false, false].map(async (keepAlive) => {
    const agent = new Agent({ keepAlive, maxSockets: 1, maxCachedSessions: 0 })
    while (!isEnding) await post(agent)
    agent.destroy()
  })
  const loads = () => served.logged('certificate files loaded').length
  for (let count = 1; count <= 100; count += 1) {
    await mount.swap(secretOf(pairs[count % 3] as Pair))
    await expect.poll(loads, { timeout: 10_000, interval: 5 }).toBe(count + 1)
  }
  isEnding = true
  await Promise.all(callers)
  expect(failures).toEqual([])
  expect(answered).toBeGreaterThan(200)
  expect(connections).toBeGreaterThan(100)
  expect(served.logged(FAILED)).toEqual([])
  await served.end()
})
