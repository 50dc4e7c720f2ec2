// Item 4: authentication as it is now, connections that are kept, and errors that say what to do.
import { chmod, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ApiClient, type ApiRequest, createApiClient } from '../../src/kubernetes/api-client.ts'
import { findCluster } from '../../src/kubernetes/find-cluster.ts'
import { issueCertificate } from '../../src/tls/issue-certificate.ts'
import { newFolder } from '../cli/cli-run.ts'
import { answer, ScriptedApi } from './scripted-api.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const signal = new AbortController().signal
const list: ApiRequest = {
  resource: { verb: 'list', root: '/api/v1', plural: 'namespaces' },
  idleMs: 2_000,
  signal,
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function clientOf(config: KubeConfig): ApiClient {
  const client = createApiClient(config)
  closing.push(() => client.close())
  return client
}

function plainConfig(port: number, path = ''): KubeConfig {
  const config = new KubeConfig()
  const server = `http://127.0.0.1:${port}${path}`
  config.loadFromClusterAndUser({ name: 'c', server, skipTLSVerify: true }, { name: 'u' })
  return config
}

describe('in a Pod', () => {
  const dates = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) }
  let folder: string
  let seen: IncomingMessage['headers'][]
  let server: ReturnType<typeof createTlsServer>
  let env: Record<string, string>

  beforeEach(async () => {
    folder = await newFolder()
    seen = []
    const { caPem, certPem, keyPem } = await issueCertificate({ names: ['127.0.0.1'], ...dates })
    server = createTlsServer({ cert: certPem, key: keyPem }, (request, response) => {
      seen.push(request.headers)
      answer(response, {})
    })
    env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(await listen(server)) }
    await writeFile(join(folder, 'ca.crt'), caPem)
    await writeFile(join(folder, 'token'), 'first')
  })
  const client = () => clientOf(findCluster({ env, serviceAccountDirectory: folder }))

  test('the ServiceAccount’s token and CA are used', async () => {
    await client().fetchJson(list)
    expect(seen[0]?.authorization).toBe('Bearer first')
  })

  test('an API server of another CA is not spoken to', async () => {
    const { caPem } = await issueCertificate({ names: ['127.0.0.1'], ...dates })
    await writeFile(join(folder, 'ca.crt'), caPem)
    await expect(client().fetchJson(list)).rejects.toThrow(/certificate|issuer|signature/i)
    expect(seen).toEqual([])
  })

  test('a CA that was replaced counts from the next connection on, without a restart', async () => {
    const api = client()
    await api.fetchJson(list)
    const { caPem, certPem, keyPem } = await issueCertificate({ names: ['127.0.0.1'], ...dates })
    await writeFile(join(folder, 'ca.crt'), caPem)
    server.setSecureContext({ cert: certPem, key: keyPem })
    server.closeAllConnections()
    await api.fetchJson(list)
    expect(seen).toHaveLength(2)
  })

  test('a token that was renewed is used within a minute', async () => {
    const api = client()
    await api.fetchJson(list)
    await writeFile(join(folder, 'token'), 'second')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    closing.push(() => vi.useRealTimers())
    await api.fetchJson(list)
    expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer first', 'Bearer second'])
  })
})

