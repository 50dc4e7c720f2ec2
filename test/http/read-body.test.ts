import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { readBody, releaseMemory } from '../../src/http/read-body.ts'
import { buildWebhookServer } from '../../src/http/webhook-server.ts'
import { CERTIFICATE } from './tls-client.ts'

const LIMIT = 300_000

/** Reads what is written in pieces; the server's tests have it with real connections. */
async function read(pieces: readonly Buffer[], length?: number): Promise<Buffer> {
  const stream = new PassThrough({ highWaterMark: LIMIT })
  const headers = length === undefined ? {} : { 'content-length': String(length) }
  const body = new Promise<Buffer>((resolve, reject) => {
    readBody({ headers, stream, limit: LIMIT }, (error, found) => (error ? reject(error) : resolve(found as Buffer)))
  })
  for (const piece of pieces) stream.write(Buffer.from(piece))
  stream.end()
  return body
}

const filled = (byte: number, length: number) => Buffer.alloc(length, byte)

describe('a body', () => {
  test.each([
    ['in one piece', [filled(1, 100)]],
    ['in some small pieces', [filled(1, 3), filled(2, 4), filled(3, 5)]],
    ['in large pieces', [filled(1, 65_536), filled(2, 65_536), filled(3, 65_536), filled(4, 100)]],
    ['as large as may be', [filled(1, 250_000), filled(2, 50_000)]],
    ['empty', []],
  ])('%s is what was sent, whether its length is announced or not', async (_what, pieces) => {
    const whole = Buffer.concat(pieces)
    expect((await read(pieces, whole.length)).equals(whole)).toBe(true)
    expect((await read(pieces)).equals(whole)).toBe(true)
  })

  test('that is too long is a 413, announced or not, in one piece or more', async () => {
    await expect(read([], LIMIT + 1)).rejects.toMatchObject({ status: 413 })
    await expect(read([filled(1, LIMIT + 1)])).rejects.toMatchObject({ status: 413 })
    await expect(read([filled(1, LIMIT), filled(2, 1)])).rejects.toMatchObject({ status: 413 })
  })

  test('whose connection breaks is what it broke by', async () => {
    const stream = new PassThrough()
    const broken = new Promise((resolve) => readBody({ headers: {}, stream, limit: LIMIT }, (error) => resolve(error)))
    stream.write(filled(1, 10))
    stream.destroy(new Error('broken on purpose'))
    expect(await broken).toEqual(new Error('broken on purpose'))
  })
})

describe('memory', () => {
  test('of a large buffer is given back', () => {
    const buffer = Buffer.allocUnsafeSlow(100_000)
    releaseMemory(buffer)
    expect(buffer.buffer.byteLength).toBe(0)
  })

  test('of pieces is given back as they come', async () => {
    const stream = new PassThrough()
    const piece = Buffer.allocUnsafeSlow(50_000)
    const body = new Promise((resolve) =>
      readBody({ headers: {}, stream, limit: LIMIT }, (_error, found) => resolve(found)),
    )
    stream.end(piece)
    expect(((await body) as Buffer).length).toBe(50_000)
    expect(piece.buffer.byteLength).toBe(0)
  })

  test('of a body is given back once it is answered, and not before', async () => {
    const bodies: Buffer[] = []
    const lengths: number[] = []
    const { app } = buildWebhookServer({
      certificate: CERTIFICATE,
      review: async (body) => {
        bodies.push(body)
        await setImmediate()
        lengths.push(body.length)
        return '{}'
      },
      countBadRequest: () => {},
      startRequest: () => () => {},
      onFault: () => {},
    })
    const headers = { 'content-type': 'application/json' }
    await app.inject({ method: 'POST', url: '/mutate', headers, payload: filled(0x20, 10_000) })
    expect(lengths).toEqual([10_000])
    expect(bodies.map(({ buffer }) => buffer.byteLength)).toEqual([0])
    await app.close()
  })

  test('that others use too, or that is hardly any, is left alone', () => {
    const whole = Buffer.allocUnsafeSlow(100_000)
    releaseMemory(whole.subarray(0, 50_000))
    const small = Buffer.allocUnsafeSlow(100)
    releaseMemory(small)
    const shared = Buffer.from(new SharedArrayBuffer(100_000))
    releaseMemory(shared)
    expect([whole, small, shared].map(({ buffer }) => buffer.byteLength)).toEqual([100_000, 100, 100_000])
  })
})
