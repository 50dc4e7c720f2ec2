import { createServer, get, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, test as plainTest } from 'vitest'
import { type Balancer, type Replica, startBalancer } from './balancer.ts'
import { waitUntil } from './control-plane/wait-until.ts'

// Long enough to look between the change and its effect, also on a busy machine.
const LAG_MS = 500

// The tests mostly wait: all at once they take no longer than the longest of them.
const test = plainTest.concurrent

const opened: { close(): unknown }[] = []
afterAll(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

interface FakeReplica extends Replica {
  ready: boolean
  readonly server: Server
}

async function startReplica(): Promise<FakeReplica> {
  const server = createServer((request, response) => {
    if (request.url === '/ready') response.statusCode = replica.ready ? 200 : 503
    response.end(String(replica.port))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push({ close: () => server.close() && server.closeAllConnections() })
  const { port } = server.address() as AddressInfo
  const replica = { port, readyUrl: `http://127.0.0.1:${port}/ready`, ready: true, server }
  return replica
}

async function balance(...replicas: Replica[]): Promise<Balancer> {
  const balancer = await startBalancer({ lagMs: LAG_MS, pollMs: 20 })
  opened.push(balancer)
  for (const replica of replicas) balancer.follow(replica)
  return balancer
}

const targetsAre = (balancer: Balancer, ports: number[]) =>
  waitUntil({ what: `targets ${ports}`, limitMs: 10_000, context: () => `They are ${balancer.targets()}.` }, () => {
    return balancer.targets().toSorted().join() === ports.toSorted().join()
  })

/** Which replica answers a new connection; undefined when it is refused. */
function ask(balancer: Balancer): Promise<number | undefined> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port: balancer.port, agent: false }, async (response) => {
      resolve(Number(await text(response)))
    }).once('error', () => resolve(undefined))
  })
}

test('connections go to the ready replicas in turn', async ({ expect }) => {
  const [first, second] = [await startReplica(), await startReplica()]
  const balancer = await balance(first, second)
  await targetsAre(balancer, [first.port, second.port])
  const answers = [await ask(balancer), await ask(balancer), await ask(balancer), await ask(balancer)]
  expect(answers.toSorted()).toEqual([first.port, first.port, second.port, second.port].toSorted())
  expect(answers[0]).not.toBe(answers[1])
  expect(balancer.connections.get(first.port)).toBe(2)
})

test('a replica that becomes unready gets connections until the lag has passed, then none', async ({ expect }) => {
  const [first, second] = [await startReplica(), await startReplica()]
  const balancer = await balance(first, second)
  await targetsAre(balancer, [first.port, second.port])
  first.ready = false
  await sleep(LAG_MS / 5)
  expect(balancer.targets()).toContain(first.port)
  await targetsAre(balancer, [second.port])
  expect([await ask(balancer), await ask(balancer)]).toEqual([second.port, second.port])
})

test('a replica that becomes ready gets connections only after the lag', async ({ expect }) => {
  const replica = await startReplica()
  const start = performance.now()
  const balancer = await balance(replica)
  expect(await ask(balancer)).toBeUndefined()
  await targetsAre(balancer, [replica.port])
  expect(performance.now() - start).toBeGreaterThanOrEqual(LAG_MS)
})

test('a dead replica refuses connections until the lag has passed', async ({ expect }) => {
  const [first, second] = [await startReplica(), await startReplica()]
  const balancer = await balance(first, second)
  await targetsAre(balancer, [first.port, second.port])
  first.server.close()
  first.server.closeAllConnections()
  expect([await ask(balancer), await ask(balancer)].toSorted()).toEqual([second.port, undefined])
  await targetsAre(balancer, [second.port])
  expect(await ask(balancer)).toBe(second.port)
})

test('an open connection outlives its replica’s turn', async ({ expect }) => {
  const replica = await startReplica()
  const balancer = await balance(replica)
  await targetsAre(balancer, [replica.port])
  const open = connect(balancer.port, '127.0.0.1')
  opened.push({ close: () => open.destroy() })
  expect(await exchange(open)).toContain('200 OK')
  replica.ready = false
  await targetsAre(balancer, [])
  expect(await exchange(open)).toContain('200 OK')
})

test('hanging up ends what is open, and the next connection goes to the next replica', async ({ expect }) => {
  const [first, second] = [await startReplica(), await startReplica()]
  const balancer = await balance(first, second)
  await targetsAre(balancer, [first.port, second.port])
  const open = connect(balancer.port, '127.0.0.1')
  expect(await exchange(open)).toContain('200 OK')
  const ended = new Promise((resolve) => open.once('close', resolve))
  await balancer.hangUp()
  await ended
  expect(await ask(balancer)).toBe(balancer.targets()[1])
})

function exchange(socket: Socket): Promise<string> {
  socket.write('GET / HTTP/1.1\r\nHost: replica\r\n\r\n')
  return new Promise((resolve, reject) => {
    socket.once('data', (data) => resolve(data.toString())).once('close', () => reject(new Error('closed')))
  })
}

test('a replica that is not followed any more gets nothing at once', async ({ expect }) => {
  const replica = await startReplica()
  const balancer = await balance()
  const unfollow = balancer.follow(replica)
  await targetsAre(balancer, [replica.port])
  unfollow()
  expect(await ask(balancer)).toBeUndefined()
})