describe('connections', () => {
  test('are kept and used again', async () => {
    const sockets = new Set<unknown>()
    const server = createServer((request, response) => {
      sockets.add(request.socket)
      answer(response, {})
    })
    const client = clientOf(plainConfig(await listen(server)))
    for (let index = 0; index < 5; index += 1) await client.fetchJson(list)
    expect(sockets.size).toBe(1)
  })

  test('a kept one that the server closes just then costs nothing: the request is sent again', async () => {
    let answered = 0
    const server = createServer((request, response) => {
      answered += 1
      // The second request on a connection finds it dead.
      if (answered === 2) request.socket.resetAndDestroy()
      else answer(response, { answered })
    })
    const client = clientOf(plainConfig(await listen(server)))
    await client.fetchJson(list)
    expect(await client.fetchJson(list)).toEqual({ answered: 3 })
  })

  test('a patch is not sent twice', async () => {
    let answered = 0
    const server = createServer((request, response) => {
      answered += 1
      if (answered === 2) request.socket.resetAndDestroy()
      else answer(response, {})
    })
    const client = clientOf(plainConfig(await listen(server)))
    const resource = { verb: 'patch', root: '/api/v1', plural: 'namespaces', name: 'x' } as const
    await client.fetchJson(list)
    await expect(client.fetchJson({ ...list, resource, patch: [] })).rejects.toThrow(/ECONNRESET|hang up/)
    expect(answered).toBe(2)
  })

  test('one that is accepted and never answered is given up, before and after the headers', async () => {
    const mute = createTcpServer(() => {})
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    closing.push(() => mute.close())
    const { port } = mute.address() as AddressInfo
    const client = clientOf(plainConfig(port))
    await expect(client.fetchJson({ ...list, idleMs: 100 })).rejects.toThrow('went silent')
    const server = createServer((_, response) => response.write('{'))
    const half = clientOf(plainConfig(await listen(server)))
    await expect(half.fetchJson({ ...list, idleMs: 100 })).rejects.toThrow('went silent')
    const stream = await half.openStream({ ...list, idleMs: 100, silenceMs: 200 })
    const read = async () => {
      for await (const _ of stream);
    }
    await expect(read()).rejects.toThrow('went silent')
  })

  test('an aborted request ends with the reason, before, while and after it is sent', async () => {
    const server = createServer((_, response) => response.write('{'))
    const client = clientOf(plainConfig(await listen(server)))
    await expect(client.fetchJson({ ...list, signal: AbortSignal.abort(new Error('why')) })).rejects.toThrow('why')
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 50)
    await expect(client.fetchJson({ ...list, signal: controller.signal })).rejects.toThrow('enough')
  })

  test('an answer that nobody reads may break without harm', async () => {
    const server = createServer((_, response) => response.write('x'))
    const client = clientOf(plainConfig(await listen(server)))
    await client.openStream(list)
    server.closeAllConnections()
    await new Promise((resolve) => setTimeout(resolve, 50))
  })
})

describe('what is asked', () => {
  test('an API server below a path of its own is found', async () => {
    const api = new ScriptedApi()
    await api.start()
    closing.push(() => api.stop())
    api.intercepts.push((_, response) => answer(response, {}))
    await clientOf(plainConfig(api.port, '/k8s/clusters/c-1/')).fetchJson(list)
    expect(api.requests[0]?.path).toBe('/k8s/clusters/c-1/api/v1/namespaces')
    expect(api.requests[0]?.headers['user-agent']).toBe('linkerd-tracing')
  })

  test('in the name of another user and groups, where that is wished', async () => {
    const api = new ScriptedApi()
    await api.start()
    closing.push(() => api.stop())
    api.intercepts.push((_, response) => answer(response, {}))
    const client = createApiClient(plainConfig(api.port), { user: 'jane', groups: ['dev', 'ops'] })
    await client.fetchJson(list)
    client.close()
    await clientOf(plainConfig(api.port)).fetchJson(list)
    const [asked, plain] = api.requests.map(({ headers }) => headers)
    expect(asked).toMatchObject({ 'impersonate-user': 'jane', 'impersonate-group': 'dev, ops' })
    expect(Object.keys(plain ?? {}).filter((name) => name.startsWith('impersonate'))).toEqual([])
  })

  test('the warnings of an answer are told, one by one and unquoted', async () => {
    const server = createServer((_, response) => {
      response.setHeader('warning', ['299 - "one, with \\"quotes\\" and a \\\\"', '299 - "two"', '199 - "not ours"'])
      response.end('{}')
    })
    const warnings: string[] = []
    const onWarning = (text: string) => warnings.push(text)
    await clientOf(plainConfig(await listen(server))).fetchJson({ ...list, onWarning })
    expect(warnings).toEqual(['one, with "quotes" and a \\', 'two'])
  })

  test('a kubeconfig without a cluster is refused', () => {
    expect(() => createApiClient(new KubeConfig())).toThrow('the kubeconfig names no current cluster')
  })

  test('credentials that never come are waited for no longer than the request may take', async () => {
    const folder = await newFolder()
    const program = join(folder, 'hang')
    await writeFile(program, '#!/bin/sh\nexec sleep 3\n')
    await chmod(program, 0o755)
    const config = new KubeConfig()
    config.loadFromClusterAndUser(
      { name: 'c', server: 'http://127.0.0.1:1', skipTLSVerify: true },
      { name: 'u', exec: { command: program, apiVersion: 'client.authentication.k8s.io/v1' } },
    )
    const startedAt = Date.now()
    await expect(clientOf(config).fetchJson({ ...list, signal: AbortSignal.timeout(200) })).rejects.toThrow(/timeout/)
    expect(Date.now() - startedAt).toBeLessThan(1_500)
  })
})

