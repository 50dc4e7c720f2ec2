import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rawConnection, reviewText } from '../http/tls-client.ts'
import { mountSecret } from '../tls/secret-mount.ts'
import { testCa, testLeaf } from '../tls/test-certificates.ts'
import { newFolder, runInProcess } from './cli-run.ts'

const callersCa = await testCa('callers')
const othersCa = await testCa('others')
const serving = await testLeaf(callersCa)
const apiServer = await testLeaf(callersCa, { commonName: 'kube-apiserver', usage: 'client' })
const serve = async (caFile: string) => {
  const words = [
    'serve',
    '--port',
    '0',
    '--admin-port',
    '0',
    '--cert-dir',
    await newFolder(),
    '--cert-poll-interval',
    '1h',
  ]
  return runInProcess([...words, '--client-ca-file', caFile, '--client-allowed-names', 'kube-apiserver'])
}

describe('--client-ca-file', () => {
  test('is read anew when it changes; one that cannot be used leaves the last good one', async () => {
    const mount = await mountSecret({ 'ca.crt': callersCa.certPem })
    const run = await serve(join(mount.folder, 'ca.crt'))
    expect(await run.returned).toBe(0)
    const logged = () =>
      run
        .stdout()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    const { port } = logged().find(({ msg }) => msg === 'serving')
    const ask = async () => {
      const trust = { rejectUnauthorized: false, cert: apiServer.certPem, key: apiServer.keyPem }
      const { socket, send, until } = await rawConnection(port, trust)
      const body = reviewText()
      const head = ['Host: x', 'Content-Type: application/json', `Content-Length: ${body.length}`]
      send(`${['POST /mutate HTTP/1.1', ...head, '', ''].join('\r\n')}${body}`)
      const answer = await until('\r\n')
      socket.destroy()
      return Number(answer.split(' ')[1])
    }
    expect(await ask()).toBe(200)
    await mount.swap({ 'ca.crt': othersCa.certPem })
    await expect.poll(ask, { timeout: 10_000 }).toBe(401)
    await mount.swap({ 'ca.crt': `${othersCa.certPem}\n${callersCa.certPem}` })
    await expect.poll(ask, { timeout: 10_000 }).toBe(200)
    await mount.swap({ 'ca.crt': serving.certPem })
    const failure = () => logged().find(({ level }) => level === 'error')
    await expect.poll(failure, { timeout: 10_000 }).toMatchObject({
      files: 'client-ca',
      reason: expect.stringMatching(/ca\.crt cannot be used to check callers: certificate 1 is not that of a CA/),
    })
    expect(await ask()).toBe(200)
    run.signals.emit('SIGINT')
    expect(await run.exited).toBe(0)
  })

  test.each([
    ['', /there is no certificate in it/],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', /certificate 1 is not PEM that can be read/],
    [serving.certPem, /certificate 1 is not that of a CA/],
  ])('that cannot be used stops the start (%#)', async (text, reason) => {
    const file = join(await newFolder(), 'ca.crt')
    await writeFile(file, text)
    const run = await serve(file)
    expect(await run.returned).toBe(1)
    expect(run.stderr()).toMatch(reason)
  })

  test('that is not there stops the start', async () => {
    const run = await serve(join(await newFolder(), 'absent.crt'))
    expect(await run.returned).toBe(1)
    expect(run.stderr()).toMatch(/absent\.crt cannot be read: there is no such file/)
  })
})
