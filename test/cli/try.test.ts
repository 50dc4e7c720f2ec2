import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { podDiff } from '../../src/cli/pod-diff.ts'
import { readSample } from '../../src/cli/samples.ts'
import { CERTIFICATE, ISSUED, serverWith } from '../http/tls-client.ts'
import { newFolder, runInProcess } from './cli-run.ts'

let caFile: string
beforeAll(async () => {
  caFile = join(await newFolder(), 'ca.crt')
  await writeFile(caFile, ISSUED.caPem)
})

/** Runs `try` against a server that answers as told. */
async function tryAgainst(status: number, body: string) {
  const server = createServer({ cert: CERTIFICATE.certPem, key: CERTIFICATE.keyPem }, (_request, response) => {
    response.writeHead(status).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const run = runInProcess(['try', '--url', `https://127.0.0.1:${port}/mutate`, '--ca-file', caFile])
  const code = await run.returned
  server.close()
  return { code, stdout: run.stdout(), stderr: run.stderr() }
}

test('three Pods: the control plane is traced, the web server is traced, the collector is marked; with diffs', async () => {
  const server = await serverWith()
  const run = runInProcess(['try', '--url', `https://127.0.0.1:${server.port}/mutate`, '--ca-file', caFile])
  expect(await run.returned).toBe(0)
  const [destination = '', web = '', collector = ''] = run.stdout().split(/(?<=\n\n)(?=\S+\/\S+… )/)
  expect(destination).toMatch(/^linkerd\/linkerd-destination-\S+… .*\n {2}outcome: {3}traced\n {2}collector: /)
  expect(destination).toMatch(/^\+ +- -trace-collector=linkerd-collector\.linkerd-tracing\.svc\.cluster\.local:55678$/m)
  expect(web).toMatch(/^emojivoto\/web-\S+… .*\n {2}outcome: {3}traced\n/)
  expect(web).toMatch(
    /^\+ +value: linkerd-collector\.linkerd-tracing\.serviceaccount\.identity\.linkerd\.cluster\.local$/m,
  )
  expect(web).toMatch(/warning: +.*dry run/)
  expect(collector).toMatch(/^linkerd-tracing\/linkerd-collector-\S+… .*\n {2}outcome: {3}marked\n/)
  expect(collector).toMatch(/^\+ {4}linkerd\.io\/inject: enabled$/m)
  // No terminal, no colour; and only additions.
  expect(run.stdout()).not.toContain('\u001b')
  expect(run.stdout()).not.toMatch(/^-/m)
  expect(server.logged.filter((line) => line['dryRun'] === true)).toHaveLength(3)
})

test('no server: a sentence that says how to start one', async () => {
  const server = await serverWith()
  await server.close()
  const url = `https://127.0.0.1:${server.port}/mutate`
  const run = runInProcess(['try', '--url', url, '--ca-file', caFile])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toBe(
    `error: no server listens at ${url}: start one with npm start (linkerd-tracing serve), or name another by --url\n`,
  )
})

test('no CA file: a sentence that says who writes it', async () => {
  const run = runInProcess(['try', '--ca-file', '/nowhere/ca.crt'])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toMatch(/^error: \/nowhere\/ca\.crt cannot be read: ENOENT.*--ca-file\n$/)
})

test('a server of another CA: a sentence with the file', async () => {
  const server = await serverWith()
  const other = join(await newFolder(), 'certs')
  const serve = runInProcess(['serve', '--port', '0', '--admin-port', '0', '--cert-dir', other])
  await serve.returned
  const url = `https://127.0.0.1:${server.port}/mutate`
  const run = runInProcess(['try', '--url', url, '--ca-file', join(other, 'ca.crt')])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toContain(
    `error: the certificate of ${url} is not trusted by ${join(other, 'ca.crt')} (--ca-file): `,
  )
  serve.signals.emit('SIGINT')
  await serve.exited
})

test('a host that does not exist: a sentence with the flag', async () => {
  const run = runInProcess(['try', '--url', 'https://nowhere.invalid/mutate', '--ca-file', caFile])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toMatch(/^error: https:\/\/nowhere\.invalid\/mutate cannot be reached \(--url\): /)
})

test('settings that are wrong, and variables that are none', async () => {
  const run = runInProcess(['try', '--url', 'http://x'])
  expect(await run.returned).toBe(1)
  expect(run.stderr()).toMatch(/^error: 1 setting is wrong:\n {2}--url .*must be an https:\/\/ URL\n$/)
  const warned = runInProcess(['try', '--ca-file', '/nowhere'], { LINKERD_TRACING_UURL: 'x' })
  await warned.returned
  expect(warned.stderr()).toMatch(/^warning: LINKERD_TRACING_UURL is no setting .* LINKERD_TRACING_URL\n/)
})

test('answers that are none', async () => {
  const refused = await tryAgainst(503, 'not now\n')
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/answered with status 503: not now\n$/) })
  const garbage = await tryAgainst(200, 'x')
  expect(garbage).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/answered with what is no AdmissionReview: /),
  })
  const empty = await tryAgainst(200, '{}')
  expect(empty).toMatchObject({ code: 1, stderr: expect.stringMatching(/there is no response in it\n$/) })
})

test('an answer with nothing in it changes nothing', async () => {
  const { code, stdout } = await tryAgainst(200, '{"response":{"allowed":true}}')
  expect(code).toBe(0)
  expect(stdout).toMatch(/outcome: {3}unknown\n\n {2}\(nothing changes\)\n/)
})

test('on a terminal additions are green, removals red, places blue', () => {
  const diff = podDiff({ a: 1 }, [{ op: 'replace', path: '/a', value: 2 }], true)
  expect(diff.split('\n').slice(0, 3)).toEqual([
    '\u001b[36m@@ -1,1 +1,1 @@\u001b[39m',
    '\u001b[31m-a: 1\u001b[39m',
    '\u001b[32m+a: 2\u001b[39m',
  ])
})

test('the Pod that a diff is made of stays as it is; a patch that does not apply is an error', () => {
  const pod = parse('{ a: { b: 1 } }') as object
  podDiff(pod, [{ op: 'remove', path: '/a/b' }], false)
  expect(pod).toEqual({ a: { b: 1 } })
  expect(() => podDiff(pod, [{ op: 'remove', path: '/x/y' }], false)).toThrowError()
})

test('a sample that the package came without is named', () => {
  expect(() => readSample('none.yaml')).toThrowError('the sample none.yaml is not there: the package is incomplete')
})