describe('refusals', () => {
  const refusedWith = async (handle: (response: ServerResponse) => unknown, request = list) => {
    const client = clientOf(plainConfig(await listen(createServer((_, response) => void handle(response)))))
    return client.fetchJson(request).then(
      () => undefined,
      (error: Error) => error,
    )
  }

  test('a 403 names the right that is missing, and what the API server said', async () => {
    const resource = { verb: 'get', root: '/api/v1', plural: 'configmaps', namespace: 'linkerd', name: 'x' } as const
    const status = JSON.stringify({ kind: 'Status', message: 'User "u" cannot get' })
    const error = await refusedWith((response) => response.writeHead(403).end(status), { ...list, resource })
    expect(error).toMatchObject({
      status: 403,
      message:
        'cannot get configmaps "x" in namespace "linkerd": HTTP 403: the right to get configmaps "x" in namespace "linkerd" is missing (User "u" cannot get)',
    })
  })

  test.each([
    ['an empty body', '', 'cannot list namespaces: HTTP 502'],
    [
      'a page of a proxy',
      '<html>\n<b>Bad\tGateway</b>',
      'cannot list namespaces: HTTP 502 (<html> <b>Bad Gateway</b>)',
    ],
    ['a Status without a message', '{"kind":"Status"}', 'cannot list namespaces: HTTP 502 ({"kind":"Status"})'],
    [
      'one that would steer a terminal',
      JSON.stringify({ kind: 'Status', message: 'denied\u001b[2J by\u202e a webhook' }),
      'cannot list namespaces: HTTP 502 (denied [2J by a webhook)',
    ],
    ['a long one', 'x'.repeat(100_000), `cannot list namespaces: HTTP 502 (${'x'.repeat(300)})`],
    ['one without end', 'x'.repeat(200_000), /^cannot list namespaces: HTTP 502/],
  ])('%s is told in one short line', async (_, body, message) => {
    const error = await refusedWith((response) => response.writeHead(502).end(body))
    if (typeof message === 'string' && body.length < 65_536) expect(error?.message).toBe(message)
    else expect(error?.message.length).toBeLessThan(400)
  })

  test('an answer that is no JSON, or cut off, is an error', async () => {
    expect(await refusedWith((response) => response.end('no'))).toMatchObject({ name: 'BrokenAnswerError' })
    const cut = await refusedWith((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"items":')
      setTimeout(() => response.destroy(), 20)
    })
    expect(cut).toBeInstanceOf(Error)
  })

  test('a redirect is not followed: it would carry the token elsewhere', async () => {
    const error = await refusedWith((response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end())
    expect(error?.message).toContain('HTTP 302')
  })
})
